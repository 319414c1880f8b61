import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { openStorage, type Storage } from './storage.ts';

let folder: string;
let storage: Storage;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-storage-'));
  storage = await openStorage({ dataDirectory: folder, clock: systemClock });
});

afterEach(async () => {
  await storage[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const put = (key: string, value = '1') =>
  storage.db.insertInto('setting').values({ scope: 'house', key, value }).execute();
const keys = async () =>
  (await storage.db.selectFrom('setting').select('key').orderBy('key').execute()).map((row) => row.key);

test('the database file is private to its owner', async () => {
  expect((await stat(join(folder, 'everwith.sqlite'))).mode & 0o777).toBe(0o600);
});

test('a failing unit of a group is undone alone', async () => {
  const results = await Promise.allSettled([
    put('a'),
    storage.transaction(async (trx) => {
      await trx.insertInto('setting').values({ scope: 'house', key: 'b', value: '1' }).execute();
      throw new Error('changed my mind');
    }),
    put('a'),
    put('c'),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(await keys()).toEqual(['a', 'c']);
});

test('an acknowledged write is visible to the next read, and readers never see half a transaction', async () => {
  await storage.transaction(async (trx) => {
    await trx.insertInto('setting').values({ scope: 'house', key: 'x', value: '1' }).execute();
    expect(await keys()).toEqual([]);
    expect(await trx.selectFrom('setting').select('key').execute()).toHaveLength(1);
  });
  expect(await keys()).toEqual(['x']);
});

test('a transaction inside a transaction is refused instead of waiting for itself', async () => {
  await expect(storage.transaction(() => storage.transaction(async () => 1))).rejects.toThrow(/inside a transaction/);
});

test('a full disk fails the writers with a clear error, keeps what was acknowledged, and passes when there is room', async () => {
  await put('kept');
  await sql`pragma max_page_count=1`.execute(storage.db); // the engine's own limit, clamped to the current size
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => put(`big${index}`, 'x'.repeat(60_000))),
  );
  const failed = results.filter((result) => result.status === 'rejected');
  expect(failed.length).toBeGreaterThan(0);
  for (const result of failed) expect(result.reason).toMatchObject({ code: 'disk-full' });
  const acknowledged = results.length - failed.length;
  expect(await keys()).toHaveLength(1 + acknowledged);
  await sql`pragma max_page_count=1000000`.execute(storage.db);
  await put('after');
  expect(await keys()).toContain('after');
  expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(storage.db)).rows).toEqual([
    { integrity_check: 'ok' },
  ]);
});

test('what was acknowledged is there after closing and opening again', async () => {
  await Promise.all(Array.from({ length: 500 }, (_, index) => put(`k${index}`)));
  await storage[Symbol.asyncDispose]();
  storage = await openStorage({ dataDirectory: folder, clock: systemClock });
  expect(await keys()).toHaveLength(500);
});
