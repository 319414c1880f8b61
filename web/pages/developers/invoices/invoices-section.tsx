import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invoice } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { formatNumber } from '../../../state/format.ts';
import { IconDownload } from '../../../ui/icons.ts';
import { LoadingPage } from '../../../ui/loading-page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { accountsQuery, booksSettingsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { formatMoney } from '../format-money.ts';
import { lastMonths } from './last-months.ts';

const invoiceQuery = (accountId: string, month: string) =>
  queryOptions({
    queryKey: ['platform', 'invoices', accountId, month],
    queryFn: ({ signal }) => api.call('invoice', { query: { accountId, month }, signal }),
    enabled: accountId !== '' && month !== '',
    placeholderData: keepPreviousData,
  });

/** What an account was billed in a month, to read and to take along. */
export function InvoicesSection() {
  const { t, i18n } = useTranslation('developers');
  const { data } = useQuery(accountsQuery);
  const { data: settings } = useQuery(booksSettingsQuery);
  const [chosenAccount, setAccount] = useState<string | null>(null);
  const [chosenMonth, setMonth] = useState<string | null>(null);
  const accounts = data?.accounts.filter(({ id }) => !id.startsWith('house:')) ?? [];
  const months = settings === undefined ? [] : lastMonths(Date.now(), settings.timeZone);
  const accountId = chosenAccount ?? accounts[0]?.id ?? '';
  const month = chosenMonth ?? months[0] ?? '';
  const { data: invoice } = useQuery(invoiceQuery(accountId, month));
  if (data === undefined || settings === undefined) return <LoadingPage />;
  if (accounts.length === 0) return <p className={classes['empty']}>{t('limits.noAccounts')}</p>;
  const named = new Intl.DateTimeFormat(i18n.language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  return (
    <>
      <Panel>
        <div className={classes['bar']}>
          <NativeSelect
            label={t('invoices.account')}
            value={accountId}
            data={accounts.map(({ id, label }) => ({ value: id, label: label ?? id }))}
            onChange={(event) => setAccount(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('invoices.month')}
            value={month}
            data={months.map((value) => ({ value, label: named.format(Date.parse(`${value}-01T00:00:00Z`)) }))}
            onChange={(event) => setMonth(event.currentTarget.value)}
          />
          <Downloads accountId={accountId} month={month} />
        </div>
        {invoice !== undefined && <Sums invoice={invoice} />}
      </Panel>
      {invoice?.rows.length === 0 && <p className={classes['empty']}>{t('invoices.empty')}</p>}
      {invoice !== undefined && invoice.rows.length > 0 && (
        <Panel title={t('invoices.rows')}>
          <Rows invoice={invoice} />
        </Panel>
      )}
    </>
  );
}

function Downloads({ accountId, month }: { accountId: string; month: string }) {
  const { t } = useTranslation('developers');
  const query = new URLSearchParams({ accountId, month }).toString();
  const icon = <IconDownload size={18} aria-hidden />;
  return (
    <>
      <Button
        variant="default"
        leftSection={icon}
        component="a"
        href={`/api/platform/invoices/csv?${query}`}
        download={`invoice-${month}.csv`}
      >
        {t('invoices.csv')}
      </Button>
      <Button
        variant="default"
        leftSection={icon}
        component="a"
        href={`/api/platform/invoices?${query}`}
        download={`invoice-${month}.json`}
      >
        {t('invoices.json')}
      </Button>
    </>
  );
}

function Sums({ invoice: { total, credits, opening, closing, currency } }: { invoice: Invoice }) {
  const { t } = useTranslation('developers');
  const facts = [
    { label: t('invoices.total'), value: total },
    { label: t('invoices.opening'), value: opening },
    { label: t('invoices.credits'), value: credits },
    { label: t('invoices.closing'), value: closing },
  ];
  return (
    <dl className={classes['totals']}>
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{formatMoney(value, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rows({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation('developers');
  return (
    // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['scroller']} role="region" aria-label={t('invoices.table')} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('usage.groups.model')}</th>
            <th scope="col" data-number>
              {t('usage.calls')}
            </th>
            <th scope="col" data-number>
              {t('usage.inputTokens')}
            </th>
            <th scope="col" data-number>
              {t('usage.outputTokens')}
            </th>
            <th scope="col" data-number>
              {t('usage.cost')}
            </th>
          </tr>
        </thead>
        <tbody>
          {invoice.rows.map(({ model, ref, calls, usage, cost }) => (
            <tr key={`${model} ${ref}`}>
              <th scope="row">{model}</th>
              <td data-number>{formatNumber(calls)}</td>
              <td data-number>{formatNumber(usage.inputTokens)}</td>
              <td data-number>{formatNumber(usage.outputTokens)}</td>
              <td data-number>{formatMoney(cost, invoice.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
