import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { LinkedText } from '../../ui/linked-text.tsx';
import type { MicrophoneProblem } from './audio/microphone.ts';
import classes from './call-page.module.css';
import type { CallFailure, CallNoticeCode } from './call-view.ts';
import type { CallScreenState } from './call-session.ts';

export interface CallNoticeProps {
  state: CallScreenState;
  onRetryMicrophone: () => void;
  onResume: () => void;
  onDismiss: () => void;
  /** Absent where only what is in the way is told. */
  onDismissNotice?: () => void;
  /** Absent where nothing can be typed. */
  onWrite?: () => void;
}

/** What is wrong now, and what to do about it; the most urgent alone. */
export function CallNotice(props: CallNoticeProps) {
  const { state, onRetryMicrophone, onResume, onDismiss, onDismissNotice, onWrite } = props;
  const { t } = useTranslation(['call', 'common']);
  const { view, microphone, paused, phase } = state;
  if (phase === 'over') return null;
  if (view.failure !== null) {
    return (
      <Notice title={t(`call:failure.${view.failure.stage}`)} body={<FailureText failure={view.failure} />}>
        <button type="button" className={classes['chip']} onClick={onDismiss}>
          {t('common:close')}
        </button>
      </Notice>
    );
  }
  if (paused && phase === 'live') {
    return (
      <Notice title={t('call:paused.title')} body={t('call:paused.body')}>
        <button type="button" className={classes['chip']} data-main onClick={onResume}>
          {t('call:paused.resume')}
        </button>
      </Notice>
    );
  }
  if (microphone.problem !== null && !microphone.open) {
    return (
      <Notice
        title={t(`call:microphone.${microphone.problem}.title`)}
        body={<MicrophoneHelp problem={microphone.problem} />}
      >
        {microphone.problem !== 'insecure' && (
          <button type="button" className={classes['chip']} data-main onClick={onRetryMicrophone}>
            {t('common:retry')}
          </button>
        )}
        {onWrite !== undefined && (
          <button type="button" className={classes['chip']} onClick={onWrite}>
            {t('call:microphone.write')}
          </button>
        )}
      </Notice>
    );
  }
  if (view.notice?.open === true && onDismissNotice !== undefined) {
    return <CalmNotice code={view.notice.code} onClose={onDismissNotice} />;
  }
  return null;
}

function CalmNotice({ code, onClose }: { code: CallNoticeCode; onClose: () => void }) {
  const { t } = useTranslation(['call', 'common']);
  const voices = <Link to="/settings/$section" params={{ section: 'voices' }} />;
  const body = (
    <p>
      <LinkedText text={t(`call:notice.${code}.body`)} link={voices} />
    </p>
  );
  return (
    <Notice calm title={t(`call:notice.${code}.title`)} body={body}>
      <button type="button" className={classes['chip']} onClick={onClose}>
        {t('common:close')}
      </button>
    </Notice>
  );
}

export interface NoticeProps {
  title: string;
  body: ReactNode;
  /** Told when there is a pause, not at once. */
  calm?: boolean;
  children?: ReactNode;
}

export function Notice({ title, body, calm = false, children }: NoticeProps) {
  return (
    <div className={classes['notice']} role={calm ? 'status' : 'alert'}>
      <h2>{title}</h2>
      {typeof body === 'string' ? <p>{body}</p> : body}
      {children !== undefined && <div className={classes['noticeActions']}>{children}</div>}
    </div>
  );
}

export function FailureText({ failure }: { failure: CallFailure }) {
  const { t } = useTranslation('call');
  const models = <Link to="/settings/$section" params={{ section: 'models' }} />;
  if (failure.code === 'unreachable') return <p>{t('failure.unreachable')}</p>;
  return (
    <p>
      {failure.message} {failure.retryable && failure.stage !== 'connection' ? t('failure.retry') : null}
      {failure.code === 'voice-absent' || failure.code === 'hearing-absent' ? (
        <LinkedText text={t('failure.models')} link={models} />
      ) : null}
    </p>
  );
}

/** What to do about a microphone that is not there. */
export function MicrophoneHelp({ problem }: { problem: MicrophoneProblem }) {
  const { t } = useTranslation('call');
  if (problem !== 'denied') return <p>{t(`microphone.${problem}.body`)}</p>;
  const browser = browserFamily(navigator.userAgent);
  return (
    <ol>
      <li>{t(`microphone.allow.${browser}`)}</li>
      <li>{t('microphone.allowSystem')}</li>
      <li>{t('microphone.allowAgain')}</li>
    </ol>
  );
}

type BrowserFamily = 'ios' | 'safari' | 'firefox' | 'android' | 'chromium';

/** Where a browser hides the permission. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (/iPhone|iPad/.test(userAgent)) return 'ios';
  if (userAgent.includes('Firefox/')) return 'firefox';
  if (userAgent.includes('Android')) return 'android';
  if (/Chrom(?:e|ium)\//.test(userAgent)) return 'chromium';
  return userAgent.includes('Safari/') ? 'safari' : 'chromium';
}
