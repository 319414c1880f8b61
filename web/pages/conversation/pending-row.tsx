import { useTranslation } from 'react-i18next';
import type { PendingSend } from '../../../client/conversation-state.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './message-row.module.css';
import { Prose } from './prose.tsx';

export interface PendingRowProps {
  send: PendingSend;
  onRetry: () => void;
  onDiscard: () => void;
}

/** An own message that the server has not confirmed yet, or would not take. */
export function PendingRow({ send, onRetry, onDiscard }: PendingRowProps) {
  const { t } = useTranslation(['talk', 'common', 'files']);
  const errorText = useErrorText();
  const failed = send.state === 'failed';
  return (
    <article className={classes['row']} data-mine aria-label={t('talk:you')}>
      <div className={`${classes['bubble']} ${failed ? '' : classes['pending']}`}>
        <Prose text={send.text} />
        {send.attachments.length > 0 && <small>{t('files:pending', { count: send.attachments.length })}</small>}
      </div>
      <div className={classes['sendState']} data-failed={failed} role={failed ? 'alert' : undefined}>
        {failed ? t('talk:sendFailed', { reason: errorText(send.error) }) : t('talk:sending')}
        {failed && (
          <>
            <button type="button" className={classes['textButton']} onClick={onRetry}>
              {t('common:retry')}
            </button>
            <button type="button" className={classes['textButton']} onClick={onDiscard}>
              {t('talk:discard')}
            </button>
          </>
        )}
      </div>
    </article>
  );
}
