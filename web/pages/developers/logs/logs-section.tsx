import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeteredCallView } from '../../../../contract/metering.ts';
import { formatDateTime, formatNumber } from '../../../state/format.ts';
import { useMe } from '../../../state/use-me.ts';
import { LoadingPage } from '../../../ui/loading-page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { modelsQuery, platformKeysQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { useUsageWords } from './use-usage-words.ts';
import { formatMoney } from '../format-money.ts';
import { USAGE_SPANS } from '../usage/usage-view.ts';
import { WhoseUsage } from '../usage/whose-usage.tsx';
import type { UsageSpan } from '../usage/usage-view.ts';
import { CallSheet } from './call-sheet.tsx';
import { callLogQuery } from './call-log-query.ts';
import type { CallFilters } from './call-log-query.ts';
import { RequestLogPanel } from './request-log-panel.tsx';

/** Every call that was made, the newest first. */
export function LogsSection() {
  const { t } = useTranslation('developers');
  const me = useMe();
  const [filters, setFilters] = useState<CallFilters>({ span: 'week' });
  const [chosen, setChosen] = useState<MeteredCallView | null>(null);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(callLogQuery(filters));
  const calls = data?.pages.flatMap((page) => page.calls);
  const currency = data?.pages[0]?.currency ?? 'USD';
  return (
    <>
      <Panel>
        <Filters filters={filters} onChange={(some) => setFilters({ ...filters, ...some })} />
        {calls === undefined && <LoadingPage />}
        {calls?.length === 0 && <p className={classes['empty']}>{t('logs.empty')}</p>}
        <ul className={classes['calls']}>
          {calls?.map((call) => (
            <li key={call.id}>
              <CallRow call={call} currency={currency} onChoose={() => setChosen(call)} />
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <div>
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('logs.more')}
            </Button>
          </div>
        )}
      </Panel>
      {me.role === 'owner' && <RequestLogPanel />}
      {chosen !== null && <CallSheet call={chosen} currency={currency} onClose={() => setChosen(null)} />}
    </>
  );
}

function Filters({ filters, onChange }: { filters: CallFilters; onChange: (some: Partial<CallFilters>) => void }) {
  const { t } = useTranslation('developers');
  const { data: models } = useQuery(modelsQuery);
  const { data: keys } = useQuery(platformKeysQuery);
  const any = { value: '', label: t('logs.any') };
  return (
    <div className={classes['fields']}>
      <NativeSelect
        label={t('logs.span')}
        value={filters.span}
        data={(Object.keys(USAGE_SPANS) as UsageSpan[]).map((value) => ({ value, label: t(`usage.spans.${value}`) }))}
        onChange={(event) => onChange({ span: event.currentTarget.value as UsageSpan })}
      />
      <WhoseUsage teamId={filters.teamId} onChange={(teamId) => onChange({ teamId })} />
      <NativeSelect
        label={t('logs.model')}
        value={filters.model ?? ''}
        data={[any, ...(models ?? []).map(({ id }) => ({ value: id, label: id }))]}
        onChange={(event) => onChange({ model: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label={t('logs.key')}
        value={filters.keyId ?? ''}
        data={[any, ...(keys ?? []).map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` }))]}
        onChange={(event) => onChange({ keyId: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label={t('logs.outcome')}
        value={filters.outcome ?? ''}
        data={[
          any,
          ...(['done', 'stopped', 'failed'] as const).map((value) => ({ value, label: t(`logs.outcomes.${value}`) })),
        ]}
        onChange={(event) => onChange({ outcome: event.currentTarget.value || undefined })}
      />
    </div>
  );
}

interface CallRowProps {
  call: MeteredCallView;
  currency: string;
  onChoose: () => void;
}

function CallRow({ call, currency, onChoose }: CallRowProps) {
  const { t } = useTranslation('developers');
  const { outcome, usage, durationInMs } = call;
  const used = useUsageWords(usage);
  return (
    <button type="button" className={classes['callRow']} aria-haspopup="dialog" onClick={onChoose}>
      <span>
        {call.model}
        <br />
        <span className={classes['soft']}>
          {formatDateTime(call.startedAt)} · {t(`usage.kinds.${call.kind}`)} · {t(`usage.doors.${call.door}`)}
        </span>
      </span>
      <span className={classes['soft']}>{used}</span>
      {durationInMs !== null && (
        <span className={classes['soft']}>{t('logs.ms', { time: formatNumber(durationInMs) })}</span>
      )}
      <span>{formatMoney(call.cost, currency)}</span>
      <span className={classes['tag']} data-kind={outcome === 'failed' ? 'bad' : undefined}>
        {t(`logs.outcomes.${outcome ?? 'running'}`)}
      </span>
    </button>
  );
}
