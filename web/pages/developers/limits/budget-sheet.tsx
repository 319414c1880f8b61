import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { budgetPeriodSchema, budgetScopeSchema } from '../../../../contract/platform-books.ts';
import type { BudgetScope, SaveBudget } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { usersQuery } from '../../../state/queries.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { budgetsQuery, modelsQuery, platformKeysQuery, teamsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { NANO } from '../format-money.ts';

/** Sets a budget for everything, or for a person, team, key or model. */
export function BudgetSheet({ currency, onClose }: { currency: string; onClose: () => void }) {
  const { t } = useTranslation(['developers', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [budget, setBudget] = useState<SaveBudget>({
    scope: 'all',
    subject: null,
    period: 'month',
    softLimit: null,
    hardLimit: null,
  });
  const change = (some: Partial<SaveBudget>) => setBudget({ ...budget, ...some });
  const ready =
    (budget.scope === 'all' || budget.subject !== null) && (budget.softLimit !== null || budget.hardLimit !== null);
  async function save(): Promise<void> {
    if ((await guard(api.call('createBudget', { body: budget }))) === undefined) return;
    await queryClient.invalidateQueries({ queryKey: budgetsQuery.queryKey });
    onClose();
  }
  return (
    <Sheet title={t('developers:limits.add')} onClose={onClose}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <SubjectFields budget={budget} onChange={change} />
        <NativeSelect
          label={t('developers:limits.period')}
          value={budget.period}
          data={budgetPeriodSchema.options.map((value) => ({ value, label: t(`developers:limits.periods.${value}`) }))}
          onChange={(event) => change({ period: budgetPeriodSchema.parse(event.currentTarget.value) })}
        />
        <LimitFields currency={currency} onChange={change} />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={!ready}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

interface SubjectFieldsProps {
  budget: SaveBudget;
  onChange: (some: Partial<SaveBudget>) => void;
}

function SubjectFields({ budget, onChange }: SubjectFieldsProps) {
  const { t } = useTranslation('developers');
  const subjects = useSubjects(budget.scope);
  return (
    <>
      <NativeSelect
        label={t('limits.scope')}
        value={budget.scope}
        data={budgetScopeSchema.options.map((value) => ({ value, label: t(`limits.scopes.${value}`) }))}
        onChange={(event) => onChange({ scope: budgetScopeSchema.parse(event.currentTarget.value), subject: null })}
      />
      {budget.scope !== 'all' && (
        <NativeSelect
          label={t('limits.subject')}
          value={budget.subject ?? ''}
          data={[{ value: '', label: t('limits.choose') }, ...subjects]}
          onChange={(event) => onChange({ subject: event.currentTarget.value || null })}
        />
      )}
    </>
  );
}

function LimitFields({ currency, onChange }: { currency: string; onChange: (some: Partial<SaveBudget>) => void }) {
  const { t } = useTranslation('developers');
  const money = (value: string | number) => (typeof value === 'number' ? Math.round(value * NANO) : null);
  const shared = { min: 0, decimalScale: 6, hideControls: true };
  return (
    <>
      <NumberInput
        {...shared}
        label={t('limits.soft', { currency })}
        description={t('limits.softHint')}
        onChange={(value) => onChange({ softLimit: money(value) })}
      />
      <NumberInput
        {...shared}
        label={t('limits.hard', { currency })}
        description={t('limits.hardHint')}
        onChange={(value) => onChange({ hardLimit: money(value) })}
      />
    </>
  );
}

/** Whose budget it may be. */
function useSubjects(scope: BudgetScope): { value: string; label: string }[] {
  const { data: users } = useQuery(usersQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: keys } = useQuery(platformKeysQuery);
  const { data: models } = useQuery(modelsQuery);
  switch (scope) {
    case 'user':
      return (users ?? []).map(({ id, name, username }) => ({ value: id, label: name || username || id }));
    case 'team':
      return (teams ?? []).map(({ id, name }) => ({ value: id, label: name }));
    case 'key':
      return (keys ?? []).map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` }));
    case 'model':
      return (models ?? []).map(({ id }) => ({ value: id, label: id }));
    default:
      return [];
  }
}
