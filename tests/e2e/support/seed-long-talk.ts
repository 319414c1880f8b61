import { systemClock } from '../../../src/base/clock.ts';
import { createIdGenerator } from '../../../src/base/ids.ts';
import { layWays } from '../../../src/conversation/conversation-tree.ts';
import { readConversation, setPath } from '../../../src/conversation/conversation-store.ts';
import { insertMessage, readMessage, setActiveChild } from '../../../src/conversation/message-store.ts';
import { textOf, type MessageNode } from '../../../src/conversation/tree-types.ts';
import { MessageSearchStore } from '../../../src/storage/search/message-search-store.ts';
import { openStorage } from '../../../src/storage/storage.ts';

/** Messages per transaction. */
const BATCH = 5000;
const SENTENCE = 'The lamp turned, the gulls were quiet, and nobody spoke for a while. ';

export interface LongTalk {
  dataDirectory: string;
  conversationId: string;
  ownerId: string;
  /** Messages on the path when it is done. */
  length: number;
  /** One message in so many can be found by its words; all of them unless said. */
  searchedEvery?: number;
}

/** Makes a conversation of a closed house long; each message begins with its place, and they differ in height. */
export async function seedLongTalk({
  dataDirectory,
  conversationId,
  ownerId,
  length,
  searchedEvery = 1,
}: LongTalk): Promise<void> {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const newId = createIdGenerator(systemClock);
  const search = new MessageSearchStore(storage.dialect);
  const conversation = await readConversation(storage.db, { id: conversationId, ownerId });
  if (!conversation || conversation.leafId === null) throw new Error('There is no such conversation to make longer.');
  const first = await readMessage(storage.db, conversation.leafId);
  if (!first) throw new Error('The conversation has no greeting.');
  const ids = Array.from({ length: length - first.depth - 1 }, () => newId());
  let last = first;
  for (let start = 0; start < ids.length; start += BATCH) {
    await storage.transaction(async (trx) => {
      for (const [offset, id] of ids.slice(start, start + BATCH).entries()) {
        const { characterId } = conversation;
        last = nextMessage(last, { id, ownerId, characterId, activeChildId: ids[start + offset + 1] ?? null });
        await insertMessage(trx, last);
        if (last.depth % searchedEvery === 0) {
          await search.put(trx, { id, conversationId, text: textOf(last.parts) });
        }
      }
    });
  }
  await storage.transaction(async (trx) => {
    await setActiveChild(trx, { parentId: first.id, childId: ids[0] ?? '' });
    await setPath(trx, { id: conversationId, leafId: last.id, messageCount: length, preview: '' });
    await layWays(trx, { conversationId, leafId: last.id });
  });
}

function nextMessage(
  last: MessageNode,
  {
    id,
    ownerId,
    characterId,
    activeChildId,
  }: { id: string; ownerId: string; characterId: string; activeChildId: string | null },
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
    activeChildId,
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
