import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryFact } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import classes from './facts.module.css';
import { useMemoryChange } from './use-memory-change.ts';

export interface ForgetDialogProps {
  fact: Pick<MemoryFact, 'id' | 'text'> & { sources: readonly unknown[] };
  onClose: () => void;
}

/** Forgetting cannot be undone: says what goes, and asks whether its source goes from memory too. */
export function ForgetDialog({ fact, onClose }: ForgetDialogProps) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const [scope, setScope] = useState<'fact' | 'source'>('fact');
  const [never, setNever] = useState(false);
  const [busy, setBusy] = useState(false);

  async function forget(): Promise<void> {
    setBusy(true);
    const query = { scope, never: never ? 'true' : undefined };
    const done = await change(api.call('forgetMemoryFact', { params: { id: fact.id }, query }));
    setBusy(false);
    if (done === undefined) return;
    showToast({ text: t('memory:forget.done') });
    onClose();
  }

  return (
    <Sheet title={t('memory:forget.title')} onClose={onClose}>
      <Stack>
        <blockquote className={classes['quote']}>{fact.text}</blockquote>
        {fact.sources.length > 0 && (
          <RadioChoices
            label={t('memory:forget.scope')}
            value={scope}
            choices={[
              { value: 'fact', label: t('memory:forget.fact'), hint: t('memory:forget.factHint') },
              { value: 'source', label: t('memory:forget.source'), hint: t('memory:forget.sourceHint') },
            ]}
            onChange={setScope}
          />
        )}
        <Checkbox
          size="md"
          label={t('memory:forget.never')}
          description={t('memory:forget.neverHint')}
          checked={never}
          onChange={(event) => setNever(event.currentTarget.checked)}
        />
        <p className={classes['hint']}>{t('memory:forget.final')}</p>
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common:cancel')}
        </Button>
        <Button loading={busy} onClick={() => void forget()}>
          {t('memory:fact.forget')}
        </Button>
      </ButtonRow>
    </Sheet>
  );
}
