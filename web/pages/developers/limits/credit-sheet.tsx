import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BookAccount } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import classes from '../developers.module.css';
import { NANO } from '../format-money.ts';

export interface CreditSheetProps {
  account: BookAccount;
  currency: string;
  onClose: () => void;
}

/** Gives an account credit, or takes back what was not spent, and says how far below zero it may go. */
export function CreditSheet({ account, currency, onClose }: CreditSheetProps) {
  const { t } = useTranslation(['developers', 'common']);
  const [amount, setAmount] = useState<number | null>(null);
  const [note, setNote] = useState('');
  const [limit, setLimit] = useState<number | null>(account.creditLimit);
  const save = useSaveCredit(account, onClose);
  return (
    <Sheet title={t('developers:limits.creditOf', { name: account.label ?? account.id })} onClose={onClose}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void save({ amount, note, limit });
        }}
      >
        <NumberInput
          label={t('developers:limits.amount', { currency })}
          description={t('developers:limits.amountHint')}
          decimalScale={6}
          hideControls
          value={amount ?? ''}
          onChange={(value) => setAmount(typeof value === 'number' ? value : null)}
        />
        <TextInput
          label={t('developers:limits.note')}
          value={note}
          maxLength={500}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Checkbox
          size="md"
          label={t('developers:limits.noLimit')}
          checked={limit === null}
          onChange={(event) => setLimit(event.currentTarget.checked ? null : 0)}
        />
        {limit !== null && (
          <NumberInput
            label={t('developers:limits.belowZero', { currency })}
            min={0}
            decimalScale={6}
            hideControls
            value={limit / NANO}
            onChange={(value) => setLimit(typeof value === 'number' ? Math.round(value * NANO) : 0)}
          />
        )}
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit">{t('common:save')}</Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

interface CreditDraft {
  amount: number | null;
  note: string;
  limit: number | null;
}

function useSaveCredit(account: BookAccount, onSaved: () => void): (draft: CreditDraft) => Promise<void> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  const params = { id: account.id };
  return async ({ amount, note, limit }) => {
    if (limit !== account.creditLimit) {
      const limited = await guard(api.call('changeBookAccount', { params, body: { creditLimit: limit } }));
      if (limited === undefined) return;
    }
    const body = { amount: Math.round((amount ?? 0) * NANO), note: note.trim() === '' ? '—' : note };
    if (body.amount !== 0 && (await guard(api.call('giveCredit', { params, body }))) === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['platform', 'accounts'] });
    onSaved();
  };
}
