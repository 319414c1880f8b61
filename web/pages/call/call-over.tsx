import { useTranslation } from 'react-i18next';
import { FailureText, Notice } from './call-notice.tsx';
import classes from './call-page.module.css';
import type { CallView } from './call-view.ts';

const REASONS = ['hung-up', 'away-too-long', 'house-closing', 'failed', 'taken-over', 'refused', 'signed-out'] as const;
type Reason = (typeof REASONS)[number];

export interface CallOverProps {
  view: CallView;
  name: string;
  onAgain: () => void;
  onLeave: () => void;
}

/** The call ended without the person's doing: why, and the way on. */
export function CallOver({ view, name, onAgain, onLeave }: CallOverProps) {
  const { t } = useTranslation('call');
  const known: Reason = REASONS.find((one) => one === view.ending) ?? 'failed';
  const body =
    known === 'refused' && view.failure !== null ? (
      <FailureText failure={view.failure} />
    ) : (
      t(`over.${known}`, { name })
    );
  return (
    <Notice title={t('over.title')} body={body}>
      <button type="button" className={classes['chip']} data-main onClick={onAgain}>
        {t('over.again')}
      </button>
      <button type="button" className={classes['chip']} onClick={onLeave}>
        {t('over.transcript')}
      </button>
    </Notice>
  );
}
