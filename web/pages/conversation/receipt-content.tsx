import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../contract/characters.ts';
import type { Receipt } from '../../../contract/messages.ts';
import { formatNumber } from '../../state/format.ts';
import { receiptQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { formatMoney } from '../developers/format-money.ts';
import { ReceiptFiles } from './files/receipt-files.tsx';
import { segmentColor, useSegmentLabel } from './receipt-segments.ts';
import { SpokenTimes } from './receipt-spoken.tsx';
import classes from './receipt.module.css';

const ReceiptMemory = lazy(async () => ({ default: (await import('./memory/receipt-memory.tsx')).ReceiptMemory }));

export interface ReceiptContentProps {
  messageId: string | null;
  character: CharacterSummary;
  /** Opens the exact prompt of a reply. */
  onInspect: (messageId: string) => void;
}

export function ReceiptContent({ messageId, character, onInspect }: ReceiptContentProps) {
  const { t } = useTranslation(['talk', 'inspector']);
  const errorText = useErrorText();
  const query = useQuery({ ...receiptQuery(messageId ?? ''), enabled: messageId !== null });
  if (messageId === null) return <p className={classes['hint']}>{t('receipt.choose')}</p>;
  if (query.isError) return <p className={classes['hint']}>{errorText(query.error)}</p>;
  if (query.data === undefined) return <div className={classes['bar']} aria-busy />;
  return (
    <>
      <ReceiptDetails receipt={query.data} character={character} />
      <div className={classes['inspect']}>
        <Button variant="default" fullWidth onClick={() => onInspect(messageId)}>
          {t('inspector:open')}
        </Button>
      </div>
    </>
  );
}

function ReceiptDetails({ receipt, character }: { receipt: Receipt; character: CharacterSummary }) {
  const { t } = useTranslation('talk');
  const segmentLabel = useSegmentLabel();
  const { tokens, segments, dropped } = receipt;
  return (
    <div>
      <SegmentBar receipt={receipt} />
      <h3 className={classes['heading']}>
        {t('receipt.prompt', { count: tokens.prompt, tokens: formatNumber(tokens.prompt) })}
      </h3>
      <dl className={classes['list']}>
        {segments.map((segment, index) => (
          // The same kind may come twice; its place in the prompt tells them apart.
          <Line
            key={`${segment.kind}-${index}`}
            label={segmentLabel(segment)}
            owner={segment.owner}
            color={segmentColor(segment.kind)}
          >
            {formatNumber(segment.tokens)}
          </Line>
        ))}
      </dl>
      <p className={classes['hint']}>
        {t('receipt.room', { used: formatNumber(tokens.prompt), total: formatNumber(tokens.contextLength) })}
        {!tokens.exact && ` ${t('receipt.estimated')}`}
      </p>
      {dropped.length > 0 && (
        <>
          <h3 className={classes['heading']}>{t('receipt.dropped')}</h3>
          <dl className={classes['list']}>
            {dropped.map((part, index) => (
              <Line key={`${part.kind}-${index}`} label={segmentLabel({ ...part, stable: false })}>
                {formatNumber(part.tokens)}
              </Line>
            ))}
          </dl>
        </>
      )}
      {receipt.memory !== undefined && (
        <Suspense>
          <ReceiptMemory memory={receipt.memory} character={character} />
        </Suspense>
      )}
      {receipt.files !== undefined && <ReceiptFiles files={receipt.files} />}
      {receipt.spoken !== undefined && <SpokenTimes spoken={receipt.spoken} />}
      <Times receipt={receipt} />
      <ModelLines receipt={receipt} />
    </div>
  );
}

/** How the prompt filled the model's room; the numbers stand in the list below it. */
function SegmentBar({ receipt: { segments, tokens } }: { receipt: Receipt }) {
  const whole = Math.max(1, tokens.prompt);
  return (
    <div className={classes['bar']} aria-hidden>
      {segments.map((segment, index) => (
        <i
          key={`${segment.kind}-${index}`}
          style={{ width: `${(segment.tokens / whole) * 100}%`, background: segmentColor(segment.kind) }}
        />
      ))}
    </div>
  );
}

function Times({ receipt: { timings, tokens, stateSource, cost } }: { receipt: Receipt }) {
  const { t } = useTranslation(['talk', 'common']);
  const duration = (ms: number) =>
    ms < 1_000
      ? t('common:duration.milliseconds', { value: formatNumber(ms) })
      : t('common:duration.seconds', { value: formatNumber(ms / 1_000, 2) });
  return (
    <>
      <h3 className={classes['heading']}>{t('talk:receipt.time')}</h3>
      <dl className={classes['list']}>
        {timings.firstTokenInMs !== null && (
          <Line label={t('talk:receipt.firstWord')}>{duration(timings.firstTokenInMs)}</Line>
        )}
        {timings.queueInMs >= 10 && <Line label={t('talk:receipt.queue')}>{duration(timings.queueInMs)}</Line>}
        {tokens.evaluated !== null && (
          <Line label={t('talk:receipt.readAgain')}>
            {t('talk:receipt.readAgainOf', {
              evaluated: formatNumber(tokens.evaluated),
              total: formatNumber(tokens.prompt),
            })}
          </Line>
        )}
        {stateSource !== null && (
          <Line label={t('talk:receipt.state')}>{t(`talk:receipt.stateSource.${stateSource}`)}</Line>
        )}
        <Line label={t('talk:receipt.written')}>
          {t('talk:receipt.writtenTokens', { count: tokens.output, tokens: formatNumber(tokens.output) })}
        </Line>
        {timings.tokensPerSecond !== null && (
          <Line label={t('talk:receipt.speed')}>
            {t('talk:receipt.tokensPerSecond', { value: formatNumber(timings.tokensPerSecond, 1) })}
          </Line>
        )}
        <Line label={t('talk:receipt.total')}>{duration(timings.totalInMs)}</Line>
        {cost !== undefined && <Line label={t('talk:receipt.cost')}>{formatMoney(cost.amount, cost.currency)}</Line>}
      </dl>
    </>
  );
}

function ModelLines({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation('talk');
  const { model, preset, prompt, retried } = receipt;
  const place = model.place === 'local' || model.place === 'this computer' ? t('receipt.thisComputer') : model.place;
  const knownPreset = (['model', 'steady', 'balanced', 'lively'] as const).find((name) => name === preset);
  const style = knownPreset === undefined ? preset : t(`header.presets.${knownPreset}`);
  return (
    <>
      <h3 className={classes['heading']}>{t('receipt.model')}</h3>
      <p className={classes['model']}>{t('receipt.modelAt', { label: model.label, place })}</p>
      <p className={classes['hint']}>{[style, prompt?.presetName].filter(Boolean).join(' · ')}</p>
      {model.fallback && <p className={classes['hint']}>{t('receipt.fallback')}</p>}
      {retried && <p className={classes['hint']}>{t('receipt.retried')}</p>}
    </>
  );
}

interface LineProps {
  label: string;
  /** Who put it there, where the label does not say. */
  owner?: string | undefined;
  color?: string;
  children: ReactNode;
}

function Line({ label, owner = '', color, children }: LineProps) {
  return (
    <div className={classes['line']}>
      <dt>
        {color !== undefined && <i style={{ background: color }} aria-hidden />}
        {label}
        {owner !== '' && <small>{owner}</small>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
