import { systemClock } from '../../../src/base/clock.ts';
import { createIdGenerator } from '../../../src/base/ids.ts';
import { readConversation } from '../../../src/conversation/conversation-store.ts';
import { appendToPath } from '../../../src/conversation/conversation-tree.ts';
import { readMessage } from '../../../src/conversation/message-store.ts';
import { textOf, type MessageNode } from '../../../src/conversation/tree-types.ts';
import { MessageSearchStore } from '../../../src/storage/search/message-search-store.ts';
import { openStorage } from '../../../src/storage/storage.ts';

/** Messages per transaction. */
const BATCH = 500;
const SENTENCE = 'The lamp turned, the gulls were quiet, and nobody spoke for a while. ';

export interface LongTalk {
  dataDirectory: string;
  conversationId: string;
  ownerId: string;
  /** Messages on the path when it is done. */
  length: number;
}

/** Makes a conversation of a closed house long; each message begins with its place, and they differ in height. */
export async function seedLongTalk({ dataDirectory, conversationId, ownerId, length }: LongTalk): Promise<void> {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const newId = createIdGenerator(systemClock);
  const search = new MessageSearchStore(storage.dialect);
  const conversation = await readConversation(storage.db, { id: conversationId, ownerId });
  if (!conversation || conversation.leafId === null) throw new Error('There is no such conversation to make longer.');
  let last = await readMessage(storage.db, conversation.leafId);
  while (last && last.depth + 1 < length) {
    const nodes: MessageNode[] = [];
    while (nodes.length < BATCH && last.depth + 1 < length) {
      last = nextMessage(last, { id: newId(), ownerId, characterId: conversation.characterId });
      nodes.push(last);
    }
    await storage.transaction(async (trx) => {
      await appendToPath(trx, { conversation, nodes });
      for (const node of nodes) await search.put(trx, { id: node.id, conversationId, text: textOf(node.parts) });
    });
  }
}

function nextMessage(
  last: MessageNode,
  { id, ownerId, characterId }: { id: string; ownerId: string; characterId: string },
): MessageNode {
  const depth = last.depth + 1;
  const isHuman = last.author.kind === 'character';
  return {
    id,
    conversationId: last.conversationId,
    parentId: last.id,
    depth,
    author: isHuman
      ? { kind: 'human', id: ownerId, name: 'Robin' }
      : { kind: 'character', id: characterId, name: 'Mira' },
    parts: [{ type: 'text', text: `Number ${depth + 1}. ${SENTENCE.repeat(1 + ((depth * 7) % 6))}` }],
    state: 'done',
    failure: null,
    editOf: null,
    clientId: null,
    activeChildId: null,
    hasReceipt: false,
    hidden: false,
    audience: 'everyone',
    manner: 'open',
    stageId: null,
    foreign: null,
    createdAt: systemClock.now(),
    deletedAt: null,
  };
}
