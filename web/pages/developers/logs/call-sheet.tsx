import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { parseJson } from '../../../../client/api-error.ts';
import type { MeteredCallView } from '../../../../contract/metering.ts';
import type { LoggedRequest } from '../../../../contract/request-log.ts';
import { api } from '../../../state/api.ts';
import { formatDateTime, formatNumber } from '../../../state/format.ts';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { CodePanel } from '../code-panel.tsx';
import classes from '../developers.module.css';
import { useUsageWords } from './use-usage-words.ts';
import { formatMoney } from '../format-money.ts';
import { prepareStart } from '../playground/playground-start.ts';
import { readRequest } from '../playground/read-request.ts';

export interface CallSheetProps {
  call: MeteredCallView;
  currency: string;
  onClose: () => void;
}

/** One call: what it used, cost and took, and, where bodies are kept, what was asked and answered. */
export function CallSheet({ call, currency, onClose }: CallSheetProps) {
  const { t } = useTranslation('developers');
  const { data: logged, isPending } = useQuery({
    queryKey: ['platform', 'request', call.requestId],
    queryFn: ({ signal }) => api.call('loggedRequest', { params: { id: call.requestId ?? '' }, signal }),
    enabled: call.requestId !== null,
    retry: false,
  });
  return (
    <Sheet title={t('logs.callTitle', { model: call.model })} onClose={onClose}>
      <Stack>
        <dl className={classes['facts']}>
          {useCallFacts(call, currency).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {logged !== undefined && <Bodies logged={logged} />}
        {logged === undefined && !isPending && <p className={classes['soft']}>{t('logs.noBodies')}</p>}
      </Stack>
    </Sheet>
  );
}

function useCallFacts(call: MeteredCallView, currency: string): [name: string, value: string][] {
  const { t } = useTranslation('developers');
  const { usage, firstTokenInMs, durationInMs } = call;
  const used = useUsageWords(usage);
  const facts: [string, string | null][] = [
    [t('logs.time'), formatDateTime(call.startedAt)],
    [t('logs.outcome'), t(`logs.outcomes.${call.outcome ?? 'running'}`)],
    [t('logs.error'), call.errorCode],
    [t('logs.answeredBy'), call.ref],
    [t('logs.usage'), used],
    [t('logs.cached'), usage.cachedInputTokens === 0 ? null : formatNumber(usage.cachedInputTokens)],
    [t('usage.cost'), formatMoney(call.cost, currency)],
    [t('logs.countedBy'), call.usageSource === null ? null : t(`logs.sources.${call.usageSource}`)],
    [t('logs.firstWords'), firstTokenInMs === null ? null : t('logs.ms', { time: formatNumber(firstTokenInMs) })],
    [t('logs.took'), durationInMs === null ? null : t('logs.ms', { time: formatNumber(durationInMs) })],
    [t('logs.requestId'), call.requestId],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

function Bodies({ logged }: { logged: LoggedRequest }) {
  const { t } = useTranslation('developers');
  const navigate = useNavigate();
  const start = readRequest(parseJson(logged.requestBody ?? ''));
  return (
    <>
      <p className={classes['soft']}>{t('logs.redacted')}</p>
      {logged.requestBody !== null && <CodePanel name={t('logs.request')} code={pretty(logged.requestBody)} />}
      {logged.responseBody !== null && <CodePanel name={t('logs.response')} code={pretty(logged.responseBody)} />}
      {start !== null && (
        <div>
          <Button
            onClick={() => {
              prepareStart(start);
              void navigate({ to: '/developers/$section', params: { section: 'playground' } });
            }}
          >
            {t('logs.replay')}
          </Button>
        </div>
      )}
    </>
  );
}

function pretty(body: string): string {
  const value = parseJson(body);
  return value === undefined ? body : JSON.stringify(value, null, 2);
}
