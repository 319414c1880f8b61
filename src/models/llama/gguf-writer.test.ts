import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readGgufHeader } from './gguf-header.ts';
import { writeGguf, type GgufTensorSource } from './gguf-writer.ts';

async function write(tensors: GgufTensorSource[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-gguf-writer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'model.gguf');
  await using file = await open(path, 'w');
  await writeGguf(file, {
    metadata: [
      ['general.architecture', { type: 'string', value: 'bert' }],
      ['bert.block_count', { type: 'uint32', value: 6 }],
      ['bert.attention.layer_norm_epsilon', { type: 'float32', value: 0.5 }],
      ['bert.attention.causal', { type: 'bool', value: false }],
      ['tokenizer.ggml.tokens', { type: 'strings', value: ['▁猫', ''] }],
      ['tokenizer.ggml.token_type', { type: 'int32s', value: [3, -1] }],
      ['tokenizer.ggml.scores', { type: 'float32s', value: [0.25, -8] }],
    ],
    tensors,
  });
  return path;
}

const tensor = (name: string, type: GgufTensorSource['type'], bytes: number): GgufTensorSource => ({
  name,
  type,
  dimensions: [32, 3],
  async *bytes() {
    yield Buffer.alloc(bytes - 1, 7);
    yield Buffer.alloc(1, 7);
  },
});

test('what is written is read back, tensor for tensor', async () => {
  const path = await write([tensor('a', 'Q4_0', 54), tensor('b', 'F16', 192), tensor('c', 'F32', 384)]);
  const { metadata, tensors, expectedBytes, fileBytes } = await readGgufHeader(path, { keepArrays: true });
  expect(Object.fromEntries(metadata)).toEqual({
    'general.architecture': 'bert',
    'bert.block_count': 6,
    'bert.attention.layer_norm_epsilon': 0.5,
    'bert.attention.causal': false,
    'tokenizer.ggml.tokens': ['▁猫', ''],
    'tokenizer.ggml.token_type': [3, -1],
    'tokenizer.ggml.scores': [0.25, -8],
  });
  expect(tensors.map(({ name, type, offset }) => [name, type, offset])).toEqual([
    ['a', 2, 0],
    ['b', 1, 64],
    ['c', 0, 256],
  ]);
  expect(fileBytes).toBe(expectedBytes);
});

test('a tensor that gives another number of bytes is a fault, not a damaged file', async () => {
  await expect(write([tensor('a', 'F16', 190)])).rejects.toThrow(/190 bytes instead of 192/);
});
