import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { BlobStore } from './blob-store.ts';
import { migrations } from './migrate.ts';
import { openStorage } from './storage.ts';

let folder: string;
let time = Date.UTC(2026, 0, 1);
const clock = { ...systemClock, now: () => (time += 1000) };
const open = () => openStorage({ dataDirectory: folder, clock });
const backups = () => readdir(join(folder, 'backups')).catch(() => []);
const put = (key: string) => ({ scope: 'house', key, value: '1' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-migrate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the first migration makes, search included; everything else in the database is younger. */
const FIRST_TABLES =
  /^(?:conversation|participant|message|receipt|event|character|characterVersion|asset|setting|provider|messageSearch.*|migration|sqlite_.*)$/;
/** Columns that later migrations gave to tables of the first. */
const LATER_COLUMNS = {
  conversation: [
    'worldId',
    'room',
    'personaId',
    'promptPresetId',
    'authorsNote',
    'foreign',
    'memory',
    'memoryPausedAt',
  ],
  message: ['hidden', 'foreign', 'manner', 'stageId'],
  participant: ['role', 'fromStart', 'personaId', 'characterVersionId', 'muted', 'talkativeness', 'position', 'leftAt'],
};

const FIRST_INDEXES =
  /^(?:characterByOwner|characterVersionByPicture|conversationByOwner|participantByConversation|messageByParent|receiptByConversation|eventBySubject|messageSearchRowByConversation|messageStreaming|messageSearchWords|sqlite_.*)$/;

/** Makes the database look as the first version left it. */
function takeBackMigrations(): void {
  // Tables are dropped in no order that references would allow.
  using database = new DatabaseSync(join(folder, 'everwith.sqlite'), { enableForeignKeyConstraints: false });
  const list = database.prepare('select "name", "sql" from "sqlite_master" where "type" = ?');
  const all = (type: 'table' | 'index') => list.all(type) as { name: string; sql: string | null }[];
  for (const { name } of all('index')) if (!FIRST_INDEXES.test(name)) database.exec(`drop index "${name}"`);
  const younger = all('table').filter(({ name }) => !FIRST_TABLES.test(name));
  // A virtual table takes its own shadow tables with it.
  younger.sort((a, b) => Number(/virtual/i.test(b.sql ?? '')) - Number(/virtual/i.test(a.sql ?? '')));
  for (const { name } of younger) database.exec(`drop table if exists "${name}"`);
  for (const [table, columns] of Object.entries(LATER_COLUMNS)) {
    for (const column of columns) database.exec(`alter table "${table}" drop column "${column}"`);
  }
  database.exec(`delete from "migration" where "name" >= '${migrations[1]?.name}'`);
}

test('a new house needs no backup, and opening it again changes nothing', async () => {
  await using storage = await open();
  await storage[Symbol.asyncDispose]();
  await using again = await open();
  const rows = await sql<{ name: string }>`select "name" from "migration" order by "name"`.execute(again.db);
  expect(rows.rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
  expect(await backups()).toEqual([]);
});

test('data of an older version is copied before it is changed, and the copy is whole and private', async () => {
  {
    await using storage = await open();
    await storage.db.insertInto('setting').values(put('before')).execute();
  }
  takeBackMigrations();
  await using storage = await open();
  expect(await storage.db.selectFrom('user').select('id').execute()).toEqual([]);
  expect(await storage.db.selectFrom('setting').select('key').execute()).toEqual([{ key: 'before' }]);
  const [name, ...more] = await backups();
  expect(more).toEqual([]);
  const path = join(folder, 'backups', name!);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  using copy = new DatabaseSync(path, { readOnly: true });
  expect(copy.prepare('select "key" from "setting"').all()).toEqual([{ key: 'before' }]);
  expect(copy.prepare(`select count(*) as n from "migration"`).get()).toEqual({ n: 1 });
});

test('three copies are kept, the newest ones', async () => {
  for (let round = 0; round < 5; round += 1) {
    await (await open())[Symbol.asyncDispose]();
    takeBackMigrations();
  }
  await (await open())[Symbol.asyncDispose]();
  const kept = await backups();
  expect(kept).toHaveLength(3);
  expect(new Set(kept).size).toBe(3);
});

test('a migration that fails changes nothing', async () => {
  await (await open())[Symbol.asyncDispose]();
  takeBackMigrations();
  {
    using database = new DatabaseSync(join(folder, 'everwith.sqlite'));
    database.exec('create table "apiKey" ("in" text, "the" text, "way" text)');
  }
  await expect(open()).rejects.toThrow(/apiKey/);
  using database = new DatabaseSync(join(folder, 'everwith.sqlite'));
  expect(database.prepare(`select count(*) as n from "migration"`).get()).toEqual({ n: 1 });
  expect(database.prepare(`select name from sqlite_master where name = 'user'`).all()).toEqual([]);
});

test('data of a newer version is refused and left as it is', async () => {
  await (await open())[Symbol.asyncDispose]();
  {
    using database = new DatabaseSync(join(folder, 'everwith.sqlite'));
    database.exec(`insert into "migration" values ('9999-from-the-future', 1)`);
  }
  await expect(open()).rejects.toMatchObject({
    code: 'storage-newer',
    message: expect.stringContaining('9999-from-the-future'),
  });
  expect(await backups()).toEqual([]);
});

test('a file that is no database is refused, not overwritten', async () => {
  await writeFile(join(folder, 'everwith.sqlite'), 'These are my poems.'.repeat(500));
  await expect(open()).rejects.toMatchObject({ code: 'storage-damaged' });
  expect((await stat(join(folder, 'everwith.sqlite'))).size).toBe('These are my poems.'.length * 500);
});

test('the same bytes are stored once, and nothing but a hash names a file', async () => {
  const blobs = new BlobStore(join(folder, 'blobs'));
  const hashes = await Promise.all(Array.from({ length: 5 }, () => blobs.write(Buffer.from('picture'))));
  expect(new Set(hashes).size).toBe(1);
  expect(await blobs.list()).toEqual([hashes[0]]);
  expect((await blobs.read(hashes[0]!)).toString()).toBe('picture');
  await blobs.remove(hashes[0]!);
  await blobs.remove(hashes[0]!);
  await expect(blobs.read(hashes[0]!)).rejects.toMatchObject({ code: 'not-found' });
  for (const name of ['', '../secret.key', 'A'.repeat(64)]) {
    await expect(blobs.read(name)).rejects.toMatchObject({ code: 'not-found' });
  }
});
