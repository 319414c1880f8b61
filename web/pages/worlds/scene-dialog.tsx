import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { tellStoryTime } from '../../../contract/story-time.ts';
import type { ChangeScene } from '../../../contract/worlds.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { PlaceSelect } from './place-select.tsx';
import { StoryTimeInput } from './story-time-input.tsx';
import { worldQuery, worldsQuery } from './world-queries.ts';
import classes from './worlds.module.css';

type Scene = NonNullable<Conversation['scene']>;

/** In which world a conversation happens, and at which place and time of it. */
export function SceneDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation('worlds');
  const guard = useGuard();
  const { data: worlds = [] } = useQuery(worldsQuery);
  const { id, scene } = conversation;
  const choose = (worldId: string | null) => guard(api.call('chooseWorld', { params: { id }, body: { worldId } }));
  return (
    <Sheet title={t('scene')} onClose={onClose}>
      <Stack>
        <NativeSelect
          label={t('world')}
          description={worlds.length === 0 ? t('empty') : t('sceneHint')}
          value={scene?.worldId ?? ''}
          data={[
            { value: '', label: t('noWorld') },
            ...worlds.map((world) => ({ value: world.id, label: world.name })),
          ]}
          onChange={(event) => void choose(event.currentTarget.value || null)}
        />
        {worlds.length === 0 && <Link to="/worlds">{t('title')}</Link>}
        {scene && <SceneForm key={scene.worldId} conversationId={id} scene={scene} onClose={onClose} />}
      </Stack>
    </Sheet>
  );
}

function SceneForm({ conversationId, scene, onClose }: { conversationId: string; scene: Scene; onClose: () => void }) {
  const { t } = useTranslation(['worlds', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: world } = useQuery(worldQuery(scene.worldId));
  const [placeId, setPlaceId] = useState(scene.place?.id ?? null);
  const [time, setTime] = useState(scene.time);
  const [wholeWorld, setWholeWorld] = useState(false);
  const isMoved = placeId !== (scene.place?.id ?? null);
  const isLater = time !== scene.time;

  async function change(body: ChangeScene): Promise<void> {
    const done = await guard(api.call('changeScene', { params: { id: conversationId }, body }));
    if (!done) return;
    void queryClient.invalidateQueries({ queryKey: ['worlds'] });
    onClose();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void change({ ...(isMoved ? { placeId } : {}), ...(isLater ? { time, wholeWorld } : {}) });
      }}
    >
      <Stack>
        <PlaceSelect label={t('worlds:where')} places={world?.places ?? []} value={placeId} onChange={setPlaceId} />
        <StoryTimeInput value={time} onChange={setTime} />
        {isLater && time.trim() !== '' && (
          <Checkbox
            label={t('worlds:wholeWorld')}
            checked={wholeWorld}
            onChange={(event) => setWholeWorld(event.currentTarget.checked)}
          />
        )}
        {scene.ownTime && world && world.time !== '' && (
          <div className={classes['row']}>
            <Button variant="subtle" size="compact-md" onClick={() => void change({ time: null })}>
              {t('worlds:followWorld', { time: tellStoryTime(world.time, currentLocale()) })}
            </Button>
          </div>
        )}
      </Stack>
      <ButtonRow>
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/worlds/$worldId" params={{ worldId: scene.worldId }} />}
        >
          {t('worlds:openWorld')}
        </Button>
        <Button type="submit" disabled={!isMoved && !isLater}>
          {t('worlds:moveScene')}
        </Button>
      </ButtonRow>
    </form>
  );
}
