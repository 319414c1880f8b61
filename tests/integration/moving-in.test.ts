import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CharacterSummary } from '../../contract/characters.ts';
import type { Conversation, ConversationList } from '../../contract/conversations.ts';
import type { LorebookSummary } from '../../contract/lore.ts';
import type { MoveCount, MoveStatus } from '../../contract/moving.ts';
import type { Persona } from '../../contract/personas.ts';
import { readUserLoreSettings, writeUserLoreSettings } from '../../src/turn/lore-settings-store.ts';
import { readTree, activePath, expectSoundTree } from './support/check-tree.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { Mover } from './support/mover.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';
import {
  addLink,
  bundleOf,
  chatLines,
  sillyTavernFolder,
  writeFolder,
  type FolderFiles,
} from './support/silly-tavern-folder.ts';
import { isFull } from './support/test-database.ts';

let house: ChatHouse;
let folder: string;

beforeEach(async () => {
  house = await openHouse({ script: talkingScript });
  folder = await mkdtemp(join(tmpdir(), 'everwith-moving-'));
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Milliseconds between two questions of somebody who waits. */
const ASKING_GAP = 20;
const small = { characters: 3, chatsPerCharacter: 2, messagesPerChat: 10 };

async function conversations(who: Caller): Promise<Conversation[]> {
  const all: Conversation[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: ConversationList = await who.call(
      'GET',
      `/api/conversations?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    all.push(...page.conversations);
    cursor = page.nextCursor;
  }
  return all;
}

const count = (status: MoveStatus, kind: MoveCount['kind']) => status.report?.counts.find((each) => each.kind === kind);

test('a SillyTavern folder: the dry run changes nothing and tells all, the good ones arrive, the report names the rest', async () => {
  await writeFolder(sillyTavernFolder(small), folder);
  await addLink(folder, '/etc/hostname');
  const mover = new Mover(house.owner);
  const ready = await mover.survey(folder);
  expect(await conversations(house.owner)).toEqual([]);
  expect(count(ready, 'character')).toMatchObject({ new: 4, broken: 1 });
  // Six, the one with a torn last line, the one of nobody, the group; the branch belongs to another one.
  expect(count(ready, 'chat')).toMatchObject({ new: 9, broken: 1, grown: 0, here: 0 });
  expect(count(ready, 'persona')).toMatchObject({ new: 2 });
  expect(count(ready, 'lorebook')).toMatchObject({ new: 2, broken: 1 });
  expect(count(ready, 'preset')).toMatchObject({ new: 1 });
  expect(count(ready, 'settings')).toMatchObject({ new: 1, here: 0 });
  expect(ready.report?.groupChats).toBe(1);
  const told = (ready.report?.problems ?? []).map(({ path, line, reason }) => [path.split('/').at(-1), line, reason]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['Link.png', null, 'symlink'],
      ['Torn.png', null, 'card-damaged'],
      ['torn.jsonl', 1, 'not-json'],
      ['torn.jsonl', 2, 'not-json'],
      ['torn.jsonl', null, 'nothing-readable'],
      ['half.jsonl', 4, 'not-json'],
    ]),
  );
  expect(ready.report?.notes).toEqual(
    expect.arrayContaining([
      { code: 'secrets', name: 'secrets.json', count: 1 },
      { code: 'left-out', name: 'backgrounds', count: 1 },
      { code: 'placeholder', name: 'Nobody', count: 1 },
    ]),
  );
  expect(JSON.stringify(ready)).not.toContain('sk-not-to-be-read');

  await mover.start();
  const done = await mover.reach('done');
  expect(done.result).toMatchObject({ problems: [] });
  const all = await conversations(house.owner);
  expect(all).toHaveLength(9);
  for (const { id } of all) expectSoundTree(await readTree(house.app.storage.db, id));
  expect(await readUserLoreSettings(house.app.storage.db, house.app.accounts.terminalActor.userId)).toEqual({
    world_info_depth: 6,
    world_info_budget: 40,
  });
  const { personas } = await house.owner.call<{ personas: Persona[] }>('GET', '/api/personas');
  expect(personas).toMatchObject([
    { name: 'Captain Kim', description: 'Steers.', position: 'at-depth', depth: 3, role: 'user', isDefault: true },
    { name: 'Cook', isDefault: false, pictureUrl: null },
  ]);
  expect(personas[0]?.pictureUrl).not.toBeNull();
  const { books } = await house.owner.call<{ books: LorebookSummary[] }>('GET', '/api/lorebooks');
  const linked = books.map(
    ({ name, targets }) => `${name}: ${targets.map((link) => `${link.kind} ${link.name}`).join()}`,
  );
  expect(linked.toSorted()).toEqual(['Isles: character Pilot', 'Sea: user ']);
});

test('chats keep names, swipes, dates and branches, are with their card, and are found by search', async () => {
  await new Mover(house.owner).moveIn(sillyTavernFolder(small));
  const all = await conversations(house.owner);
  const branched = all.find(({ preview, character }) => character.name === 'Keeper 0' && preview === 'Another way');
  const tree = await readTree(house.app.storage.db, branched!.id);
  expect(activePath(tree).map(({ author }) => author.name)).toEqual(['Keeper 0', 'Kim', 'Keeper 0', 'Kim']);
  // The chat the branch left is there as well, on its own way.
  expect(tree.nodes.filter(({ depth }) => depth === 9)).toHaveLength(1);
  const path = await house.owner.path(branched!.id);
  expect(path.map(({ siblings }) => siblings.length)).toEqual([1, 1, 3, 2]);
  expect(path[2]?.createdAt).toBe(1_717_599_410_682 + 2 * 60_000);
  const { id } = path[2]!;
  expect(path[2]?.siblings.indexOf(id)).toBe(1);
  const found = await house.owner.call<ConversationList>(
    'GET',
    `/api/conversations?search=${encodeURIComponent('i-2-1')}`,
  );
  expect(found.conversations.map(({ character }) => character.name)).toEqual(['Keeper 2']);
});

test('a group chat is kept whole with each speaker’s name', async () => {
  await new Mover(house.owner).moveIn(sillyTavernFolder(small));
  const crew = (await conversations(house.owner)).find(({ title }) => title === 'The crew');
  const path = await house.owner.path(crew!.id);
  expect(path.map(({ author, ...message }) => `${author.name}: ${wordsOf({ author, ...message })}`)).toEqual([
    'Keeper 0: Ahoy',
    'Keeper 1: Ho',
    'Kim: All here?',
    'Stranger: Me too',
  ]);
  const { characters } = await house.owner.call<{ characters: CharacterSummary[] }>('GET', '/api/library');
  const idOf = (name: string) => characters.find((each) => each.name === name)?.id;
  expect(path.map(({ author }) => author.id)).toEqual([
    idOf('Keeper 0'),
    idOf('Keeper 1'),
    expect.any(String),
    expect.stringMatching(/^guest:/),
  ]);
});

test('moving in again makes no doubles; what has grown since gets only what it lacks', async () => {
  const files = sillyTavernFolder(small);
  const mover = new Mover(house.owner);
  await mover.moveIn(files);
  const before = await conversations(house.owner);
  const again = await mover.survey(files);
  for (const { new: fresh, grown } of again.report?.counts ?? []) expect(fresh + grown).toBe(0);
  await mover.start();
  await mover.reach('done');
  expect(await conversations(house.owner)).toHaveLength(before.length);

  const path = 'data/default-user/chats/Keeper 2/Keeper 2 - 2024-6-5 @14h 1m 50s 682ms.jsonl';
  files.set(path, chatLines({ character: 'Keeper 2', integrity: 'i-2-1', messages: 14 }).join('\n'));
  const grown = await mover.survey(files);
  expect(count(grown, 'chat')).toMatchObject({ new: 0, grown: 1 });
  await mover.start();
  const done = await mover.reach('done');
  expect(done.result?.conversations).toHaveLength(1);
  const { id } = done.result!.conversations[0]!;
  expect(await conversations(house.owner)).toHaveLength(before.length);
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  expect(activePath(tree)).toHaveLength(14);
});

test('whoever went on talking here stays where they are when the old chat has grown elsewhere', async () => {
  const files: FolderFiles = new Map([
    ['a.jsonl', chatLines({ character: 'Ada', integrity: 'a', messages: 3 }).join('\n')],
  ]);
  const mover = new Mover(house.owner);
  const { id } = (await mover.moveIn(files)).result!.conversations[0]!;
  await house.owner.say(id, 'Said here', { reply: false });
  files.set('a.jsonl', chatLines({ character: 'Ada', integrity: 'a', messages: 5 }).join('\n'));
  await mover.moveIn(files);
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  expect(wordsOf((await house.owner.path(id)).at(-1))).toBe('Said here');
  expect(tree.nodes.filter(({ parts }) => JSON.stringify(parts).includes('a 4 wave'))).not.toEqual([]);
});

test('world-info settings arrive once, follow where they came from, and never replace one’s own', async () => {
  const { db } = house.app.storage;
  const { userId } = house.app.accounts.terminalActor;
  const flat = (depth: number): FolderFiles =>
    new Map([['settings.json', JSON.stringify({ power_user: {}, world_info_depth: depth, world_info_budget: 30 })]]);
  const mover = new Mover(house.owner);
  await mover.survey(flat(5));
  expect(await readUserLoreSettings(db, userId)).toEqual({});
  await mover.start();
  expect((await mover.reach('done')).result?.arrived).toEqual([{ kind: 'settings', count: 1 }]);
  expect(await readUserLoreSettings(db, userId)).toEqual({ world_info_depth: 5, world_info_budget: 30 });
  expect(count(await mover.survey(flat(5)), 'settings')).toMatchObject({ new: 0, here: 1 });
  await mover.moveIn(flat(7));
  expect(await readUserLoreSettings(db, userId)).toEqual({ world_info_depth: 7, world_info_budget: 30 });

  await writeUserLoreSettings(db, { userId, settings: { world_info_depth: 1 } });
  expect(count(await mover.survey(flat(9)), 'settings')).toMatchObject({ new: 0, here: 1 });
  await mover.moveIn(flat(9));
  expect(await readUserLoreSettings(db, userId)).toEqual({ world_info_depth: 1 });
});

test('what was deleted here comes back only when asked for', async () => {
  const files: FolderFiles = new Map([
    ['a.jsonl', chatLines({ character: 'Ada', integrity: 'a', messages: 3 }).join('\n')],
  ]);
  const mover = new Mover(house.owner);
  const { id } = (await mover.moveIn(files)).result!.conversations[0]!;
  await house.owner.call('DELETE', `/api/conversations/${id}`);
  expect(count(await mover.survey(files), 'chat')).toMatchObject({ deleted: 1, new: 0 });
  await mover.start();
  await mover.reach('done');
  expect(await conversations(house.owner)).toEqual([]);
  await mover.moveIn(files, { restoreDeleted: true });
  expect((await conversations(house.owner)).map((each) => each.id)).toEqual([id]);
});

test('other programs’ exports: an assistant gets the name its export gives it', async () => {
  const mapping = {
    u: { message: { author: { role: 'user' }, content: { content_type: 'text', parts: ['Hi'] } }, parent: null },
    a: { message: { author: { role: 'assistant' }, content: { content_type: 'text', parts: ['Hello'] } }, parent: 'u' },
  };
  const files: FolderFiles = new Map([
    ['chatgpt/conversations.json', JSON.stringify([{ id: '1', title: 'Greetings', mapping, current_node: 'a' }])],
    [
      'kobold.json',
      JSON.stringify({
        gamestarted: true,
        prompt: 'Once',
        actions: ['{{[INPUT]}}go on'],
        savedsettings: { chatname: 'Kim', chatopponent: 'Bard' },
      }),
    ],
  ]);
  await new Mover(house.owner).moveIn(files);
  const all = await conversations(house.owner);
  expect(all.map(({ title, character }) => `${character.name}: ${title}`).toSorted()).toEqual([
    'Bard: Bard',
    'ChatGPT: Greetings',
  ]);
});

test('a cancelled move leaves whole conversations only, and can be run again', async () => {
  const files = sillyTavernFolder({ characters: 3, chatsPerCharacter: 3, messagesPerChat: 40 });
  const mover = new Mover(house.owner);
  await mover.survey(files);
  await mover.start();
  await house.owner.call('POST', `/api/moves/${mover.id}/cancel`);
  expect((await mover.status()).state).toBe('cancelled');
  for (const { id } of await conversations(house.owner)) {
    expect(activePath(await readTree(house.app.storage.db, id)).length).toBeGreaterThan(1);
  }
  const leftovers = await house.app.storage.db
    .selectFrom('conversation')
    .select('id')
    .where('clientId', 'like', 'importing:%')
    .execute();
  expect(leftovers).toEqual([]);
  await mover.moveIn(files);
  expect(await conversations(house.owner)).toHaveLength(3 * 3 + 3);
});

test('nobody reaches another’s move, members name no directories, nothing stays in the data folder', async () => {
  const mover = new Mover(house.owner);
  await mover.survey(new Map([['a.jsonl', chatLines({ character: 'Ada', integrity: 'a', messages: 3 }).join('\n')]]));
  const member = await house.member('sam');
  expect(await member.refusal('POST', `/api/moves/${mover.id}/start`, {})).toMatchObject({ status: 404 });
  expect(await member.call('GET', '/api/moves/current')).toEqual({ move: null });
  const theirs = await member.call<MoveStatus>('POST', '/api/moves');
  expect(await member.refusal('POST', `/api/moves/${theirs.id}/survey`, { directory: folder })).toMatchObject({
    status: 403,
    code: 'owner-only',
  });
  expect(await member.refusal('POST', `/api/moves/${theirs.id}/survey`, {})).toMatchObject({ code: 'nothing-to-move' });
  await house.owner.call('POST', `/api/moves/${mover.id}/cancel`);
  expect(await readdir(join(house.dataDirectory, 'moving')).catch(() => [])).toEqual([]);
});

test('a hostile upload is refused with a reason, or becomes a harmless path', async () => {
  const mover = new Mover(house.owner);
  await mover.begin();
  expect((await mover.upload(Buffer.from('nonsense\n'))).status).toBe(400);
  expect((await mover.upload(Buffer.from('{"path":"a","size":10}\nshort'))).status).toBe(400);
  expect((await mover.upload(Buffer.from('{"path":"a","size":9000000000000000}\nx'))).status).toBe(413);
  expect(
    (
      await mover.upload(
        bundleOf(
          new Map([['../../escape.jsonl', chatLines({ character: 'Ada', integrity: 'a', messages: 1 }).join('\n')]]),
        ),
      )
    ).status,
  ).toBe(200);
  await house.owner.call('POST', `/api/moves/${mover.id}/survey`, {});
  await mover.reach('ready');
  expect(await readdir(house.dataDirectory)).not.toContain('escape.jsonl');
});

test('a large folder arrives in bounded memory while others are answered', { timeout: 900_000 }, async () => {
  // 200 MB under --full, a sample otherwise.
  const shape = isFull
    ? { characters: 40, chatsPerCharacter: 10, messagesPerChat: 250, messageLength: 1900 }
    : { characters: 4, chatsPerCharacter: 3, messagesPerChat: 120, messageLength: 1900 };
  await writeFolder(sillyTavernFolder(shape), folder);
  const mover = new Mover(house.owner);
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
  const start = process.memoryUsage.rss();
  await mover.survey(folder);
  await mover.start();
  const done = mover.reach('done');
  const progress = { isDone: false };
  void done.finally(() => (progress.isDone = true));
  let answered = 0;
  while (!progress.isDone) {
    await house.owner.call('GET', '/api/me');
    answered += 1;
    // The house lets one person ask only so often.
    await delay(ASKING_GAP);
  }
  await done;
  clearInterval(watch);
  expect(await conversations(house.owner)).toHaveLength(shape.characters * shape.chatsPerCharacter + 3);
  // One answer for each chat at the least: nobody waits until the folder is in.
  expect(answered).toBeGreaterThan(shape.characters * shape.chatsPerCharacter);
  expect((peak - start) / 1024 ** 2).toBeLessThan(600);
});
