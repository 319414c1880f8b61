import { useDeferredValue, useId, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { copyText } from '../../state/copy-text.ts';
import { formatNumber } from '../../state/format.ts';
import { showToast } from '../../state/toasts.ts';
import { IconChevronDown, IconChevronUp, IconCopy } from '../../ui/icons.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { segmentColor, useSegmentLabel } from '../conversation/receipt-segments.ts';
import classes from './inspector.module.css';
import { findInRows, promptText } from './prompt-rows.ts';
import type { PromptRow } from './prompt-rows.ts';
import { VirtualRows } from './virtual-rows.tsx';

export interface PromptTextProps {
  record: PromptRecord;
  rows: readonly PromptRow[];
}

interface Found {
  row: number;
  start: number;
  length: number;
}

/** The exact text, message by message, each run marked by its segment, with a search in it. */
export function PromptText({ record, rows }: PromptTextProps) {
  const { t } = useTranslation('inspector');
  const [query, setQuery] = useState('');
  const searched = useDeferredValue(query);
  const found = useMemo(() => findInRows(rows, searched), [rows, searched]);
  const [at, setAt] = useState(0);
  const [goTo, setGoTo] = useState<Found | null>(null);
  const current = found.length === 0 ? undefined : found[at % found.length];
  const step = (by: number) => {
    if (found.length === 0) return;
    const next = (at + by + found.length) % found.length;
    setAt(next);
    setGoTo(found[next] ?? null);
  };
  return (
    <div className={classes['text']}>
      <TextTools
        {...{ record, query, step }}
        found={found.length}
        at={found.length === 0 ? 0 : (at % found.length) + 1}
        onQuery={(next) => {
          setQuery(next);
          setAt(0);
        }}
      />
      <VirtualRows
        label={t('text')}
        count={rows.length}
        keyOf={(index) => rows[index]?.key ?? index}
        estimate={90}
        goTo={goTo}
      >
        {(index) => {
          const row = rows[index];
          const marks = found.filter((place) => place.row === index);
          return row && <Row {...{ record, row, marks, current }} />;
        }}
      </VirtualRows>
    </div>
  );
}

interface TextToolsProps {
  record: PromptRecord;
  query: string;
  found: number;
  /** From 1. */
  at: number;
  step: (by: number) => void;
  onQuery: (query: string) => void;
}

function TextTools({ record, query, found, at, step, onQuery }: TextToolsProps) {
  const { t } = useTranslation(['inspector', 'common']);
  const id = useId();
  async function copy(): Promise<void> {
    if (await copyText(promptText(record))) showToast({ text: t('common:copied') });
  }
  return (
    <div className={classes['tools']}>
      <form
        className={classes['search']}
        onSubmit={(event) => {
          event.preventDefault();
          step(1);
        }}
      >
        <SearchField
          id={id}
          value={query}
          label={t('inspector:search')}
          clearLabel={t('inspector:searchClear')}
          onChange={onQuery}
        />
      </form>
      {query.trim() !== '' && (
        <>
          <span className={classes['found']} role="status">
            {found === 0
              ? t('inspector:foundNone')
              : t('inspector:found', { at: formatNumber(at), total: formatNumber(found) })}
          </span>
          <button
            type="button"
            className={classes['tool']}
            aria-label={t('inspector:findPrevious')}
            onClick={() => step(-1)}
          >
            <IconChevronUp size={18} aria-hidden />
          </button>
          <button
            type="button"
            className={classes['tool']}
            aria-label={t('inspector:findNext')}
            onClick={() => step(1)}
          >
            <IconChevronDown size={18} aria-hidden />
          </button>
        </>
      )}
      <button type="button" className={classes['tool']} aria-label={t('inspector:copy')} onClick={() => void copy()}>
        <IconCopy size={18} aria-hidden />
      </button>
    </div>
  );
}

interface RowProps {
  record: PromptRecord;
  row: PromptRow;
  marks: readonly Found[];
  current: Found | undefined;
}

function Row({ record, row, marks, current }: RowProps) {
  const { t } = useTranslation('inspector');
  const segmentLabel = useSegmentLabel();
  if (row.type === 'message') {
    return (
      <h4 className={classes['messageHead']}>
        {t('message', { number: formatNumber(row.index + 1), role: t(`role.${row.role}`) })}
      </h4>
    );
  }
  if (row.type === 'reuse-end') {
    const { reused, evaluated } = record.tokens;
    return (
      <p className={classes['reuseEnd']} role="note">
        {t('reuseEnd', {
          count: reused ?? 0,
          reused: formatNumber(reused ?? 0),
          evaluated: formatNumber(evaluated ?? 0),
        })}
      </p>
    );
  }
  const segment = record.segments[row.segment];
  const color = segmentColor(segment?.kind ?? '');
  // What parts two runs is in the text, but takes little room.
  const breaks = row.first ? (/^\n*/.exec(row.text)?.[0].length ?? 0) : 0;
  const owner = segment === undefined || segment.owner === '' ? '' : ` · ${segment.owner}`;
  return (
    <div className={classes['run']} style={{ borderColor: color }}>
      {row.first && segment !== undefined && (
        <span className={classes['runLabel']}>
          <i className={classes['swatch']} style={{ background: color }} aria-hidden />
          {segmentLabel({ ...segment, stable: false, messages: undefined })}
          {owner}
        </span>
      )}
      <pre>
        {breaks > 0 && <span className={classes['breaks']}>{row.text.slice(0, breaks)}</span>}
        {marked({ text: row.text, from: breaks, marks, current })}
      </pre>
    </div>
  );
}

interface Marked {
  text: string;
  /** What stands before was shown already. */
  from: number;
  marks: readonly Found[];
  current: Found | undefined;
}

function marked({ text, from: start, marks, current }: Marked): ReactNode {
  const parts: ReactNode[] = [];
  let from = start;
  for (const mark of marks) {
    parts.push(text.slice(from, mark.start));
    from = mark.start + mark.length;
    parts.push(
      <mark key={mark.start} data-current={mark === current}>
        {text.slice(mark.start, from)}
      </mark>,
    );
  }
  parts.push(text.slice(from));
  return parts;
}
