import '@mantine/core/styles/Checkbox.css';
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MoveCount, MoveKind, MoveReport, StartMove } from '../../../contract/moving.ts';
import { formatBytes, formatNumber } from '../../state/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { MoveProblems } from './move-problems.tsx';
import classes from './moving.module.css';

export interface MoveReportProps {
  report: MoveReport;
  onStart: (choice: StartMove) => Promise<void>;
  onCancel: () => Promise<void>;
}

/** The dry run: what would happen, before anything does. */
export function MoveReportView({ report, onStart, onCancel }: MoveReportProps) {
  const { t } = useTranslation('moving');
  const [left, setLeft] = useState<ReadonlySet<MoveKind>>(new Set());
  const [restore, setRestore] = useState(false);
  const kinds = report.counts.map(({ kind }) => kind).filter((kind) => !left.has(kind));
  const deleted = report.counts.reduce((sum, count) => sum + count.deleted, 0);
  const fresh = report.counts
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, count) => sum + count.new + count.grown + (restore ? count.deleted : 0), 0);
  return (
    <>
      <Panel
        title={t('report.title')}
        lead={t('report.lead', { files: formatNumber(report.files), size: formatBytes(report.bytes) })}
      >
        {report.counts.length === 0 ? (
          <p>{t('report.nothing')}</p>
        ) : (
          <ul className={classes['counts']}>
            {report.counts.map((count) => (
              <CountRow
                key={count.kind}
                count={count}
                taken={!left.has(count.kind)}
                onTake={(taken) => setLeft((before) => changed(before, count.kind, taken))}
              />
            ))}
          </ul>
        )}
        {report.messages > 0 && (
          <p className={classes['quiet']}>
            {t('report.messages', { count: report.messages, shown: formatNumber(report.messages) })}
          </p>
        )}
        {deleted > 0 && (
          <Checkbox
            checked={restore}
            onChange={(event) => setRestore(event.currentTarget.checked)}
            label={t('report.restore', { count: deleted, shown: formatNumber(deleted) })}
          />
        )}
        <div className={classes['buttons']}>
          <Button disabled={fresh === 0} onClick={() => void onStart({ kinds, restoreDeleted: restore })}>
            {fresh === 0 ? t('report.allHere') : t('report.start', { count: fresh, shown: formatNumber(fresh) })}
          </Button>
          <Button variant="default" onClick={() => void onCancel()}>
            {t('report.cancel')}
          </Button>
        </div>
      </Panel>
      <Notes notes={report.notes} />
      <MoveProblems problems={report.problems} count={report.problemCount} />
    </>
  );
}

function changed(before: ReadonlySet<MoveKind>, kind: MoveKind, taken: boolean): ReadonlySet<MoveKind> {
  const after = new Set(before);
  if (taken) after.delete(kind);
  else after.add(kind);
  return after;
}

function CountRow({ count, taken, onTake }: { count: MoveCount; taken: boolean; onTake: (taken: boolean) => void }) {
  const { t } = useTranslation('moving');
  const parts = (['new', 'grown', 'here', 'deleted', 'broken'] as const).filter((part) => count[part] > 0);
  return (
    <li>
      <Checkbox
        checked={taken}
        onChange={(event) => onTake(event.currentTarget.checked)}
        label={t(`kinds.${count.kind}`)}
        disabled={count.new + count.grown + count.deleted === 0}
      />
      <span className={classes['parts']}>
        {parts.map((part) => (
          <span key={part} data-part={part}>
            {t(`status.${part}`, { shown: formatNumber(count[part]) })}
          </span>
        ))}
      </span>
    </li>
  );
}

function Notes({ notes }: { notes: MoveReport['notes'] }) {
  const { t } = useTranslation('moving');
  const placeholders = notes.filter(({ code }) => code === 'placeholder');
  const leftOut = notes.filter(({ code }) => code === 'left-out');
  const hasSecrets = notes.some(({ code }) => code === 'secrets');
  if (placeholders.length + leftOut.length === 0 && !hasSecrets) return null;
  const named = (list: MoveReport['notes']) => list.map(({ name }) => name).join(t('notes.comma'));
  return (
    <Panel title={t('notes.title')}>
      <ul className={classes['plain']}>
        {placeholders.length > 0 && <li>{t('notes.placeholder', { names: named(placeholders) })}</li>}
        {hasSecrets && <li>{t('notes.secrets')}</li>}
        {leftOut.length > 0 && <li>{t('notes.leftOut', { names: named(leftOut) })}</li>}
      </ul>
    </Panel>
  );
}
