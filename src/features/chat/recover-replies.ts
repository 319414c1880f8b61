import { interruptStreamingMessages } from '../../conversation/message-store.ts';
import { textOf } from '../../conversation/tree-types.ts';
import type { ChatContext } from './chat-context.ts';

/**
 * At start: replies that a crash cut off keep the prefix that was saved and become *interrupted*. Returns how many.
 * Safe only while no other server writes to the same database, which the house lock ensures.
 */
export async function recoverReplies({
  storage,
  search,
  events,
  clock,
}: Pick<ChatContext, 'storage' | 'search' | 'events' | 'clock'>): Promise<number> {
  return storage.transaction(async (trx) => {
    const interrupted = await interruptStreamingMessages(trx, clock.now());
    for (const node of interrupted) {
      await search.put(trx, { id: node.id, conversationId: node.conversationId, text: textOf(node.parts) });
      await events.append(trx, {
        type: 'reply-end',
        actorId: null,
        subjectId: node.conversationId,
        payload: { messageId: node.id, state: 'interrupted' },
      });
    }
    return interrupted.length;
  });
}
