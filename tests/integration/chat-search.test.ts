import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationList } from '../../contract/conversations.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let number = 0;
/** Somebody new for each test, so that nothing else is found. */
let person: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
beforeEach(async () => {
  number += 1;
  person = number === 1 ? owner : await house.member(`searcher${number}`);
});
afterAll(() => house[Symbol.asyncDispose]());

async function begun(
  said: string,
  { title, characterId = 'starter-mira' }: { title?: string; characterId?: string } = {},
) {
  const { id } = await person.begin(characterId);
  const { message } = await person.say(id, said, { reply: false });
  if (title !== undefined) await person.call('PATCH', `/api/conversations/${id}`, { title });
  return { id, messageId: message.id };
}

const find = async (search: string, more = '') =>
  (
    await person.call<ConversationList>('GET', `/api/conversations?search=${encodeURIComponent(search)}${more}`)
  ).conversations.map(({ id }) => id);

describe('a search', () => {
  test('finds words of every script where they stand', async () => {
    const english = await begun('We drank coffee at the Café Müller, twice.');
    const chinese = await begun('今天下午我们在老街喝咖啡，聊了很久。');
    const mixed = await begun('我用Node写了一个程序', { title: 'Üben & Lernen' });
    for (const [search, found] of [
      ['coffee', [english]],
      ['COFFEE', [english]],
      ['coff', [english]],
      ['cafe muller', [english]],
      ['Café', [english]],
      ['twice coffee', [english]],
      ['coffee tea', []],
      ['offee', []],
      ['咖啡', [chinese]],
      ['咖', [chinese]],
      ['啡咖', []],
      ['老街 咖啡', [chinese]],
      ['喝咖啡，聊了', [chinese]],
      ['ｎｏｄｅ', [mixed]],
      ['用node写', [mixed]],
      ['üben', [mixed]],
      ['ÜBEN & lernen', [mixed]],
      ['ub', [mixed]],
      ['&', [mixed]],
      ['nothing of this', []],
    ] as const) {
      expect(await find(search), search).toEqual(found.map(({ id }) => id));
    }
  });

  test('finds conversations by their character in both languages', async () => {
    const mira = await begun('x');
    const yanzi = await begun('y', { characterId: 'starter-yanzi' });
    expect(await find('mira')).toEqual([mira.id]);
    expect(await find('燕子')).toEqual([yanzi.id]);
    expect(await find('燕')).toEqual([yanzi.id]);
  });

  test('takes wildcards, quotes and operators as what they are', async () => {
    const plain = await begun('a hundred per cent');
    for (const search of [
      '%',
      '_',
      '"',
      "'",
      '*',
      '\\',
      ')(',
      'coffee OR hundred',
      'coffee NEAR hundred',
      "') or 1=1 --",
      ':*',
    ]) {
      expect(await find(search), search).toEqual([]);
    }
    expect(await find('hundred"')).toEqual([plain.id]);
    expect(await find("'hundred' & per")).toEqual([plain.id]);
    expect(await find('\u0000hundred')).toEqual([plain.id]);
  });

  test('finds replies and edits, and forgets what was deleted', async () => {
    const { id } = await person.begin();
    const { sent, reply } = await person.talk(id, 'Periwinkle');
    expect(await find('periwinkle')).toEqual([id]);
    await person.call('DELETE', `/api/messages/${sent.message.id}`);
    expect(await find('periwinkle')).toEqual([id]);
    await person.call('DELETE', `/api/messages/${reply.id}`);
    expect(await find('periwinkle')).toEqual([]);
    await person.call('POST', `/api/messages/${reply.id}/restore`);
    expect(await find('periwinkle')).toEqual([id]);
    await person.call('POST', `/api/messages/${reply.id}/edit`, { text: 'Bluebell' });
    expect(await find('bluebell')).toEqual([id]);
    await person.call('DELETE', `/api/conversations/${id}`);
    expect(await find('bluebell')).toEqual([]);
    await person.call('POST', `/api/conversations/${id}/restore`);
    expect(await find('bluebell')).toEqual([id]);
    await person.call('POST', `/api/conversations/${id}/purge`);
    expect(await find('bluebell')).toEqual([]);
  });

  test('goes together with a character and with pages', async () => {
    const here = await begun('harbour');
    const there = await begun('harbour', { characterId: 'starter-yanzi' });
    expect(await find('harbour', '&character=starter-yanzi')).toEqual([there.id]);
    expect(await find('harbour')).toEqual([there.id, here.id]);
    const first = await person.call<ConversationList>('GET', '/api/conversations?search=harbour&limit=1');
    expect(first.conversations.map(({ id }) => id)).toEqual([there.id]);
    expect(await find('harbour', `&limit=1&cursor=${first.nextCursor}`)).toEqual([here.id]);
  });
});

test('the list goes page by page, newest first, without gaps or repeats', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 12; index += 1) ids.unshift((await person.begin()).id);
  const moved = ids.at(-1)!;
  await person.say(moved, 'up again', { reply: false });
  const wanted = [moved, ...ids.slice(0, -1)];
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await person.call<ConversationList>('GET', `/api/conversations?limit=5${cursor}`);
    seen.push(...page.conversations.map(({ id }) => id));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(seen).toEqual(wanted);
});
