import { memo, useSyncExternalStore } from 'react';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { MessageRow } from './message-row.tsx';
import type { MessageRowProps } from './message-row.tsx';

export interface LiveRowProps extends Omit<MessageRowProps, 'streaming'> {
  session: ConversationSession;
}

/** A row that follows the words of its own reply, so that a token draws it and nothing else. */
export const LiveRow = memo(function LiveRow({ session, ...props }: LiveRowProps) {
  const { id } = props.message;
  const streaming = useSyncExternalStore(session.subscribe, () => session.getState().streaming.get(id));
  return <MessageRow {...props} streaming={streaming} />;
});
