import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import type { EmbeddingChoiceValue } from './embedding-choice.ts';
import { NOTHING_TO_FETCH, type EmbeddingSource, type UnchosenOffer } from './embedding-source.ts';
import { HouseEmbeddingDirectory } from './house-embedding-directory.ts';

const signal = new AbortController().signal;

function handle(ref: string, place: EmbeddingHandle['place'], dimensions = 4): EmbeddingHandle {
  const embed = async (texts: readonly string[]) => texts.map(() => new Float32Array(dimensions));
  return { ref, label: ref, place, dimensions, maxTokens: 512, languages: [], embed };
}

function offer(ref: string, place: EmbeddingHandle['place'], state: UnchosenOffer['state']): UnchosenOffer {
  return { ...NOTHING_TO_FETCH, ref, label: ref, place, state, providerName: null, languages: [], licence: null };
}

/** Two models of this computer and one of a provider; tests say what is installed. */
let installed: Set<string>;
let stored: EmbeddingChoiceValue;
let directory: HouseEmbeddingDirectory;

const local: EmbeddingSource = {
  list: async () =>
    ['local:first', 'local:second'].map((ref) => offer(ref, 'local', installed.has(ref) ? 'installed' : 'absent')),
  resolve: async ({ ref }) => (installed.has(ref) && ref.startsWith('local:') ? handle(ref, 'local') : null),
};
const remote: EmbeddingSource = {
  list: async () => (installed.has('provider:p/m') ? [offer('provider:p/m', 'provider', 'installed')] : []),
  resolve: async ({ ref, dimensions }) =>
    installed.has(ref) && ref === 'provider:p/m' && dimensions !== null ? handle(ref, 'provider', dimensions) : null,
  probe: async (ref) => (ref === 'provider:p/m' ? { dimensions: 7 } : null),
};

beforeEach(() => {
  installed = new Set(['provider:p/m']);
  stored = { model: 'automatic', dimensions: {} };
  const choice = {
    read: async () => stored,
    write: async (value: EmbeddingChoiceValue) => {
      stored = value;
    },
  };
  directory = new HouseEmbeddingDirectory({ choice, scripted: null, local, remote });
});

const current = async () => (await directory.current(signal))?.ref ?? null;

describe('where nobody chose', () => {
  test('the first that is installed is used, and never a provider’s', async () => {
    expect(await current()).toBeNull();
    installed.add('local:second');
    expect(await current()).toBe('local:second');
    installed.add('local:first');
    expect(await current()).toBe('local:first');
    expect((await directory.list()).filter(({ chosen }) => chosen).map(({ ref }) => ref)).toEqual(['local:first']);
  });
});

describe('a choice', () => {
  test('of one that is not here yet is used from when it is', async () => {
    installed.add('local:second');
    await directory.choose('local:first');
    expect(await current()).toBeNull();
    installed.add('local:first');
    expect(await current()).toBe('local:first');
  });

  test('of a provider’s model asks it for the length of its vectors once', async () => {
    await directory.choose('provider:p/m');
    expect(stored).toEqual({ model: 'provider:p/m', dimensions: { 'provider:p/m': 7 } });
    expect((await directory.current(signal))?.dimensions).toBe(7);
    await directory.choose(null);
    expect((await directory.resolve('provider:p/m', signal))?.dimensions).toBe(7);
    await directory.choose('provider:p/m');
    installed.delete('provider:p/m');
    expect(await current()).toBeNull();
  });

  test('of none keeps memory lexical', async () => {
    installed.add('local:first');
    await directory.choose(null);
    expect(await current()).toBeNull();
    expect((await directory.resolve('local:first', signal))?.ref).toBe('local:first');
  });

  test('of one that does not exist is refused and changes nothing', async () => {
    await expect(directory.choose('local:none')).rejects.toMatchObject({ code: 'model-unknown' });
    expect(stored.model).toBe('automatic');
  });

  test('of one whose files were removed is forgotten', async () => {
    installed = new Set(['local:first', 'local:second']);
    await directory.choose('local:second');
    installed.delete('local:second');
    await directory.forget('local:second');
    expect(await current()).toBe('local:first');
  });
});

test('listeners hear of what is in use, not of what is only offered', async () => {
  const told = vi.fn<() => void>();
  const listening = directory.onChange(told);
  await directory.check();
  expect(told).not.toHaveBeenCalled();
  installed.add('local:second');
  await directory.check();
  expect(told).toHaveBeenCalledTimes(1);
  await directory.choose('local:second');
  expect(told).toHaveBeenCalledTimes(1);
  installed.add('local:first');
  await directory.check();
  expect(told).toHaveBeenCalledTimes(1);
  await directory.choose(null);
  expect(told).toHaveBeenCalledTimes(2);
  listening[Symbol.dispose]();
  await directory.choose('local:first');
  expect(told).toHaveBeenCalledTimes(2);
});

test('a change is heard of once, however many look for it at the same time, and also right after one began to listen', async () => {
  installed.add('local:first');
  installed.add('local:second');
  const told = vi.fn<() => void>();
  using _listening = directory.onChange(told);
  await Promise.all([directory.choose('local:second'), directory.check(), directory.check()]);
  expect(told).toHaveBeenCalledTimes(1);
});
