import type { ConversationTree, TreeMatches } from '../contract/branches.ts';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { insertMessage, listMessages, readMessage } from '../src/conversation/message-store.ts';
import type { MessageNode } from '../src/conversation/tree-types.ts';
import { openHouse, type ChatHouse } from '../tests/integration/support/open-house.ts';
import { talkingScript } from '../tests/integration/support/scripts.ts';
import { median, printFigure } from './report/figure.ts';

/**
 * What somebody waits for who opens the map of a very long conversation: 100,000 messages with 5,000 forks, over HTTP.
 * Against reading every message whole, which is what a page would need to fold the tree itself.
 */
const MESSAGES = 100_000;
const FORKS = 5_000;
const ROUNDS = 5;
/** Messages per transaction. */
const BATCH = 2000;
/** Milliseconds; bytes of the answer. On a busy machine the first look is held to a third of the reference. */
const TARGETS = { first: 1000, kept: 300, bytes: 4_000_000 };

const newId = createIdGenerator(systemClock);

/** Grows a path with a branch of one message beside every nineteenth one. */
async function grow(house: ChatHouse, conversationId: string): Promise<void> {
  const { storage } = house.app;
  const { leafId } = await storage.db
    .selectFrom('conversation')
    .select('leafId')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
  const root = leafId === null ? undefined : await readMessage(storage.db, leafId);
  if (!root) throw new Error('The conversation has no greeting.');
  let parent: MessageNode = root;
  const every = Math.floor(MESSAGES / FORKS);
  for (let start = 1; start < MESSAGES; start += BATCH) {
    await storage.transaction(async (trx) => {
      for (let made = start; made < Math.min(start + BATCH, MESSAGES); made += 1) {
        const isBeside = made % every === 0;
        const next = child(parent, made);
        await insertMessage(trx, next);
        if (!isBeside) parent = next;
      }
    });
  }
  await storage.db
    .updateTable('conversation')
    .set({ leafId: parent.id, messageCount: parent.depth + 1 })
    .where('id', '=', conversationId)
    .execute();
}

function child(parent: MessageNode, number: number): MessageNode {
  const text = `Message ${number}: the lantern over the door had been lit before I came, and the rain went on.`;
  const id = newId();
  return {
    ...parent,
    id,
    parentId: parent.id,
    depth: parent.depth + 1,
    parts: [{ type: 'text', text }],
    activeChildId: null,
  };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

await using house = await openHouse({ script: talkingScript });
const { owner } = house;
const { id } = await owner.begin();
await grow(house, id);
const address = `/api/conversations/${id}/tree`;
let answer: ConversationTree | undefined;
const first: number[] = [];
const whole: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  // Another revision, and the tree is read anew.
  await house.app.storage.db
    .updateTable('conversation')
    .set({ revision: round + 1 })
    .where('id', '=', id)
    .execute();
  first.push(await milliseconds(async () => (answer = await owner.call<ConversationTree>('GET', address))));
  whole.push(await milliseconds(() => listMessages(house.app.storage.db, id)));
}
const kept: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) kept.push(await milliseconds(() => owner.call('GET', address)));
const found = await milliseconds(() => owner.call<TreeMatches>('GET', `${address}/search?query=lantern`));
const bytes = JSON.stringify(answer).length;
console.error(
  `${answer?.messages} messages in ${answer?.runs.length} runs; a search of the map ${found.toFixed(0)} ms.`,
);
printFigure({
  name: 'map of 100,000 messages with 5,000 forks, first look',
  value: median(first),
  unit: 'ms',
  reference: median(whole),
  target: `<= ${TARGETS.first} ms or 0.33x`,
  pass: median(first) <= TARGETS.first || median(first) <= 0.33 * median(whole),
});
printFigure({
  name: 'map of 100,000 messages with 5,000 forks, kept',
  value: median(kept),
  unit: 'ms',
  reference: median(whole),
  target: `<= ${TARGETS.kept} ms`,
  pass: median(kept) <= TARGETS.kept,
});
printFigure({
  name: 'map of 100,000 messages with 5,000 forks, answer',
  value: bytes,
  unit: 'bytes',
  reference: null,
  target: `<= ${TARGETS.bytes} bytes`,
  pass: bytes <= TARGETS.bytes,
});
