import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ResourceError } from '../../base/errors.ts';
import { planContext } from './context-plan.ts';
import { readGgufHeader, type GgufHeader, type GgufValue } from './gguf-header.ts';

let folder: string;
let path: string;

const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};
const u64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** Two metadata values, a long list, and one 8 x 4 matrix of f32. */
function smallGguf(): Buffer {
  const words = Array.from({ length: 2000 }, (_, index) => text(`word${index}`));
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(1),
    u64(3),
    Buffer.concat([text('general.architecture'), u32(8), text('llama')]),
    Buffer.concat([text('llama.block_count'), u32(4), u32(2)]),
    Buffer.concat([text('tokenizer.ggml.tokens'), u32(9), u32(8), u64(words.length), ...words]),
    Buffer.concat([text('token_embd.weight'), u32(2), u64(8), u64(4), u32(0), u64(0)]),
  ]);
  return Buffer.concat([header, Buffer.alloc(Math.ceil(header.length / 32) * 32 - header.length), Buffer.alloc(128)]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-gguf-'));
  path = join(folder, 'model.gguf');
  await writeFile(path, smallGguf());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('readGgufHeader', () => {
  test('reads metadata, tensors and the size the file must have', async () => {
    const header = await readGgufHeader(path);
    expect(header.metadata.get('general.architecture')).toBe('llama');
    expect(header.metadata.get('llama.block_count')).toBe(2);
    expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual({ skipped: true, length: 2000 });
    expect(header.tensors).toEqual([{ name: 'token_embd.weight', dimensions: [8, 4], type: 0, offset: 0 }]);
    expect(header.expectedBytes).toBe((await readFile(path)).length);
    const kept = await readGgufHeader(path, { keepArrays: true });
    expect((kept.metadata.get('tokenizer.ggml.tokens') as GgufValue[])[1999]).toBe('word1999');
  });

  test('a file cut anywhere is refused with the reason and the remedy', async () => {
    const bytes = smallGguf();
    const cut = join(folder, 'cut.gguf');
    for (const length of [0, 3, 20, 500, bytes.length - 129, bytes.length - 1]) {
      await writeFile(cut, bytes);
      await truncate(cut, length);
      const error: unknown = await readGgufHeader(cut).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ResourceError);
      expect(error).toMatchObject({ code: 'model-file-damaged' });
      expect((error as Error).message).toContain('fetch it again');
    }
  });

  test('a missing file and another format are told apart', async () => {
    await expect(readGgufHeader(join(folder, 'none.gguf'))).rejects.toMatchObject({ code: 'model-file-missing' });
    const zip = join(folder, 'zip.gguf');
    await writeFile(zip, Buffer.from('PK\u0003\u0004 and so on, long enough to have a header'));
    await expect(readGgufHeader(zip)).rejects.toThrow('not a GGUF file');
  });

  test('damaged headers never do worse than an error', async () => {
    const bytes = smallGguf();
    const target = join(folder, 'damaged.gguf');
    await fc.assert(
      fc.asyncProperty(fc.nat(400), fc.nat(255), async (position, value) => {
        const damaged = Buffer.from(bytes);
        damaged[position] = value;
        await writeFile(target, damaged);
        const outcome: unknown = await readGgufHeader(target).catch((caught: unknown) => caught);
        expect(outcome instanceof Error ? outcome instanceof ResourceError : true).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('planContext', () => {
  const gigabyte = 2 ** 30;
  const header = (extra: [string, GgufValue][] = []): GgufHeader => ({
    version: 3,
    tensors: [],
    expectedBytes: 0,
    fileBytes: gigabyte,
    metadata: new Map<string, GgufValue>([
      ['general.architecture', 'qwen35'],
      ['qwen35.block_count', 24],
      ['qwen35.context_length', 262_144],
      ['qwen35.embedding_length', 2048],
      ['qwen35.attention.head_count', 8],
      ['qwen35.attention.head_count_kv', 2],
      ['qwen35.attention.key_length', 256],
      ['qwen35.attention.value_length', 256],
      ['tokenizer.ggml.tokens', { skipped: true, length: 150_000 }],
      ...extra,
    ]),
  });
  const plan = (availableGigabytes: number, extra: [string, GgufValue][] = []) =>
    planContext({
      header: header(extra),
      availableBytes: availableGigabytes * gigabyte,
      contextLength: 8192,
      maxSequences: 3,
    });

  test('takes what was asked for when there is room, never the file’s own context', () => {
    expect(plan(16)).toMatchObject({ contextLength: 8192, sequences: 3 });
  });

  test('keeps fewer conversations in memory before it shortens them', () => {
    const tight = plan(2.4);
    expect(tight).toMatchObject({ contextLength: 8192 });
    expect(tight.sequences).toBeLessThan(3);
    expect(plan(2.0).contextLength).toBeLessThan(8192);
  });

  test('says what is missing when it does not fit', () => {
    const error = ((): unknown => {
      try {
        return plan(1.2);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(ResourceError);
    expect(error).toMatchObject({ code: 'model-does-not-fit', details: { usableGigabytes: 1 } });
  });

  test('linear layers keep no cache: a hybrid needs a quarter', () => {
    const hybrid: [string, GgufValue][] = [
      ['qwen35.full_attention_interval', 4],
      ['qwen35.ssm.inner_size', 2048],
      ['qwen35.ssm.state_size', 128],
    ];
    const cacheOf = (needBytes: number): number =>
      needBytes -
      planContext({
        header: header(),
        availableBytes: 64 * gigabyte,
        contextLength: 256,
        maxSequences: 1,
      }).needBytes;
    expect(cacheOf(plan(16, hybrid).needBytes)).toBeLessThan(cacheOf(plan(16).needBytes) / 3);
    expect(plan(16, hybrid).checkpoints).toBe(10);
  });

  test('a file without the numbers it needs is damaged, not a crash', () => {
    const incomplete = header();
    incomplete.metadata.delete('qwen35.block_count');
    const planning = (): unknown =>
      planContext({ header: incomplete, availableBytes: gigabyte, contextLength: 8192, maxSequences: 1 });
    expect(planning).toThrow('qwen35.block_count');
  });
});
