import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AbortedError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { PcmChunk, SpeechHandle, SynthesisRequest } from '../../spec/speech-handle.ts';
import { SpeechCache, type SpeechCacheOptions } from './speech-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-speech-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Says a thousand samples for each word, and remembers what it was asked. */
function createVoice(): SpeechHandle & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ref: 'local:double',
    label: 'Double',
    place: 'this-computer',
    emotions: ['neutral'],
    speechModel: {
      specificationVersion: 'v4',
      provider: 'double',
      modelId: 'double',
      doGenerate: () => Promise.reject(new Error('unscripted')),
    },
    warm: () => Promise.reject(new Error('unscripted')),
    async *synthesize({ text }) {
      asked.push(text);
      for (const word of text.split(' ')) {
        if (word === 'FAIL') throw new Error('the engine is lost');
        yield { samples: new Float32Array(1_000).fill(word.length / 100), sampleRate: 24_000 };
      }
    },
  };
}

function ask(text: string, change: Partial<SynthesisRequest> = {}): SynthesisRequest {
  const signal = new AbortController().signal;
  return { text, language: 'en', voice: 'one', speed: 1, pitch: 0, emotion: 'neutral', signal, ...change };
}

async function hear(chunks: AsyncIterable<PcmChunk>): Promise<number[]> {
  const samples: number[] = [];
  for await (const chunk of chunks) samples.push(...chunk.samples);
  return samples;
}

function open(options: Partial<SpeechCacheOptions> = {}): Promise<SpeechCache> {
  return SpeechCache.open({ logger: silentLogger(), ...options });
}

describe('a line that was spoken before', () => {
  test('is not made again, and sounds the same to 16 bits', async () => {
    const voice = createVoice();
    await using cache = await open();
    const handle = cache.remember(voice);
    const first = await hear(handle.synthesize(ask('uh huh yes')));
    const again = await hear(handle.synthesize(ask('uh huh yes')));
    expect(voice.asked).toEqual(['uh huh yes']);
    expect(again.length).toBe(first.length);
    for (const [index, sample] of again.entries()) expect(Math.abs(sample - (first[index] ?? 9))).toBeLessThan(1e-4);
  });

  test.each([
    { text: 'uh huh!' },
    { voice: 'two' },
    { language: 'zh' },
    { speed: 1.1 },
    { pitch: 1 },
    { emotion: 'happy' as const },
  ])('is another one with %j', async (change) => {
    const voice = createVoice();
    await using cache = await open();
    const handle = cache.remember(voice);
    await hear(handle.synthesize(ask('uh huh')));
    await hear(handle.synthesize(ask(change.text ?? 'uh huh', change)));
    expect(voice.asked.length).toBe(2);
  });

  test('is not known when it was not spoken to its end', async () => {
    const voice = createVoice();
    await using cache = await open();
    const handle = cache.remember(voice);
    for await (const _ of handle.synthesize(ask('one two three'))) break;
    await expect(hear(handle.synthesize(ask('one FAIL')))).rejects.toThrow('lost');
    await hear(handle.synthesize(ask('one two three')));
    expect(voice.asked).toEqual(['one two three', 'one FAIL', 'one two three']);
  });

  test('is not said to somebody who has left', async () => {
    await using cache = await open();
    const handle = cache.remember(createVoice());
    await hear(handle.synthesize(ask('bye')));
    await expect(hear(handle.synthesize(ask('bye', { signal: AbortSignal.abort() })))).rejects.toBeInstanceOf(
      AbortedError,
    );
  });
});

test('memory is bounded: the longest unused lines leave, a huge one is not kept at all', async () => {
  const voice = createVoice();
  // Four lines of 2,000 bytes; the largest share is a quarter.
  await using cache = await open({ memoryBytes: 8_000 });
  const handle = cache.remember(voice);
  for (const text of ['a', 'b', 'c', 'd', 'a', 'e', 'a', 'b']) await hear(handle.synthesize(ask(text)));
  expect(voice.asked).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
  await hear(handle.synthesize(ask('x y')));
  await hear(handle.synthesize(ask('x y')));
  expect(voice.asked.slice(6)).toEqual(['x y', 'x y']);
});

describe('on the disk', () => {
  async function speakOnce(text: string, options: Partial<SpeechCacheOptions> = {}): Promise<string[]> {
    const voice = createVoice();
    await using cache = await open({ folder, ...options });
    await hear(cache.remember(voice).synthesize(ask(text)));
    return voice.asked;
  }

  test('a line outlives the process, readable by its owner only', async () => {
    expect(await speakOnce('good night')).toEqual(['good night']);
    expect(await speakOnce('good night')).toEqual([]);
    const [name = ''] = await readdir(folder);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect(name).not.toContain('night');
  });

  test.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, 99)],
    ['changed', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 60), Buffer.from([1]), bytes.subarray(61)])],
    ['empty', () => Buffer.alloc(0)],
  ])('a %s one is dropped and made again', async (_name, damage) => {
    await speakOnce('good night');
    const [name = ''] = await readdir(folder);
    const path = join(folder, name);
    await writeFile(path, damage(await readFile(path)));
    expect(await speakOnce('good night')).toEqual(['good night']);
    expect(await speakOnce('good night')).toEqual([]);
  });

  test('the folder stays within its bytes', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) await speakOnce(text, { diskBytes: 7_000 });
    const names = await readdir(folder);
    expect(names.length).toBeLessThanOrEqual(3);
    expect(await speakOnce('f', { diskBytes: 7_000 })).toEqual([]);
  });

  test('everything can be forgotten', async () => {
    const voice = createVoice();
    await using cache = await open({ folder });
    const handle = cache.remember(voice);
    await hear(handle.synthesize(ask('secret')));
    await cache.clear();
    expect(await readdir(folder)).toEqual([]);
    await hear(handle.synthesize(ask('secret')));
    expect(voice.asked.length).toBe(2);
  });
});
