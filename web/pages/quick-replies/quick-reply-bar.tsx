import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { QuickReply } from '../../../contract/quick-replies.ts';
import classes from './quick-replies.module.css';
import { useQuickRepliesOf } from './quick-reply-query.ts';

interface QuickReplyBarProps {
  conversation: Conversation;
  onReply: (reply: QuickReply) => void;
}

/** One's own buttons above the message box; nothing where there are none. */
export function QuickReplyBar({ conversation, onReply }: QuickReplyBarProps) {
  const { t } = useTranslation('compose');
  const sets = useQuickRepliesOf(conversation);
  const replies = sets.flatMap((set) => set.replies.map((reply, index) => ({ key: `${set.id}-${index}`, reply })));
  if (replies.length === 0) return null;
  return (
    <div className={classes['bar']} role="group" aria-label={t('quick.title')}>
      {replies.map(({ key, reply }) => (
        <button key={key} type="button" className={classes['button']} title={reply.text} onClick={() => onReply(reply)}>
          {reply.label}
        </button>
      ))}
    </div>
  );
}
