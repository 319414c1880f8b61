import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageReport } from '../../../../contract/platform-books.ts';
import { formatNumber } from '../../../state/format.ts';
import { IconDownload } from '../../../ui/icons.ts';
import { LoadingPage } from '../../../ui/loading-page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { budgetsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { formatMoney } from '../format-money.ts';
import { BudgetBar } from '../limits/budget-bars.tsx';
import { usageQuery } from './usage-query.ts';
import { USAGE_GROUPS, USAGE_MEASURES, USAGE_SPANS, chartOf, groupRows, usageCsv } from './usage-view.ts';
import type { UsageGroup, UsageMeasure, UsageSpan } from './usage-view.ts';
import { WhoseUsage } from './whose-usage.tsx';
import { UsageTable } from './usage-table.tsx';

const UsageChart = lazy(async () => ({ default: (await import('./usage-chart.tsx')).UsageChart }));

/** What was used and what it cost; counts on while it is open. */
export function UsageSection() {
  const { t } = useTranslation('developers');
  const [span, setSpan] = useState<UsageSpan>('month');
  const [group, setGroup] = useState<UsageGroup>('model');
  const [asked, setMeasure] = useState<UsageMeasure>();
  const [teamId, setTeamId] = useState<string>();
  const { data: report } = useQuery({ ...usageQuery(span, group, teamId), placeholderData: keepPreviousData });
  // Where everything is free, a chart of costs shows nothing.
  const measure = asked ?? (report?.total.cost === 0 ? 'tokens' : 'cost');
  return (
    <>
      <Panel>
        <div className={classes['bar']}>
          <NativeSelect
            label={t('usage.span')}
            value={span}
            data={(Object.keys(USAGE_SPANS) as UsageSpan[]).map((value) => ({
              value,
              label: t(`usage.spans.${value}`),
            }))}
            onChange={(event) => setSpan(event.currentTarget.value as UsageSpan)}
          />
          <NativeSelect
            label={t('usage.group')}
            value={group}
            data={USAGE_GROUPS.map((value) => ({ value, label: t(`usage.groups.${value}`) }))}
            onChange={(event) => setGroup(event.currentTarget.value as UsageGroup)}
          />
          <NativeSelect
            label={t('usage.measure')}
            value={measure}
            data={USAGE_MEASURES.map((value) => ({ value, label: t(`usage.measures.${value}`) }))}
            onChange={(event) => setMeasure(event.currentTarget.value as UsageMeasure)}
          />
          <WhoseUsage teamId={teamId} onChange={setTeamId} />
          {report !== undefined && <CsvButton report={report} />}
        </div>
        {report !== undefined && <Totals report={report} />}
      </Panel>
      <Budgets />
      {report === undefined && <LoadingPage />}
      {report !== undefined && report.rows.length === 0 && <p className={classes['empty']}>{t('usage.empty')}</p>}
      {report !== undefined && report.rows.length > 0 && (
        <Figures report={report} group={group} measure={measure} hourly={span === 'day'} />
      )}
    </>
  );
}

/** Those that hold for the reader. */
function Budgets() {
  const { t } = useTranslation('developers');
  const { data } = useQuery(budgetsQuery);
  if (data === undefined || data.budgets.length === 0) return null;
  return (
    <Panel title={t('limits.budgets')}>
      <ul className={classes['calls']}>
        {data.budgets.map((budget) => (
          <BudgetBar key={budget.id} budget={budget} currency={data.currency} />
        ))}
      </ul>
    </Panel>
  );
}

function Totals({ report: { total, currency } }: { report: UsageReport }) {
  const { t } = useTranslation('developers');
  const facts = [
    { label: t('usage.cost'), value: formatMoney(total.cost, currency) },
    { label: t('usage.calls'), value: formatNumber(total.calls) },
    { label: t('usage.failed'), value: formatNumber(total.failed) },
    { label: t('usage.inputTokens'), value: formatNumber(total.usage.inputTokens) },
    { label: t('usage.outputTokens'), value: formatNumber(total.usage.outputTokens) },
  ];
  return (
    <dl className={classes['totals']}>
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FiguresProps {
  report: UsageReport;
  group: UsageGroup;
  measure: UsageMeasure;
  hourly: boolean;
}

function Figures({ report, group, measure, hourly }: FiguresProps) {
  const { t, i18n } = useTranslation('developers');
  const nameOf = (name: string | null) => {
    if (name === null) return t('usage.none');
    if (group === 'door') return t(`usage.doors.${name}`, { defaultValue: name });
    if (group === 'purpose') return t(`usage.purposes.${name}`, { defaultValue: name });
    return group === 'kind' ? t(`usage.kinds.${name}`, { defaultValue: name }) : name;
  };
  const when = new Intl.DateTimeFormat(i18n.language, {
    timeZone: report.timeZone,
    ...(hourly ? { hour: '2-digit', minute: '2-digit' } : { month: 'short', day: 'numeric' }),
  });
  const { series, points } = chartOf(report.rows, measure, nameOf);
  return (
    <Panel title={t(`usage.measures.${measure}`)}>
      <Suspense fallback={<LoadingPage />}>
        <UsageChart
          points={points}
          series={series}
          measure={measure}
          currency={report.currency}
          restName={t('usage.rest')}
          formatTime={(at) => when.format(at)}
        />
      </Suspense>
      <UsageTable
        groups={groupRows(report.rows, measure)}
        currency={report.currency}
        heading={t(`usage.groups.${group}`)}
        nameOf={nameOf}
      />
    </Panel>
  );
}

function CsvButton({ report }: { report: UsageReport }) {
  const { t } = useTranslation('developers');
  const href = `data:text/csv;charset=utf-8,${encodeURIComponent(usageCsv(report))}`;
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={18} aria-hidden />}
      component="a"
      href={href}
      download="usage.csv"
    >
      {t('usage.csv')}
    </Button>
  );
}
