import { useTranslation } from 'react-i18next';
import { messageText } from '../../../client/message-text.ts';
import type { Message } from '../../../contract/messages.ts';
import type { MessageHandlers } from './message-handlers.ts';
import { useRoomCast } from './room/room-cast.tsx';
import classes from './message-row.module.css';

export interface MessageStateNoteProps {
  message: Message;
  isLast: boolean;
  handlers: MessageHandlers;
}

/** What happened to a reply that did not come to its end, and what can be done about it. */
export function MessageStateNote({ message, isLast, handlers }: MessageStateNoteProps) {
  const { t } = useTranslation('talk');
  const { maySteer } = useRoomCast();
  const stateText = useStateText(message, isLast);
  const voice = message.parts.find((part) => part.type === 'voice');
  if (voice?.interrupted === true && message.state !== 'failed') {
    return <p className={classes['stateNote']}>{t('state.cutOff', { name: message.author.name })}</p>;
  }
  if (message.state === 'done' || message.state === 'streaming') return null;
  const hasText = messageText(message).trim() !== '';
  return (
    <p className={classes['stateNote']} data-state={message.state}>
      <span>{stateText}</span>
      {isLast && maySteer && (
        <>
          {hasText && (
            <button type="button" className={classes['textButton']} onClick={() => handlers.continueReply(message.id)}>
              {t('actions.continue')}
            </button>
          )}
          <button type="button" className={classes['textButton']} onClick={() => handlers.regenerate(message.id)}>
            {t('actions.retry')}
          </button>
        </>
      )}
    </p>
  );
}

function useStateText(message: Message, isLast: boolean): string {
  const { t } = useTranslation(['talk', 'errors']);
  switch (message.state) {
    case 'stopped':
      return isLast ? t('talk:state.stopped') : t('talk:state.stoppedEarlier');
    case 'interrupted':
      return t('talk:state.interrupted');
    case 'failed':
      if (message.failure === null) return t('talk:state.failed');
      if (message.failure.code === 'insufficient-quota') return t('errors:insufficient-quota');
      return t('talk:state.failedWith', { reason: message.failure.message });
    case 'done':
    case 'streaming':
      return '';
    default:
      return message.state satisfies never;
  }
}
