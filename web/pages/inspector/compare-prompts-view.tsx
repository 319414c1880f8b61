import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { formatNumber } from '../../state/format.ts';
import { IconChevronDown, IconChevronUp } from '../../ui/icons.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { comparePrompts, differenceStarts, foldRows } from './compare-prompts.ts';
import type { FoldedRow } from './compare-prompts.ts';
import { ComparedLine } from './compared-line.tsx';
import { ComparedSegments } from './compared-segments.tsx';
import classes from './inspector.module.css';
import { VirtualRows } from './virtual-rows.tsx';

/** Two prompts: beside each other on wide screens, one under the other line by line on a phone. */
export function ComparePrompts({ left, right }: { left: PromptRecord; right: PromptRecord }) {
  const { t } = useTranslation('inspector');
  const narrow = useIsNarrow();
  const rows = useMemo(() => comparePrompts(left, right), [left, right]);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const folded = useMemo(() => foldRows(rows, open), [rows, open]);
  const changes = rows.filter(({ type }) => type === 'changed').length;
  const starts = differenceStarts(folded);
  const [at, setAt] = useState(-1);
  const step = (by: number) => setAt((Math.max(at, by < 0 ? 0 : -1) + by + starts.length) % Math.max(1, starts.length));
  const row = starts[at];
  const goTo = useMemo(() => (row === undefined ? null : { row }), [row]);
  return (
    <div className={classes['compare']}>
      <div className={classes['differences']}>
        <p role="status" className={classes['hint']}>
          {changes === 0 ? t('noDifference') : t('differences', { count: changes, formatted: formatNumber(changes) })}
        </p>
        {changes > 0 && (
          <>
            <button
              type="button"
              className={classes['tool']}
              aria-label={t('previousDifference')}
              onClick={() => step(-1)}
            >
              <IconChevronUp size={18} aria-hidden />
            </button>
            <button type="button" className={classes['tool']} aria-label={t('nextDifference')} onClick={() => step(1)}>
              <IconChevronDown size={18} aria-hidden />
            </button>
          </>
        )}
      </div>
      <ComparedSegments left={left} right={right} />
      <ComparedText rows={folded} unified={narrow} goTo={goTo} onOpen={(from) => setOpen(new Set([...open, from]))} />
    </div>
  );
}

interface ComparedTextProps {
  rows: readonly FoldedRow[];
  unified: boolean;
  goTo: { row: number } | null;
  onOpen: (from: number) => void;
}

function ComparedText({ rows, unified, goTo, onOpen }: ComparedTextProps) {
  const { t } = useTranslation('inspector');
  const sides = (
    <div className={classes['sides']} aria-hidden>
      <span>{t('otherReply')}</span>
      <span>{t('thisReply')}</span>
    </div>
  );
  return (
    <VirtualRows
      label={t('compared')}
      count={rows.length}
      keyOf={(index) => index}
      estimate={28}
      goTo={goTo}
      head={unified ? null : sides}
    >
      {(index) => {
        const row = rows[index];
        if (row === undefined) return null;
        if (row.type !== 'fold') return <ComparedLine row={row} unified={unified} />;
        const count = row.to - row.from;
        return (
          <button type="button" className={classes['fold']} onClick={() => onOpen(row.from)}>
            {t('equalLines', { count, formatted: formatNumber(count) })}
          </button>
        );
      }}
    </VirtualRows>
  );
}
