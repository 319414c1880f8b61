import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../../src/base/logger.ts';
import { appendToPath } from '../../src/conversation/conversation-tree.ts';
import { forceRevision } from '../../src/conversation/conversation-store.ts';
import { blankMessage } from '../../src/conversation/blank-message.ts';
import type { MessageNode } from '../../src/conversation/tree-types.ts';
import { HousePairMemories } from '../../src/memory/pair-memories.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

let lastId = 0;

/** Puts a person's messages at the end of a conversation, past the doors that would ask for replies. */
async function write(conversationId: string, texts: readonly string[]): Promise<string> {
  const { storage } = house.app;
  let end = '';
  await storage.transaction(async (trx) => {
    const conversation = await forceRevision(trx, { id: conversationId, now: Date.now() });
    if (!conversation) throw new Error('The conversation is not there.');
    const leaf = await trx
      .selectFrom('message')
      .select(['id', 'depth'])
      .where('id', '=', conversation.leafId)
      .executeTakeFirst();
    let parent = leaf ?? null;
    const nodes = texts.map((text): MessageNode => {
      lastId += 1;
      const node: MessageNode = {
        ...blankMessage({
          id: `ffff-${String(lastId).padStart(9, '0')}`,
          conversationId,
          parent,
          createdAt: Date.now(),
        }),
        author: { kind: 'human', id: 'ann', name: 'Ann' },
        parts: [{ type: 'text', text }],
      };
      parent = node;
      return node;
    });
    await appendToPath(trx, { conversation, nodes });
    end = nodes.at(-1)?.id ?? '';
  });
  return end;
}

const find = async (memories: HousePairMemories, text: string, at?: { conversationId: string; endId: string }) => {
  const pair = { ownerId: house.app.accounts.terminalActor.userId, characterId: 'starter-mira' };
  const view = await memories.view(pair, at);
  const { passages } = await house.app.memory.recall.recall({
    pair,
    view,
    texts: [{ text, weight: 1 }],
    exclude: new Set(),
    forbidden: { forbids: () => false },
    names: [],
    now: Date.now(),
    timeZone: 'Europe/Lisbon',
    limit: 5,
    signal: new AbortController().signal,
  });
  return passages.map(({ turn }) => turn);
};

test('one conversation of ten million characters is read and searched', async () => {
  const conversation = await house.owner.begin('starter-mira');
  const filler = 'the harbour slept while the market packed its crates and somebody counted lanterns twice '.repeat(
    220,
  );
  let end = '';
  for (let page = 0; page < 10; page += 1) {
    const texts = Array.from({ length: 50 }, (_, index) => `${page}-${index} ${filler}`);
    if (page === 3) texts[7] = `The spare key hangs behind the barometer. ${filler}`;
    if (page === 6) texts[11] = `备用钥匙挂在气压计后面。${filler}`;
    end = await write(conversation.id, texts);
  }
  const memories = new HousePairMemories({ db: house.app.storage.db, logger: silentLogger() });
  const at = { conversationId: conversation.id, endId: end };
  expect((await find(memories, 'Where is the spare key, behind the barometer?', at))[0]?.text).toMatch(
    /^The spare key/,
  );
  expect((await find(memories, '气压计后面有什么？', at))[0]?.text).toMatch(/^备用钥匙/);
});

test('fifty conversations read at once are each found from the others', async () => {
  const memories = new HousePairMemories({ db: house.app.storage.db, logger: silentLogger() });
  const begun = [];
  for (let index = 0; index < 50; index += 1)
    begun.push(
      await house.app.conversations.create(house.app.accounts.terminalActor, {
        characterId: 'starter-mira',
        locale: 'en',
      }),
    );
  const looks = begun.map(async ({ id }, index) => {
    await write(id, [`My boat number ${index} is called Quetzal${index}x.`]);
    return find(memories, `Which boat is Quetzal${index}x?`);
  });
  const found = await Promise.all(looks);
  for (const [index, turns] of found.entries())
    expect(turns[0]?.text).toBe(`My boat number ${index} is called Quetzal${index}x.`);
  expect((await find(memories, 'Quetzal7x')).map(({ conversationId }) => conversationId)[0]).toBe(begun[7]!.id);
});
