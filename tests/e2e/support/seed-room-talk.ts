import { systemClock } from '../../../src/base/clock.ts';
import { createIdGenerator } from '../../../src/base/ids.ts';
import { findConversation } from '../../../src/conversation/conversation-store.ts';
import { appendToPath } from '../../../src/conversation/conversation-tree.ts';
import { readMessage } from '../../../src/conversation/message-store.ts';
import { listParticipants } from '../../../src/conversation/participant-store.ts';
import type { MessageNode } from '../../../src/conversation/tree-types.ts';
import { openStorage } from '../../../src/storage/storage.ts';

/** Messages per transaction. */
const BATCH = 500;
const SENTENCE = 'The lamp turned, the gulls were quiet, and nobody spoke for a while. ';

export interface RoomTalk {
  dataDirectory: string;
  conversationId: string;
  /** Messages on the path when it is done. */
  length: number;
}

/** Makes a conversation of a closed house long: all who belong to it speak one after the other, and all of them hear it. */
export async function seedRoomTalk({ dataDirectory, conversationId, length }: RoomTalk): Promise<void> {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const newId = createIdGenerator(systemClock);
  const conversation = await findConversation(storage.db, conversationId);
  if (!conversation || conversation.leafId === null) throw new Error('There is no such conversation to make longer.');
  const participants = await listParticipants(storage.db, conversationId);
  const audience = conversation.room === null ? 'everyone' : participants.map(({ id }) => id);
  let last = await readMessage(storage.db, conversation.leafId);
  while (last && last.depth + 1 < length) {
    const nodes: MessageNode[] = [];
    while (nodes.length < BATCH && last.depth + 1 < length) {
      const depth: number = last.depth + 1;
      const speaker = participants[depth % participants.length];
      if (!speaker) throw new Error('Nobody belongs to this conversation.');
      last = {
        ...last,
        id: newId(),
        parentId: last.id,
        depth,
        author: { kind: speaker.kind, id: speaker.subjectId, name: speaker.name },
        parts: [{ type: 'text', text: `Number ${depth + 1}. ${SENTENCE.repeat(1 + ((depth * 7) % 6))}` }],
        activeChildId: null,
        hasReceipt: false,
        audience,
        createdAt: systemClock.now(),
      };
      nodes.push(last);
    }
    await storage.transaction((trx) => appendToPath(trx, { conversation, nodes }));
  }
}
