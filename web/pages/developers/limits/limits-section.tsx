import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BookAccount } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { IconPlus } from '../../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../../ui/panel.tsx';
import { accountsQuery, budgetsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { formatMoney } from '../format-money.ts';
import { BooksPanel } from './books-panel.tsx';
import { BudgetBar } from './budget-bars.tsx';
import { BudgetSheet } from './budget-sheet.tsx';
import { CreditSheet } from './credit-sheet.tsx';
import { PlansPanel } from './plans-panel.tsx';

/** What may be spent: budgets, accounts with their credit, plans, and how the books are kept. The owner's to set. */
export function LimitsSection() {
  return (
    <>
      <BudgetsPanel />
      <AccountsPanel />
      <PlansPanel />
      <BooksPanel />
    </>
  );
}

function BudgetsPanel() {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data } = useQuery(budgetsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Panel title={t('limits.budgets')} lead={t('limits.budgetsLead')}>
      <div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('limits.add')}
        </Button>
      </div>
      {data?.budgets.length === 0 && <p className={classes['empty']}>{t('limits.empty')}</p>}
      <ul className={classes['calls']}>
        {data?.budgets.map((budget) => (
          <BudgetBar key={budget.id} budget={budget} currency={data.currency}>
            <Button
              variant="default"
              aria-label={t('limits.removeOf', { name: budget.label ?? budget.subject ?? t('limits.everything') })}
              onClick={() =>
                void guard(api.call('deleteBudget', { params: { id: budget.id } })).then(() =>
                  queryClient.invalidateQueries({ queryKey: budgetsQuery.queryKey }),
                )
              }
            >
              {t('limits.remove')}
            </Button>
          </BudgetBar>
        ))}
      </ul>
      {adding && <BudgetSheet currency={data?.currency ?? ''} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function AccountsPanel() {
  const { t } = useTranslation('developers');
  const { data } = useQuery(accountsQuery);
  const [giving, setGiving] = useState<BookAccount | null>(null);
  const accounts = data?.accounts.filter(({ id }) => !id.startsWith('house:'));
  return (
    <Panel title={t('limits.accounts')} lead={t('limits.accountsLead')}>
      {accounts?.length === 0 && <p className={classes['empty']}>{t('limits.noAccounts')}</p>}
      <PanelList>
        {accounts?.map((account) => (
          <PanelRow
            key={account.id}
            title={account.label ?? account.id}
            detail={[
              t('limits.balance', { value: formatMoney(account.balance, data?.currency ?? 'USD') }),
              account.available === null
                ? t('limits.unlimited')
                : t('limits.available', { value: formatMoney(account.available, data?.currency ?? 'USD') }),
            ].join(' · ')}
          >
            <Button
              variant="default"
              aria-label={t('limits.creditOf', { name: account.label ?? account.id })}
              onClick={() => setGiving(account)}
            >
              {t('limits.credit')}
            </Button>
          </PanelRow>
        ))}
      </PanelList>
      {giving !== null && (
        <CreditSheet account={giving} currency={data?.currency ?? 'USD'} onClose={() => setGiving(null)} />
      )}
    </Panel>
  );
}
