import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { formatNumber } from '../../state/format.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { comparePrompts, foldRows } from './compare-prompts.ts';
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
  return (
    <div className={classes['compare']}>
      <p role="status" className={classes['hint']}>
        {changes === 0 ? t('noDifference') : t('differences', { count: changes, formatted: formatNumber(changes) })}
      </p>
      <ComparedSegments left={left} right={right} />
      <ComparedText rows={folded} unified={narrow} onOpen={(from) => setOpen(new Set([...open, from]))} />
    </div>
  );
}

interface ComparedTextProps {
  rows: readonly FoldedRow[];
  unified: boolean;
  onOpen: (from: number) => void;
}

function ComparedText({ rows, unified, onOpen }: ComparedTextProps) {
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
