import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { convertCtranslate2Whisper } from './convert-ctranslate2.ts';
import {
  CONFIG,
  tinyWhisper,
  VOCABULARY,
  WIDTH,
  writeCtranslate2,
  type TestVariable,
} from './fixtures/tiny-whisper.ts';
import { readWhisperBundle } from './whisper-bundle.ts';

const { signal } = new AbortController();
let folder: string;
const path = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-convert-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface TestModel {
  variables?: TestVariable[];
  specification?: string;
  vocabulary?: readonly string[];
  config?: unknown;
}

async function convert({
  variables = tinyWhisper(),
  specification,
  vocabulary,
  config,
}: TestModel = {}): Promise<string> {
  await writeFile(path('model.bin'), writeCtranslate2(variables, specification === undefined ? {} : { specification }));
  await writeFile(path('vocabulary.txt'), (vocabulary ?? VOCABULARY).join('\n') + '\n');
  await writeFile(path('config.json'), JSON.stringify(config ?? CONFIG));
  const inputs = { ctranslate2: path('model.bin'), vocabulary: path('vocabulary.txt'), config: path('config.json') };
  await convertCtranslate2Whisper({ inputs, target: path('out.bin'), signal });
  return path('out.bin');
}

test('the sizes, the tokens and the words of a model are in its bundle', async () => {
  const bundle = await readWhisperBundle(await convert());
  expect(bundle.dimensions).toEqual({
    vocabulary: 14,
    audioContext: 8,
    audioState: WIDTH,
    audioHeads: 2,
    audioLayers: 1,
    textContext: 16,
    textState: WIDTH,
    textHeads: 2,
    textLayers: 1,
    melBands: 4,
  });
  expect(bundle.tokens).toEqual({
    end: 6,
    start: 7,
    languages: { en: 8, zh: 9 },
    transcribe: 10,
    previous: 11,
    noSpeech: 12,
    noTimestamps: 13,
    suppressed: [0],
    suppressedFirst: [1, 6],
  });
  expect(bundle.vocabulary.map((token) => Buffer.from(token).toString('latin1'))).toEqual([
    '!',
    'a',
    ' b',
    '\xe4\xbd',
    '\xa0',
    '',
  ]);
});

test('the same model gives the same bytes', async () => {
  const first = await readFile(await convert());
  expect((await readFile(await convert())).equals(first)).toBe(true);
});

test('the runtime runs both halves, and a token at a time says what all at once says', async () => {
  const bundle = await readWhisperBundle(await convert());
  const encoder = await InferenceSession.create(bundle.encoder);
  const decoder = await InferenceSession.create(bundle.decoder);
  const mel = new Tensor(
    'float32',
    Float32Array.from({ length: 4 * 12 }, (_, index) => Math.cos(index)),
    [1, 4, 12],
  );
  const heard = await encoder.run({ mel });
  expect(heard['cross_key_0']?.dims).toEqual([1, 2, 6, WIDTH / 2]);
  const step = (ids: number[], start: number, past: Record<string, Tensor>) =>
    decoder.run({
      ...heard,
      past_key_0: past['key_0'] ?? new Tensor('float32', new Float32Array(0), [1, 2, 0, WIDTH / 2]),
      past_value_0: past['value_0'] ?? new Tensor('float32', new Float32Array(0), [1, 2, 0, WIDTH / 2]),
      tokens: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
      positions: new Tensor(
        'int64',
        BigInt64Array.from(ids, (_, index) => BigInt(start + index)),
        [ids.length],
      ),
    });
  const together = (await step([7, 8, 10, 2], 0, {}))['logits'];
  let past: Record<string, Tensor> = {};
  for (const [index, id] of [7, 8, 10, 2].entries()) past = await step([id], index, past);
  expect(together?.dims).toEqual([1, 1, 14]);
  const [whole, apart] = [together?.data as Float32Array, past['logits']?.data as Float32Array];
  expect(new Set(whole).size).toBeGreaterThan(10);
  whole.forEach((value, index) => expect(Math.abs(value - (apart[index] ?? Infinity))).toBeLessThan(0.02));
  await Promise.all([encoder.release(), decoder.release()]);
});

const without = (name: string): TestVariable[] => tinyWhisper().filter((variable) => variable.name !== name);

test.each<[string, TestModel, string]>([
  ['another model', { specification: 'TransformerSpec' }, 'not a Whisper'],
  ['a missing matrix', { variables: without('decoder/layer_0/attention/linear_1/weight') }, 'linear_1/weight'],
  ['a missing count of heads', { variables: without('encoder/num_heads') }, 'num_heads'],
  ['a vocabulary of another model', { vocabulary: VOCABULARY.slice(1) }, '13 tokens instead of 14'],
  ['a vocabulary that is not of bytes', { vocabulary: VOCABULARY.with(1, '汉') }, 'not a byte-level one'],
  ['one language only', { vocabulary: VOCABULARY.with(10, 'x') }, 'no multilingual Whisper'],
  ['a language that is none', { config: { ...CONFIG, lang_ids: [0] } }, 'token 0 is no language'],
  ['a config of something else', { config: [] }, 'config.json'],
])('%s is refused, and nothing is left', async (_, model, message) => {
  await expect(convert(model)).rejects.toThrow(message);
  await expect(access(path('out.bin'))).rejects.toThrow('ENOENT');
});

test('a stop leaves nothing either', async () => {
  await convert();
  await rm(path('out.bin'));
  const inputs = { ctranslate2: path('model.bin'), vocabulary: path('vocabulary.txt'), config: path('config.json') };
  const stopped = AbortSignal.abort();
  await expect(convertCtranslate2Whisper({ inputs, target: path('out.bin'), signal: stopped })).rejects.toThrow(
    'abort',
  );
  await expect(access(path('out.bin'))).rejects.toThrow('ENOENT');
});

test('a bundle that is not whole is refused', async () => {
  const bytes = await readFile(await convert());
  for (const cut of [0, 4, 11, 40, bytes.length - 1]) {
    await writeFile(path('cut.bin'), bytes.subarray(0, cut));
    await expect(readWhisperBundle(path('cut.bin'))).rejects.toThrow('not a whole Whisper model');
  }
});
