import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { engineAffinity } from '../spec/engine-affinity.ts';
import { StateStore, forgetStates, type SaveRequest, type StateStoreOptions } from './state-store.ts';

let folder: string;
const warnings: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-states-'));
  warnings.length = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const openStore = (options: Partial<StateStoreOptions> = {}): Promise<StateStore> =>
  StateStore.open({
    folder,
    budgetBytes: 1_000_000,
    fingerprint: 'model-a',
    log: (_level, message) => warnings.push(message),
    ...options,
  });

const entryOf = (tokens: number[], options: Partial<SaveRequest> & { bytes?: number } = {}): SaveRequest => ({
  tokens,
  role: 'stable',
  affinity: null,
  write: (path) => writeFile(path, Buffer.alloc(options.bytes ?? 100, tokens.length)),
  ...options,
});

const whole = { cuttable: false };
const cuttable = { cuttable: true };

test('the longest whole prefix is found, also by a store opened later', async () => {
  const store = await openStore();
  await store.save(entryOf([1, 2, 3]));
  await store.save(entryOf([1, 2, 3, 4, 5]));
  await store.save(entryOf([9, 9, 9, 9, 9, 9, 9]));
  for (const reader of [store, await openStore()]) {
    expect((await reader.find([1, 2, 3, 4, 5, 6], whole))?.usable).toBe(5);
    expect((await reader.find([1, 2, 3, 4, 7], whole))?.usable).toBe(3);
    expect(await reader.find([2, 2, 3], whole)).toBeNull();
  }
});

test('a state that can be cut serves its common prefix, and leaves one token to evaluate', async () => {
  const store = await openStore();
  await store.save(entryOf([1, 2, 3, 4]));
  expect((await store.find([1, 2, 9], cuttable))?.usable).toBe(2);
  expect((await store.find([1, 2, 3, 4], cuttable))?.usable).toBe(3);
  expect(await store.find([1, 2, 3, 4], whole)).toBeNull();
});

test('another model never sees it', async () => {
  await (await openStore()).save(entryOf([1, 2, 3]));
  const other = await openStore({ fingerprint: 'model-b' });
  expect(await other.find([1, 2, 3, 4], whole)).toBeNull();
});

test('files are private, and nothing temporary stays', async () => {
  await (await openStore()).save(entryOf([1, 2, 3]));
  const names = await readdir(folder);
  expect(new Set(names.map((name) => name.split('.').at(-1)))).toEqual(new Set(['json', 'state']));
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

test('a changed state is dropped before anybody reads it', async () => {
  const store = await openStore();
  await store.save(entryOf([1, 2, 3]));
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.state'));
  await writeFile(join(folder, name ?? ''), Buffer.alloc(100, 77));
  const found = await store.find([1, 2, 3, 4], whole);
  let read = false;
  const loaded = found && (await store.load(found.entry, async () => (read = true)));
  expect([loaded, read]).toEqual([false, false]);
  expect(await readdir(folder)).toEqual([]);
  expect(warnings).toEqual(['engine state was dropped']);
});

test('an intact state is handed to the reader', async () => {
  const store = await openStore();
  await store.save(entryOf([1, 2, 3]));
  const found = await store.find([1, 2, 3, 4], whole);
  const bytes: Buffer[] = [];
  expect(found && (await store.load(found.entry, async (path) => bytes.push(await readFile(path))))).toBe(true);
  expect(bytes[0]?.equals(Buffer.alloc(100, 3))).toBe(true);
  expect((await readdir(folder)).some((name) => name.endsWith('.loading'))).toBe(false);
});

test('a state whose loading killed the process is not tried again', async () => {
  const store = await openStore();
  await store.save(entryOf([1, 2, 3]));
  const id = (await readdir(folder))[0]?.split('.')[0] ?? '';
  await writeFile(join(folder, `${id}.loading`), '999999999');
  expect(await (await openStore()).find([1, 2, 3, 4], whole)).toBeNull();
});

test('a broken description is dropped with its state', async () => {
  await (await openStore()).save(entryOf([1, 2, 3]));
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  await writeFile(join(folder, name ?? ''), '{"half":');
  expect(await (await openStore()).find([1, 2, 3, 4], whole)).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

test('the least recently used leave when the budget is spent', async () => {
  const store = await openStore({ budgetBytes: 250 });
  await store.save(entryOf([1, 1]));
  await store.save(entryOf([2, 2]));
  const old = new Date(Date.now() - 60_000);
  for (const name of await readdir(folder)) await utimes(join(folder, name), old, old);
  const used = await store.find([1, 1, 0], whole);
  if (used) await store.load(used.entry, async () => undefined);
  await store.save(entryOf([3, 3]));
  expect(await store.find([1, 1, 0], whole)).not.toBeNull();
  expect(await store.find([2, 2, 0], whole)).toBeNull();
  expect(await store.find([3, 3, 0], whole)).not.toBeNull();
});

test('a state larger than half the budget is not kept', async () => {
  const store = await openStore({ budgetBytes: 100 });
  expect(await store.save(entryOf([1, 1]))).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

test('a conversation keeps its latest prompt and turn, and can be forgotten', async () => {
  const store = await openStore();
  await store.save(entryOf([1, 1]));
  await store.save(entryOf([1, 1, 2], { role: 'prompt', affinity: 'a' }));
  await store.save(entryOf([1, 1, 2, 3], { role: 'turn', affinity: 'a' }));
  await store.save(entryOf([1, 1, 5], { role: 'prompt', affinity: 'b' }));
  await store.save(entryOf([1, 1, 2, 3, 4], { role: 'prompt', affinity: 'a' }));
  await store.save(entryOf([1, 1, 6], { role: 'prompt', affinity: engineAffinity('a', 'speaker') }));
  expect((await readdir(folder)).filter((name) => name.endsWith('.state'))).toHaveLength(5);
  expect(await forgetStates(folder, 'a')).toBe(3);
  expect((await store.find([1, 1, 2, 3, 4, 5], whole))?.usable).toBe(2);
  expect((await store.find([1, 1, 5, 6], whole))?.usable).toBe(3);
  expect((await store.find([1, 1, 6, 7], whole))?.usable).toBe(2);
});

test('a failing write costs speed only', async () => {
  const store = await openStore();
  const kept = await store.save(entryOf([1, 2], { write: () => Promise.reject(new Error('ENOSPC: no space left')) }));
  expect(kept).toBe(false);
  expect(await readdir(folder)).toEqual([]);
  expect(warnings).toEqual(['engine state was not kept']);
});
