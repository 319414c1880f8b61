import { expect, test } from 'vitest';
import type { Receipt } from '../../contract/messages.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { systemClock } from '../../src/base/clock.ts';
import { activePath, expectSoundTree, readTree } from './support/check-tree.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

const COUNT = 5000;

/** Puts a long past into a conversation, as if it had been talked. */
async function growPast({ app }: ChatHouse, conversationId: string): Promise<void> {
  const newId = createIdGenerator(systemClock);
  await app.storage.transaction(async (trx) => {
    const root = await trx
      .selectFrom('message')
      .selectAll()
      .where('conversationId', '=', conversationId)
      .orderBy('id')
      .executeTakeFirstOrThrow();
    const rows = [];
    let parentId = root.id;
    for (let depth = 1; depth < COUNT; depth += 1) {
      const id = newId();
      const mine = depth % 2 === 1;
      rows.push({
        ...root,
        id,
        parentId,
        depth,
        authorKind: mine ? 'human' : 'character',
        parts: JSON.stringify([{ type: 'text', text: `Message ${depth} of a long friendship.` }]),
        activeChildId: null as string | null,
      });
      parentId = id;
    }
    for (const [index, row] of rows.entries()) row.activeChildId = rows[index + 1]?.id ?? null;
    for (let start = 0; start < rows.length; start += 500) {
      await trx
        .insertInto('message')
        .values(rows.slice(start, start + 500))
        .execute();
    }
    await trx.updateTable('message').set({ activeChildId: rows[0]!.id }).where('id', '=', root.id).execute();
    await trx
      .updateTable('conversation')
      .set({ leafId: parentId, messageCount: COUNT })
      .where('id', '=', conversationId)
      .execute();
  });
}

test('a conversation of 5,000 messages opens at its end with one page, pages back whole, and goes on', async () => {
  await using house = await openHouse({ script: talkingScript });
  const { owner } = house;
  const { id } = await owner.begin();
  await growPast(house, id);
  expectSoundTree(await readTree(house.app.storage.db, id));

  const opened = await owner.page(id);
  expect(opened).toMatchObject({ total: COUNT, hasOlder: true });
  expect(opened.messages).toHaveLength(50);
  expect(wordsOf(opened.messages.at(-1))).toBe(`Message ${COUNT - 1} of a long friendship.`);
  await using watcher = owner.watch(id);
  const snapshot = await watcher.event('conversation-snapshot');
  expect(JSON.stringify(snapshot).length).toBeLessThan(10_000);

  for (const limit of [200, 7]) {
    const path = limit === 200 ? await owner.path(id, limit) : (await owner.page(id, '?limit=7')).messages;
    expect(path.map(({ depth }) => depth)).toEqual(
      Array.from({ length: path.length }, (_, index) => COUNT - path.length + index),
    );
    expect(path.every((message, index) => index === 0 || message.parentId === path[index - 1]?.id)).toBe(true);
  }
  const first = (await owner.page(id, `?limit=50&before=${(await owner.path(id))[50]?.id}`)).messages;
  expect(first.map(({ depth }) => depth)).toEqual(Array.from({ length: 50 }, (_, index) => index));

  const { reply } = await owner.talk(id, 'Do you remember?');
  expect(reply).toMatchObject({ state: 'done', depth: COUNT + 1 });
  const receipt = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
  expect(receipt.tokens.prompt).toBeLessThan(receipt.tokens.contextLength);
  expect(receipt.dropped.find(({ kind }) => kind === 'history')?.messages).toBeGreaterThan(COUNT / 2);

  const regenerated = await owner.call<{ reply: { id: string } }>('POST', `/api/conversations/${id}/replies`, {
    kind: 'regenerate',
    messageId: reply.id,
  });
  await owner.ended(id, regenerated.reply.id);
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  expect(activePath(tree)).toHaveLength(COUNT + 2);
});
