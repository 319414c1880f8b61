import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import { segmentColor } from '../conversation/receipt-segments.ts';
import type { ComparedRow, PromptLine } from './compare-prompts.ts';
import { changedWords } from './changed-words.ts';
import type { WordRun } from './changed-words.ts';
import classes from './inspector.module.css';

export interface ComparedLineProps {
  row: ComparedRow;
  unified: boolean;
}

/** One line of two prompts. What differs is marked by a sign and a ground, not by colour alone. */
export function ComparedLine({ row, unified }: ComparedLineProps) {
  const { t } = useTranslation('inspector');
  if (row.type === 'same') {
    if (unified) return <Line line={row.line} sign="" label="" />;
    return (
      <div className={classes['pair']}>
        <Line line={row.line} sign="" label="" />
        {/* The same words a second time are for the eye. */}
        <div aria-hidden>
          <Line line={row.line} sign="" label="" />
        </div>
      </div>
    );
  }
  const { left, right } = row;
  const words = left !== null && right !== null ? changedWords(left.text, right.text) : null;
  return (
    <div className={unified ? undefined : classes['pair']}>
      {left === null ? (
        !unified && <Missing />
      ) : (
        <Line line={left} sign="−" label={t('onlyOther')} runs={words?.left} />
      )}
      {right === null ? (
        !unified && <Missing />
      ) : (
        <Line line={right} sign="+" label={t('onlyThis')} runs={words?.right} />
      )}
    </div>
  );
}

function Missing() {
  return <div className={classes['missing']} aria-hidden />;
}

interface LineProps {
  line: PromptLine;
  sign: '' | '−' | '+';
  label: string;
  runs?: readonly WordRun[] | undefined;
}

function Line({ line, sign, label, runs }: LineProps) {
  return (
    <div className={classes['line']} data-sign={sign} style={{ borderColor: segmentColor(line.kind) }}>
      {sign !== '' && (
        <span className={classes['sign']}>
          <span aria-hidden>{sign}</span>
          <span className="visually-hidden">{label}</span>
        </span>
      )}
      <pre>{runs === undefined ? line.text : runs.map(toNode)}</pre>
    </div>
  );
}

function toNode({ text, changed }: WordRun, index: number): ReactNode {
  // A run's place in its line is its identity.
  return changed ? <mark key={index}>{text}</mark> : text;
}
