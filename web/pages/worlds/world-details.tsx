import { Button, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { World } from '../../../contract/worlds.ts';
import { Panel } from '../../ui/panel.tsx';
import { Stack } from '../../ui/stack.tsx';
import { PersonaPicture } from '../personas/persona-picture.tsx';
import { StoryTimeInput } from './story-time-input.tsx';
import { useSaveWorld } from './use-world-change.ts';

/** Name, words, picture and time of a world. */
export function WorldDetails({ world }: { world: World }) {
  const { t } = useTranslation(['worlds', 'common']);
  const save = useSaveWorld(world);
  const [name, setName] = useState(world.name);
  const [description, setDescription] = useState(world.description);
  const [time, setTime] = useState(world.time);
  const [picture, setPicture] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const isChanged = name !== world.name || description !== world.description || time !== world.time || picture !== null;

  async function submit(): Promise<void> {
    setBusy(true);
    await save({ name, description, time, picture });
    setBusy(false);
  }

  return (
    <Panel title={t('worlds:about')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <PersonaPicture picture={picture} keptUrl={world.pictureUrl} seed={world.id} onChange={setPicture} />
          <TextInput
            label={t('worlds:name')}
            value={name}
            maxLength={100}
            required
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label={t('worlds:description')}
            description={t('worlds:descriptionHint')}
            value={description}
            rows={5}
            maxLength={20_000}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <StoryTimeInput value={time} onChange={setTime} />
          <div>
            <Button type="submit" loading={busy} disabled={!isChanged || name.trim() === ''}>
              {t('common:save')}
            </Button>
          </div>
        </Stack>
      </form>
    </Panel>
  );
}
