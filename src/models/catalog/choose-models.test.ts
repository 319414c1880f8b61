import { beforeAll, describe, expect, test } from 'vitest';
import { loadCatalog, type ModelEntry } from './catalog.ts';
import {
  chooseInstalled,
  chooseRecommended,
  chooseStarter,
  MOST_SILENT_BYTES,
  starterCandidates,
} from './choose-models.ts';
import { usableMemory } from './machine.ts';

let entries: readonly ModelEntry[];
beforeAll(async () => {
  ({ entries } = await loadCatalog());
});
const machine = { ramGiB: 16 };
const none = new Set<string>();

describe('first start', () => {
  test('takes the proper starter where a hub answers, although the fallback is smaller', () => {
    const reachable = new Set(['qwen3.5-0.8b', 'qwen2.5-coder-0.5b', 'qwen3.5-4b']);
    const choice = chooseStarter({ entries, installed: none, reachable, locale: 'zh-CN', machine });
    expect(choice).toMatchObject({ kind: 'fetch', entry: { id: 'qwen3.5-0.8b', fallback: false } });
  });

  test('takes the fallback where only package mirrors answer', () => {
    const reachable = new Set(['qwen2.5-coder-0.5b', 'smollm2-135m']);
    const choice = chooseStarter({ entries, installed: none, reachable, locale: 'en', machine });
    expect(choice).toMatchObject({ kind: 'fetch', entry: { id: 'qwen2.5-coder-0.5b', fallback: true } });
  });

  test('never takes a test model, nor anything large', () => {
    const reachable = new Set(['smollm2-135m', 'qwen3.5-2b', 'qwen3.5-35b-a3b']);
    const choice = chooseStarter({ entries, installed: new Set(['smollm2-135m']), reachable, locale: 'en', machine });
    expect(choice).toEqual({ kind: 'none', reason: 'unreachable' });
    expect(starterCandidates(entries, 'en').every((entry) => entry.sizeBytes <= MOST_SILENT_BYTES)).toBe(true);
  });

  test('an installed model wins without asking anybody', () => {
    const installed = new Set(['qwen2.5-coder-0.5b']);
    const choice = chooseStarter({ entries, installed, reachable: new Set(['qwen3.5-0.8b']), locale: 'en', machine });
    expect(choice).toMatchObject({ kind: 'installed', entry: { id: 'qwen2.5-coder-0.5b' } });
  });
});

describe('among installed models', () => {
  test('a proper one comes before a fallback, and one that fits before one that does not', () => {
    const choose = (ids: string[], ramGiB: number) =>
      chooseInstalled({ entries, installed: new Set(ids), locale: 'en', machine: { ramGiB } })?.id;
    expect(choose(['qwen2.5-coder-0.5b', 'qwen3.5-0.8b'], 8)).toBe('qwen3.5-0.8b');
    expect(choose(['qwen3.5-35b-a3b', 'qwen3.5-2b'], 8)).toBe('qwen3.5-2b');
    expect(choose(['qwen3.5-4b', 'qwen3.5-2b'], 8)).toBe('qwen3.5-4b');
  });

  test('an own file may speak any language', () => {
    const own: ModelEntry = {
      ...entries[0]!,
      id: 'file:mine',
      use: 'own-file',
      languages: [],
      sources: [],
      sizeBytes: 9e9,
    };
    const installed = new Set(['file:mine', 'granite-4.0-h-tiny']);
    const chosen = chooseInstalled({ entries: [...entries, own], installed, locale: 'zh-CN', machine });
    expect(chosen?.id).toBe('file:mine');
  });
});

describe('the recommendation follows memory', () => {
  test.each([
    [1.9, 'qwen3.5-0.8b'],
    [3.7, 'qwen3.5-2b'],
    [7.6, 'qwen3.5-4b'],
    [15.5, 'granite-4.0-h-tiny'],
    [23.5, 'granite-4.0-h-tiny'],
    [31, 'qwen3.5-35b-a3b'],
  ])('%d GiB → %s', (ramGiB, id) => {
    expect(chooseRecommended({ entries, machine: { ramGiB }, locale: 'zh-CN' })?.id).toBe(id);
  });

  test('nothing is recommended to a machine that holds none', () => {
    expect(chooseRecommended({ entries, machine: { ramGiB: 0.5 }, locale: 'en' })).toBeNull();
  });

  test('a container limit counts as the memory there is', () => {
    expect(usableMemory(32, 4)).toBe(4);
    expect(usableMemory(32, 0)).toBe(32);
    expect(usableMemory(32, 2 ** 63)).toBe(32);
  });
});
