import type { StartReply } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { EventType } from '../../events/event-store.ts';
import type { Trx } from '../../storage/storage.ts';
import type { ChatContext } from './chat-context.ts';

export type MessageEventType = Extract<
  EventType,
  `message-${'commit' | 'edit' | 'delete' | 'restore' | 'hide' | 'show'}` | 'path-change' | 'reply-start'
>;

/** Appends what happened to a message to the log, in the transaction of the fact. */
export function appendMessageEvent(
  { events }: Pick<ChatContext, 'events'>,
  trx: Trx,
  {
    actor,
    conversationId,
    type,
    messageId,
    kind,
  }: {
    actor: Pick<Actor, 'userId'>;
    conversationId: string;
    type: MessageEventType;
    messageId: string;
    kind?: StartReply['kind'];
  },
): Promise<void> {
  return events.append(trx, {
    type,
    actorId: actor.userId,
    subjectId: conversationId,
    payload: { messageId, ...(kind ? { kind } : {}) },
  });
}
