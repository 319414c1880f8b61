import { endCalls } from '../../../contract/reply-parts.ts';
import { takeLeafAway } from '../../conversation/conversation-tree.ts';
import {
  interruptStreamingMessages,
  listStreamingMessages,
  saveReplyPrefixes,
} from '../../conversation/message-store.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import type { ChatContext } from './chat-context.ts';

/**
 * At start: replies that a crash cut off keep the prefix that was saved and become *interrupted*; a spoken one of which
 * nothing was heard leaves the conversation. Returns how many.
 * Safe only while no other server writes to the same database, which the house lock ensures.
 */
export async function recoverReplies({
  storage,
  search,
  events,
  clock,
}: Pick<ChatContext, 'storage' | 'search' | 'events' | 'clock'>): Promise<number> {
  return storage.transaction(async (trx) => {
    for (const leaf of await listStreamingMessages(trx)) {
      if (isUnheard(leaf)) await takeLeafAway(trx, { leaf, now: clock.now() });
    }
    for (const { id, parts } of await listStreamingMessages(trx)) {
      if (parts.some(({ type }) => type === 'tool')) await saveReplyPrefixes(trx, [{ id, parts: endCalls(parts) }]);
    }
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

function isUnheard({ parts }: MessageNode): boolean {
  return parts.some(({ type }) => type === 'voice') && textOf(parts) === '';
}
