import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PendingSend } from '../../../client/conversation-state.ts';
import type { Manner } from '../../../contract/rooms.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './message-row.module.css';
import { PendingEditor } from './pending-editor.tsx';
import { Prose } from './prose.tsx';

export interface PendingRowProps {
  send: PendingSend;
  /** Sends it again, with other words where they were changed. */
  onRetry: (text: string) => void;
  onDiscard: () => void;
}

/** An own message that is on its way, waits for the network, or that the server would not take. */
export function PendingRow({ send, onRetry, onDiscard }: PendingRowProps) {
  const { t } = useTranslation(['talk', 'common', 'files']);
  const errorText = useErrorText();
  const [editing, setEditing] = useState(false);
  const failed = send.state === 'failed';
  if (editing && failed) {
    const save = (text: string) => {
      setEditing(false);
      onRetry(text);
    };
    return <PendingEditor text={send.text} onSend={save} onCancel={() => setEditing(false)} />;
  }
  return (
    <article
      className={classes['row']}
      data-mine
      data-manner={mannerOf(send)}
      aria-label={t('talk:you')}
      data-send-state={send.state}
    >
      <div className={`${classes['bubble']} ${failed ? '' : classes['pending']}`}>
        <Prose text={send.text} />
        {send.attachments.length > 0 && <small>{t('files:pending', { count: send.attachments.length })}</small>}
      </div>
      <div className={classes['sendState']} data-failed={failed} role={failed ? 'alert' : 'status'}>
        {failed
          ? t('talk:sendFailed', { reason: errorText(send.error) })
          : send.state === 'sending'
            ? t('talk:sending')
            : t('talk:sendWaiting')}
        {send.state !== 'sending' && (
          <button type="button" className={classes['textButton']} onClick={() => onRetry(send.text)}>
            {failed ? t('common:retry') : t('talk:sendNow')}
          </button>
        )}
        {failed && (
          <button type="button" className={classes['textButton']} onClick={() => setEditing(true)}>
            {t('talk:changeUnsent')}
          </button>
        )}
        {send.state !== 'sending' && (
          <button type="button" className={classes['textButton']} onClick={onDiscard}>
            {t('talk:discard')}
          </button>
        )}
      </div>
    </article>
  );
}

function mannerOf({ to }: PendingSend): Manner {
  if (to === undefined) return 'open';
  return to.length === 0 ? 'aside' : 'whisper';
}
