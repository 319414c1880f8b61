import { Button, TagsInput, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STATEMENT_LIMIT, STORY_TIME_LIMIT } from '../../../contract/worlds.ts';
import type { AddFact, World, WorldFact } from '../../../contract/worlds.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { PlaceSelect } from './place-select.tsx';

export interface FactSheetProps {
  world: World;
  title: string;
  /** Absent for a new one. */
  fact?: Pick<WorldFact, 'statement' | 'about' | 'placeId' | 'since'>;
  saveLabel: string;
  onSave: (fact: AddFact) => Promise<void>;
  onClose: () => void;
}

/** Words a fact: what is true, of whom and where, since when. */
export function FactSheet({ world, title, fact, saveLabel, onSave, onClose }: FactSheetProps) {
  const { t } = useTranslation(['worlds', 'common']);
  const [statement, setStatement] = useState(fact?.statement ?? '');
  const [about, setAbout] = useState(fact?.about ?? []);
  const [placeId, setPlaceId] = useState(fact?.placeId ?? null);
  const [since, setSince] = useState(fact?.since ?? world.time);
  return (
    <Sheet title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void onSave({ statement, about, placeId, since });
        }}
      >
        <Stack>
          <Textarea
            data-autofocus
            label={t('worlds:statement')}
            value={statement}
            rows={3}
            maxLength={STATEMENT_LIMIT}
            required
            onChange={(event) => setStatement(event.currentTarget.value)}
          />
          <TagsInput
            label={t('worlds:aboutWhom')}
            description={t('worlds:aboutWhomHint')}
            value={about}
            maxTags={20}
            onChange={setAbout}
          />
          <PlaceSelect label={t('worlds:where')} places={world.places} value={placeId} onChange={setPlaceId} />
          <TextInput
            label={t('worlds:since')}
            value={since}
            maxLength={STORY_TIME_LIMIT}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={statement.trim() === ''}>
            {saveLabel}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
