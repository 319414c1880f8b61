import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChangedPath, Receipt } from '../../contract/messages.ts';
import type { SearchPage } from '../../contract/search.ts';
import { activePath, expectSoundTree, readTree } from './support/check-tree.ts';
import { wordsOf } from './support/caller.ts';
import { growLongPast } from './support/long-past.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';
import { isFull } from './support/test-database.ts';

const COUNT = 1500;
const VERY_LONG = isFull ? 100_000 : 3000;

let house: ChatHouse;
beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house?.[Symbol.asyncDispose]());

test('a long conversation opens at its end with one page, pages back whole, and goes on', async () => {
  const { owner } = house;
  const { id } = await owner.begin();
  await growLongPast(house, { conversationId: id, length: COUNT });
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

test(
  'a very long one opens, is read anywhere, branches and comes back, and is searched',
  { timeout: 300_000 },
  async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { ids } = await growLongPast(house, { conversationId: id, length: VERY_LONG });
    const { branch } = await growLongPast(house, { conversationId: id, length: VERY_LONG, beside: ids[9] ?? '' });
    const at = (place: number) => ids[place] ?? '';
    const move = (messageId: string, more: Record<string, unknown> = {}) =>
      owner.call<ChangedPath>('POST', `/api/conversations/${id}/path`, { messageId, ...more });

    const opened = await owner.page(id);
    expect(opened).toMatchObject({ total: VERY_LONG, hasOlder: true });
    expect(opened.messages.map(({ depth }) => depth)).toEqual(
      Array.from({ length: 50 }, (_, index) => VERY_LONG - 50 + index),
    );
    for (const place of [0, VERY_LONG / 4, VERY_LONG / 2, VERY_LONG - 2]) {
      const page = await owner.page(id, `?around=${at(place)}`);
      expect(page.messages.map((message) => message.id)).toContain(at(place));
      expect(page.messages.length).toBeLessThanOrEqual(100);
      expect(page).toMatchObject({ hasOlder: place > 0, onPath: true });
      expect(page.messages.every((one, index) => index === 0 || one.parentId === page.messages[index - 1]?.id)).toBe(
        true,
      );
    }

    const { reply } = await owner.talk(id, 'Do you remember?');
    expect(reply).toMatchObject({ state: 'done', depth: VERY_LONG + 1 });
    const receipt = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
    expect(receipt.tokens.prompt).toBeLessThan(receipt.tokens.contextLength);

    await move(at(VERY_LONG / 2), { endHere: true });
    expect((await owner.page(id)).messages.at(-1)?.id).toBe(at(VERY_LONG / 2));
    const { message } = await owner.say(id, 'Another way', { reply: false });
    expect(message.siblings).toHaveLength(2);
    await move(branch);
    const beside = await owner.page(id);
    expect(beside.total).toBe(VERY_LONG);
    expect(wordsOf(beside.messages.at(-1))).toContain('beside the others');
    await move(reply.id);
    expect((await owner.page(id)).messages.at(-1)?.id).toBe(reply.id);
    await owner.call('DELETE', `/api/messages/${at(VERY_LONG / 2)}`);
    expect(
      (await owner.page(id, `?around=${at(VERY_LONG / 2)}`)).messages.find((one) => one.id === at(VERY_LONG / 2)),
    ).toMatchObject({
      deleted: true,
    });
    await owner.call('POST', `/api/messages/${at(VERY_LONG / 2)}/restore`);

    const found = await owner.call<SearchPage>(
      'GET',
      `/api/conversations/${id}/search?q=${encodeURIComponent('"Message 500 of"')}`,
    );
    expect(found.hits.map((hit) => hit.onPath)).toEqual(expect.arrayContaining([true, false]));
    expect(found.hits.find((hit) => hit.onPath)?.messageId).toBe(at(500));
  },
);
