import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryFact } from '../../../contract/memory.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { useFactActions } from './use-fact-actions.ts';

/** Units a fact may have, as the server takes them. */
export const FACT_LENGTH = 1_000;

/** Corrects a fact in its place. */
export function FactEditor({ fact, onClose }: { fact: Pick<MemoryFact, 'id' | 'text'>; onClose: () => void }) {
  const { t } = useTranslation(['memory', 'common']);
  const { correct } = useFactActions();
  const [text, setText] = useState(fact.text);
  const [busy, setBusy] = useState(false);
  const words = text.trim();

  async function save(): Promise<void> {
    if (words === fact.text) return onClose();
    setBusy(true);
    if (await correct(fact, words)) onClose();
    else setBusy(false);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (words !== '') void save();
      }}
    >
      <Textarea
        label={t('memory:fact.editLabel')}
        description={t('memory:fact.editHint')}
        value={text}
        maxLength={FACT_LENGTH}
        autosize={false}
        rows={3}
        // The person asked to write here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      />
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={words === ''}>
          {t('common:save')}
        </Button>
      </ButtonRow>
    </form>
  );
}
