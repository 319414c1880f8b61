import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidInputError } from '../../base/errors.ts';
import { convertMiniLm } from './minilm-gguf.ts';
import { SafetensorsFile } from './safetensors-file.ts';

let folder: string;
const never = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-minilm-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function safetensors(header: unknown, data: Buffer): Promise<string> {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const path = join(folder, 'model.safetensors');
  await writeFile(path, Buffer.concat([length, text, data]));
  return path;
}
const floats = (...values: number[]) => Buffer.from(new Float32Array(values).buffer);

describe('a safetensors file', () => {
  test('gives the floats of a tensor', async () => {
    const header = { __metadata__: { format: 'pt' }, a: { dtype: 'F32', shape: [2, 1], data_offsets: [4, 12] } };
    await using file = await SafetensorsFile.open(await safetensors(header, floats(9, 1.5, -2)));
    expect([...(await file.floats('a', [2, 1]))]).toEqual([1.5, -2]);
    await expect(file.floats('a', [1, 2])).rejects.toThrow(/2 × 1/);
    await expect(file.floats('b', [1])).rejects.toThrow(/no tensor b/);
  });

  test.each([
    ['a header longer than the file', null, Buffer.from('ffffffffffffff7f', 'hex')],
    ['no JSON', '{', floats(1)],
    ['no table', '[1]', floats(1)],
    ['a tensor beyond the end', { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, floats(1)],
    ['a size that is not its shape', { a: { dtype: 'F32', shape: [3], data_offsets: [0, 4] } }, floats(1)],
    ['offsets that run backwards', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 0] } }, floats(1)],
  ])('is refused with %s', async (_name, header, data) => {
    const path = header === null ? join(folder, 'broken') : await safetensors(header, data);
    if (header === null) await writeFile(path, data);
    await expect(SafetensorsFile.open(path)).rejects.toThrow(InvalidInputError);
  });
});

describe('the converter of MiniLM', () => {
  test('leaves nothing behind where the inputs are something else', async () => {
    const weights = await safetensors({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, floats(1));
    const vocabulary = join(folder, 'vocab.txt');
    const target = join(folder, 'out.gguf');
    await writeFile(vocabulary, 'one\ntwo\n');
    const inputs = { safetensors: weights, vocabulary };
    await expect(convertMiniLm({ inputs, target, signal: never })).rejects.toThrow(/2 tokens instead of 30522/);
    await writeFile(vocabulary, 'word\n'.repeat(30_522));
    await expect(convertMiniLm({ inputs, target, signal: never })).rejects.toThrow(/no tensor/);
    await expect(convertMiniLm({ inputs: {}, target, signal: never })).rejects.toThrow(/"safetensors"/);
    expect(await readdir(folder)).not.toContain('out.gguf');
  });
});
