import { Button, NativeSelect } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../state/format.ts';
import { IconX } from '../../../ui/icons.ts';
import classes from '../developers.module.css';
import own from './playground.module.css';
import type { Measures, ToolCall, Turn } from './playground-types.ts';
import { AnswerCost } from './answer-cost.tsx';
import { SpeakAnswer } from './speak-answer.tsx';
import { ToolResults } from './tool-results.tsx';
import type { Column } from './use-columns.ts';

export interface PlaygroundColumnProps {
  column: Column;
  /** From 1. */
  place: number;
  names: readonly string[];
  removable: boolean;
  onChoose: (model: string) => void;
  onRemove: () => void;
  onResults: (results: readonly Turn[]) => void;
}

/** One model, what it was told and what it said. */
export function PlaygroundColumn({ column, place, names, removable, ...props }: PlaygroundColumnProps) {
  const { t } = useTranslation('developers');
  const headingId = useId();
  const { turns, live, fault, model } = column;
  const last = turns.at(-1);
  const waits = live === null && last?.role === 'assistant' && last.toolCalls.length > 0;
  return (
    <section className={own['column']} aria-labelledby={headingId}>
      <h2 id={headingId} className="visually-hidden">
        {model}
      </h2>
      <div className={classes['bar']}>
        <NativeSelect
          className={classes['grow'] ?? ''}
          label={t('playground.model', { place })}
          value={model}
          data={[...names]}
          onChange={(event) => props.onChoose(event.currentTarget.value)}
        />
        {removable && (
          <Button variant="subtle" aria-label={t('playground.removeModel', { model })} onClick={props.onRemove}>
            <IconX size={18} aria-hidden />
          </Button>
        )}
      </div>
      {turns.length === 0 && live === null && <p className={classes['soft']}>{t('playground.emptyColumn')}</p>}
      <ol className={own['turns']} aria-busy={live !== null}>
        {turns.map((turn, index) => (
          // Turns are only ever added.
          <li key={index} className={own['turn']} data-role={turn.role}>
            <TurnView turn={turn} />
          </li>
        ))}
        {live !== null && (
          <li className={own['turn']} data-role="assistant">
            <AnswerView text={live.text === '' ? t('playground.thinking') : live.text} toolCalls={live.toolCalls} />
          </li>
        )}
      </ol>
      {fault !== null && (
        <p role="alert" className={classes['fault']}>
          {fault}
        </p>
      )}
      {waits && <ToolResults key={last.toolCalls[0]?.id} calls={last.toolCalls} onResults={props.onResults} />}
    </section>
  );
}

function TurnView({ turn }: { turn: Turn }) {
  const { t } = useTranslation('developers');
  switch (turn.role) {
    case 'user':
      return (
        <>
          <span className={own['who']}>{t('playground.you')}</span>
          <p>{turn.text}</p>
          {turn.pictures.length > 0 && (
            <div className={own['pictures']}>
              {turn.pictures.map((url) => (
                <img key={url} src={url} alt={t('playground.pictureAlt')} />
              ))}
            </div>
          )}
        </>
      );
    case 'tool':
      return (
        <>
          <span className={own['who']}>{t('playground.result')}</span>
          <p>{turn.text}</p>
        </>
      );
    default:
      return (
        <>
          <AnswerView text={turn.text} toolCalls={turn.toolCalls} />
          {turn.stopped && <p className={classes['soft']}>{t('playground.stopped')}</p>}
          {turn.text !== '' && <SpeakAnswer text={turn.text} />}
          {turn.measures !== null && <MeasuresView measures={turn.measures} />}
        </>
      );
  }
}

function AnswerView({ text, toolCalls }: { text: string; toolCalls: readonly ToolCall[] }) {
  const { t } = useTranslation('developers');
  return (
    <>
      <span className={own['who']}>{t('playground.answer')}</span>
      {text !== '' && <p>{text}</p>}
      {toolCalls.map(({ id, name, input }) => (
        <div key={id} className={own['call']}>
          <span>{t('playground.calls', { name })}</span>
          <code>{input}</code>
        </div>
      ))}
    </>
  );
}

/** What came faster was there all at once, and says nothing of a pace. Milliseconds. */
const LEAST_WRITING_IN_MS = 200;

function MeasuresView({ measures }: { measures: Measures }) {
  const { t } = useTranslation('developers');
  const { firstWordsInMs, tookInMs, inputTokens, outputTokens } = measures;
  const facts = [
    ...(firstWordsInMs === null ? [] : [t('playground.firstWords', { time: formatNumber(firstWordsInMs) })]),
    t('playground.took', { time: formatNumber(tookInMs) }),
    ...(outputTokens === null
      ? []
      : [t('playground.tokens', { input: formatNumber(inputTokens ?? 0), output: formatNumber(outputTokens) })]),
    ...(outputTokens === null || firstWordsInMs === null || tookInMs - firstWordsInMs < LEAST_WRITING_IN_MS
      ? []
      : [t('playground.speed', { value: formatNumber((outputTokens * 1000) / (tookInMs - firstWordsInMs), 1) })]),
  ];
  return (
    <p className={classes['soft']}>
      {facts.join(' · ')}
      {measures.requestId !== null && <AnswerCost requestId={measures.requestId} />}
    </p>
  );
}
