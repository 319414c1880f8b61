import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CardImport } from '../../contract/cards.ts';
import type { Character, CharacterSummary } from '../../contract/characters.ts';
import type {
  BulkOperation,
  BulkResult,
  CharacterFolder,
  CharacterMark,
  LibraryOverview,
  LibraryPage,
} from '../../contract/library.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let member: Caller;
/** By name. */
const made = new Map<string, string>();

const CARDS = [
  {
    name: 'Juno Vance',
    nickname: 'Captain Juno',
    description: 'Sails the Patience between foggy islands.',
    tags: ['Sea', 'Adventure'],
    creator: 'Harbour Press',
    character_book: { entries: [{ keys: ['reef'], content: 'Sharp.' }] },
  },
  {
    name: 'Old Tomas',
    description: 'Repairs clocks; his workshop smells of oil.',
    tags: ['Craft'],
    extensions: {
      everwith: {
        originalLocale: 'en',
        tagline: 'The clockmaker',
        locales: {
          'zh-CN': { name: '老托马斯', tagline: '钟表匠', description: '修理钟表，屋里一股机油味。', tags: ['手艺'] },
        },
      },
    },
  },
  { name: '王小雨', description: '在北京的咖啡店打工的大学生。', tags: ['校园', 'sea'] },
  { name: 'Zoë Ångström', description: 'A physicist with a telescope.', tags: [] },
];

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  member = await house.member('mallory');
  for (const data of CARDS) made.set(data.name, await importCard(owner, data));
});
afterAll(() => house[Symbol.asyncDispose]());

async function importCard(who: Caller, data: Record<string, unknown>): Promise<string> {
  const card = JSON.stringify({ spec: 'chara_card_v3', spec_version: '3.0', data });
  const body = { fileName: 'card.json', data: Buffer.from(card).toString('base64') };
  const { character } = await who.call<CardImport>('POST', '/api/characters/import', body);
  return character.id;
}

const idOf = (name: string) => made.get(name)!;
const page = (query: string, who = owner) => who.call<LibraryPage>('GET', `/api/library?${query}`);
const namesOf = async (query: string, who = owner) => (await page(query, who)).characters.map(({ name }) => name);
const overview = (locale = 'en', who = owner) =>
  who.call<LibraryOverview>('GET', `/api/library/overview?locale=${locale}`);
const bulk = (operations: BulkOperation[], who = owner) =>
  who.call<BulkResult>('POST', '/api/library/bulk', { operations });
const markOf = (id: string, who = owner) => who.call<CharacterMark>('GET', `/api/library/characters/${id}/mark`);
const setMark = (id: string, change: object, who = owner) =>
  who.call<CharacterMark>('PATCH', `/api/library/characters/${id}/mark`, change);

describe('search', () => {
  test.each([
    ['juno', 'Juno Vance'],
    ['uno', 'Juno Vance'],
    ['VANCE', 'Juno Vance'],
    ['foggy isl', 'Juno Vance'],
    ['harbour', 'Juno Vance'],
    ['adventure', 'Juno Vance'],
    ['clockmaker', 'Old Tomas'],
    ['钟表', 'Old Tomas'],
    ['老托马斯', 'Old Tomas'],
    ['咖啡', '王小雨'],
    ['北京', '王小雨'],
    ['小雨', '王小雨'],
    ['校园 大学', '王小雨'],
    ['zoe angstrom', 'Zoë Ångström'],
    ['telescop', 'Zoë Ångström'],
  ])('“%s” finds %s', async (search, name) => {
    expect(await namesOf(`kind=mine&locale=en&search=${encodeURIComponent(search)}`)).toEqual([name]);
  });

  test('a name found in the other language is shown in the reader’s own', async () => {
    expect(await namesOf(`kind=mine&locale=zh-CN&search=clockmaker`)).toEqual(['老托马斯']);
    expect(await namesOf(`locale=zh-CN&search=mira`)).toHaveLength(1);
  });

  test('names found come before words found', async () => {
    const id = await importCard(owner, { name: 'Aa, friend of Zoë', description: 'x' });
    const other = await importCard(owner, { name: 'Aaa', description: 'Once met Zoë.' });
    expect(await namesOf('kind=mine&locale=en&search=zoe')).toEqual(['Aa, friend of Zoë', 'Zoë Ångström', 'Aaa']);
    await bulk([{ ids: [id, other], action: { type: 'delete' } }]);
  });

  test.each(['nobody at all', '"; drop table', 'juno NOT', '*', '%', "it's", '北京 上海'])(
    '“%s” finds nobody of one’s own and breaks nothing',
    async (search) => {
      const found = await namesOf(`kind=mine&search=${encodeURIComponent(search)}`);
      expect(found.length === 0 || ['*', '%'].includes(search)).toBe(true);
    },
  );

  test('follows a change of the card, a deletion and its undo', async () => {
    const character = await owner.call<Character>('POST', '/api/characters', { name: 'Brine', description: 'kelp' });
    expect(await namesOf('search=kelp')).toEqual(['Brine']);
    await owner.call('PUT', `/api/characters/${character.id}`, {
      name: 'Brine',
      description: 'amber',
      expectedVersionId: character.versionId,
    });
    expect(await namesOf('search=kelp')).toEqual([]);
    expect(await namesOf('search=amber')).toEqual(['Brine']);
    await owner.call('DELETE', `/api/characters/${character.id}`);
    expect(await namesOf('search=amber')).toEqual([]);
    await owner.call('POST', `/api/characters/${character.id}/restore`);
    expect(await namesOf('search=amber')).toEqual(['Brine']);
    await owner.call('DELETE', `/api/characters/${character.id}`);
  });
});

describe('filters and order', () => {
  test('tags in either language, any or all', async () => {
    expect(await namesOf('kind=mine&tags=sea&locale=en')).toEqual(['Juno Vance', '王小雨']);
    expect(await namesOf('tags=sea,adventure')).toEqual(['Juno Vance']);
    expect(await namesOf('kind=mine&tags=craft,adventure&match=any&locale=en')).toEqual(['Juno Vance', 'Old Tomas']);
    const { tags } = await overview('zh-CN');
    expect(tags.find(({ key }) => key === 'sea')?.count).toBe(2);
    expect(tags.map(({ label }) => label)).toContain('手艺');
    expect(tags.map(({ label }) => label)).not.toContain('Craft');
  });

  test('lore, one’s own and the starters', async () => {
    expect(await namesOf('kind=mine&lore=1')).toEqual(['Juno Vance']);
    expect((await page('kind=starter')).total).toBe(9);
    expect(await overview()).toMatchObject({ starters: 9, mine: 4, total: 13, withLore: 1 });
  });

  test('names stand in the order of the reader’s language', async () => {
    expect(await namesOf('kind=mine&locale=en')).toEqual(['Juno Vance', 'Old Tomas', 'Zoë Ångström', '王小雨']);
    expect(await namesOf('kind=mine&locale=zh-CN')).toEqual(['老托马斯', '王小雨', 'Juno Vance', 'Zoë Ångström']);
  });

  test('the newest, the last used and the most talked with come first', async () => {
    expect((await namesOf('kind=mine&sort=newest&locale=en'))[0]).toBe('Zoë Ångström');
    const { id } = await owner.begin(idOf('Old Tomas'));
    await owner.talk(id, 'Good day');
    await owner.begin(idOf('Juno Vance'));
    expect((await namesOf('kind=mine&sort=recent&locale=en')).slice(0, 2)).toEqual(['Juno Vance', 'Old Tomas']);
    const [first] = (await page('sort=talked&locale=en')).characters;
    expect(first).toMatchObject({ name: 'Old Tomas', talked: 2 });
    expect((await overview()).recent.map(({ name }) => name)).toEqual(['Juno Vance', 'Old Tomas']);
  });

  test.each([
    ['cursor=nonsense', 'cursor'],
    ['sort=random', 'sort'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['kind=theirs', 'kind'],
    ['search=' + 'x'.repeat(201), 'search'],
  ])('a wrong %s is refused', async (query, field) => {
    expect(await owner.refusal('GET', `/api/library?${query}`)).toMatchObject({ status: 400, field });
  });
});

test.each(['name', 'newest', 'recent', 'talked'])(
  'pages in the order of %s neither repeat nor miss under change',
  async (sort) => {
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { id } = await member.call<Character>('POST', '/api/characters', { name: `Page ${index}` });
      ids.push(id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `kind=mine&sort=${sort}&limit=5${cursor === null ? '' : `&cursor=${cursor}`}`;
      const answer: LibraryPage = await page(query, member);
      expect(answer.total).toBe(cursor === null ? 12 : null);
      seen.push(...answer.characters.map(({ id }) => id));
      cursor = answer.nextCursor;
      // Somebody comes and somebody who was seen already leaves, while one is reading.
      if (seen.length === 5) {
        await member.call('DELETE', `/api/characters/${seen[0]}`);
        await member.call('POST', '/api/characters', { name: 'Page 0 too' });
      }
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids.filter((id) => !seen.includes(id))).toEqual([]);
    const all = await member.call<{ ids: string[] }>('GET', '/api/library/selection?kind=mine');
    await bulk([{ ids: all.ids, action: { type: 'delete' } }], member);
  },
);

describe('marks', () => {
  test('are their maker’s alone', async () => {
    await setMark('starter-mira', { favourite: true, tags: ['Evening', ' Evening '] });
    expect(await markOf('starter-mira')).toMatchObject({ favourite: true, tags: ['Evening'] });
    expect(await markOf('starter-mira', member)).toMatchObject({ favourite: false, tags: [] });
    expect(await namesOf('favourite=1&locale=en')).toEqual(['Mira']);
    expect(await namesOf('favourite=1', member)).toEqual([]);
    expect(await namesOf('search=evenin&locale=en')).toEqual(['Mira']);
    expect(await namesOf('tags=evening', member)).toEqual([]);
    expect((await overview('en', member)).tags.map(({ key }) => key)).not.toContain('evening');
    await setMark('starter-mira', { favourite: false, tags: [] });
  });

  test('on somebody else’s character are refused', async () => {
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { favourite: true }],
    ] as const) {
      const path = `/api/library/characters/${idOf('Juno Vance')}/mark`;
      expect(await member.refusal(method, path, body)).toMatchObject({ status: 404 });
    }
    expect(await owner.refusal('PATCH', '/api/library/characters/starter-mira/mark', { folderId: 'x' })).toMatchObject({
      status: 404,
      code: 'folder-unknown',
    });
    for (const tags of [['a,b'], [''], ['x'.repeat(61)]]) {
      expect(await owner.refusal('PATCH', '/api/library/characters/starter-mira/mark', { tags })).toMatchObject({
        status: 400,
      });
    }
  });
});

test('folders are made, renamed, ordered and removed with undo; characters stay', async () => {
  const folderOf = (name: string, who = owner) => who.call<CharacterFolder>('POST', '/api/library/folders', { name });
  const [sea, work] = [await folderOf('Sea'), await folderOf('Work')];
  await setMark(idOf('Juno Vance'), { folderId: sea.id });
  await owner.call('PATCH', `/api/library/folders/${work.id}`, { name: 'Workshop' });
  await owner.call('PUT', '/api/library/folders/order', { ids: [work.id, sea.id] });
  expect((await overview()).folders).toEqual([
    { id: work.id, name: 'Workshop', count: 0 },
    { id: sea.id, name: 'Sea', count: 1 },
  ]);
  expect(await namesOf(`folder=${sea.id}`)).toEqual(['Juno Vance']);
  expect(await namesOf('folder=none&kind=mine')).not.toContain('Juno Vance');
  for (const [method, body] of [
    ['PATCH', { name: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    expect(await member.refusal(method, `/api/library/folders/${sea.id}`, body)).toMatchObject({ status: 404 });
  }
  const { undo } = await owner.call<{ undo: object }>('DELETE', `/api/library/folders/${sea.id}`);
  expect(await namesOf('kind=mine&search=juno')).toEqual(['Juno Vance']);
  expect((await overview()).folders).toHaveLength(1);
  const again = await owner.call<CharacterFolder>('POST', '/api/library/folders', undo);
  expect((await overview()).folders).toEqual([
    { id: work.id, name: 'Workshop', count: 0 },
    { id: again.id, name: 'Sea', count: 1 },
  ]);
});

describe('changes of many at once', () => {
  const state = async () => {
    const { characters } = await page('kind=mine&limit=200');
    return characters.map(({ id, favourite, folderId, ownTags }) => ({ id, favourite, folderId, ownTags }));
  };

  test.each<[string, BulkOperation['action']]>([
    ['favourite', { type: 'favourite', value: true }],
    ['tag', { type: 'add-tags', tags: ['Later', 'mine'] }],
    ['untag', { type: 'remove-tags', tags: ['MINE'] }],
    ['move out', { type: 'move', folderId: null }],
    ['delete', { type: 'delete' }],
  ])('%s, and one request undoes it', async (_name, action) => {
    const ids = [...made.values()];
    await setMark(ids[0]!, { tags: ['mine'], favourite: true });
    const before = await state();
    const { changed, skipped, undo } = await bulk([{ ids, action }]);
    expect(changed).toBeGreaterThan(0);
    expect(skipped).toBe(0);
    expect(await state()).not.toEqual(before);
    await bulk(undo);
    expect(await state()).toEqual(before);
    expect((await page('kind=mine&search=juno')).total).toBe(1);
  });

  test('leave out starters and strangers’ and say how many', async () => {
    const theirs = await member.call<Character>('POST', '/api/characters', { name: 'Theirs' });
    const ids = ['starter-mira', theirs.id, 'unknown', idOf('Old Tomas'), idOf('Old Tomas')];
    const gone = await bulk([{ ids, action: { type: 'delete' } }]);
    expect(gone).toMatchObject({ changed: 1, skipped: 3 });
    expect(gone.undo).toEqual([{ ids: [idOf('Old Tomas')], action: { type: 'restore' } }]);
    // A deleted one is nobody's to mark, and a stranger cannot bring it back.
    expect(await bulk([{ ids, action: { type: 'favourite', value: true } }])).toMatchObject({ changed: 1, skipped: 3 });
    expect(await bulk(gone.undo, member)).toMatchObject({ changed: 0, skipped: 1 });
    await bulk(gone.undo);
    expect((await page('search=tomas&kind=mine')).total).toBe(1);
    expect((await page('kind=mine', member)).characters.map(({ name }) => name)).toEqual(['Theirs']);
    await setMark('starter-mira', { favourite: false });
  });

  test('are all or none', async () => {
    const before = await state();
    const operations = [
      { ids: [...made.values()], action: { type: 'favourite', value: true } },
      { ids: [...made.values()], action: { type: 'move', folderId: 'unknown' } },
    ];
    expect(await owner.refusal('POST', '/api/library/bulk', { operations })).toMatchObject({ status: 404 });
    expect(await state()).toEqual(before);
  });
});

test('an index that was lost is made again at the next start, own tags included', async () => {
  await setMark(idOf('王小雨'), { tags: ['夜晚'] });
  const before = await page('locale=zh-CN&limit=200');
  await house.app.storage.transaction(async (trx) => {
    await trx.deleteFrom('characterTag').execute();
    await trx.deleteFrom('characterIndex').where('characterId', '!=', 'starter-mira').execute();
  });
  expect((await page('locale=zh-CN')).total).toBe(1);
  await house.close();
  await house.reopen();
  expect(await page('locale=zh-CN&limit=200')).toEqual(before);
  expect(await namesOf(`search=${encodeURIComponent('夜晚')}`)).toEqual(['王小雨']);
  expect((await overview('zh-CN')).tags.map(({ key }) => key)).toContain('夜 晚');
});

test('the whole list for the terminal comes from the same index', async () => {
  const { characters } = await owner.call<{ characters: CharacterSummary[] }>('GET', '/api/characters?locale=zh-CN');
  expect(characters).toHaveLength(13);
  expect(characters.filter(({ starter }) => starter)).toHaveLength(9);
});
