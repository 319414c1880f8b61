import '@mantine/core/styles/Progress.css';
import { Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatNumber } from '../../state/format.ts';
import { Panel } from '../../ui/panel.tsx';
import classes from './moving.module.css';

export interface MoveProgressProps {
  kind: 'upload' | 'survey' | 'import';
  done: number;
  /** 0 while nobody knows. */
  total: number;
  current?: string;
  onCancel?: () => Promise<void>;
}

/** How far it is; it goes on when the page is left. */
export function MoveProgress({ kind, done, total, current = '', onCancel }: MoveProgressProps) {
  const { t } = useTranslation('moving');
  const show = kind === 'upload' ? formatBytes : formatNumber;
  const words =
    total > 0
      ? t('progress.of', { done: show(done), total: show(total) })
      : t('progress.files', { count: done, shown: formatNumber(done) });
  return (
    <Panel title={t(`progress.${kind}`)} {...(kind === 'upload' ? {} : { lead: t('progress.leave') })}>
      <Progress
        value={total > 0 ? (done / total) * 100 : 100}
        animated={total === 0}
        striped={total === 0}
        aria-label={t(`progress.${kind}`)}
        size="lg"
      />
      <p role="status" className={classes['figures']}>
        {words}
      </p>
      <p className={classes['current']} aria-hidden>
        {current}
      </p>
      {onCancel !== undefined && (
        <div>
          <Button variant="default" onClick={() => void onCancel()}>
            {t('progress.cancel')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
