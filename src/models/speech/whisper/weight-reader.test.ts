import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Ctranslate2File } from './ctranslate2-file.ts';
import { writeCtranslate2, type TestVariable } from './fixtures/tiny-whisper.ts';
import type { OnnxConstant } from './onnx-graph.ts';
import { WeightReader } from './weight-reader.ts';

const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-weights-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function openFile(bytes: Uint8Array): Promise<Ctranslate2File> {
  await writeFile(join(folder, 'model.bin'), bytes);
  return Ctranslate2File.open(join(folder, 'model.bin'), signal);
}

async function bytesOf(constant: OnnxConstant): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of constant.bytes()) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  expect(bytes.length).toBe(constant.byteLength);
  return Buffer.from(bytes);
}

async function floatsOf(constant: OnnxConstant): Promise<number[]> {
  const bytes = await bytesOf(constant);
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index));
}

const exact = [0, 0.5, -1.25, 3, -0.0078125, 64];
const shape = [2, 3];

test.each(['float32', 'float16', 'bfloat16', 'int32'] as const)('%s comes out as it went in', async (kind) => {
  const values = kind === 'int32' ? [0, 1, -2, 3, 100, -7] : exact;
  await using file = await openFile(writeCtranslate2([{ name: 'w', shape, kind, values }]));
  expect(await floatsOf(new WeightReader(file, signal).floats('w', shape))).toEqual(values);
});

test.each([
  ['int8', [4, 2], [2, 2]],
  ['int16', [256], [1]],
] as const)('%s is divided by its scales, row by row or as a whole', async (kind, scales, scaleShape) => {
  const values = [0, 4, -8, 2, 100, -6];
  const weights: TestVariable[] = [
    { name: 'w', shape, kind, values },
    { name: 'w_scale', shape: [scaleShape[0] === 1 ? 1 : scales.length], kind: 'float32', values: scales },
  ];
  await using file = await openFile(writeCtranslate2(weights));
  const expected = values.map((value, index) => value / (scales[scales.length === 1 ? 0 : Math.floor(index / 3)] ?? 1));
  expect(await floatsOf(new WeightReader(file, signal).floats('w', shape))).toEqual(expected);
});

test('a matrix in bytes is within half a step of what it was', async () => {
  const values = Array.from({ length: 4 * 64 }, (_, index) =>
    index < 32 ? 0 : Math.sin(index * index) * (index % 50),
  );
  await using file = await openFile(writeCtranslate2([{ name: 'w', shape: [4, 64], kind: 'float32', values }]));
  const matrix = new WeightReader(file, signal).quantized('w', [4, 64]);
  const bytes = await bytesOf(matrix.bytes);
  const scales = await floatsOf(matrix.scales);
  expect(scales).toHaveLength(8);
  values.forEach((value, index) => {
    const scale = scales[Math.floor(index / 32)] ?? 0;
    expect(Math.abs(((bytes[index] ?? 0) - 128) * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
  });
});

test('an alias is the variable it stands for', async () => {
  const variable: TestVariable = { name: 'w', shape: [1], kind: 'float32', values: [7] };
  await using file = await openFile(writeCtranslate2([variable], { aliases: [['v', 'w']] }));
  expect(await floatsOf(new WeightReader(file, signal).floats('v', [1]))).toEqual([7]);
});

const whole = writeCtranslate2([{ name: 'w', shape, kind: 'float32', values: exact }], { aliases: [['v', 'w']] });

test('a file cut off anywhere, or with something behind it, is refused with what to do', async () => {
  for (let length = 0; length < whole.length; length += 1) {
    await expect(openFile(whole.subarray(0, length))).rejects.toMatchObject({ name: 'InvalidInputError' });
  }
  await expect(openFile(Buffer.concat([whole, Buffer.from([0])]))).rejects.toThrow('Download it again');
});

test.each([
  ['version', 0, 3, 'CTranslate2 3'],
  ['count of variables', 22, 0xffffffff, 'claims to have'],
])('a wild %s is refused', async (_, offset, value, message) => {
  const wild = Buffer.from(whole);
  wild.writeUInt32LE(value, offset);
  await expect(openFile(wild)).rejects.toThrow(message);
});

test('what is missing, or has another shape, is named', async () => {
  await using file = await openFile(whole);
  const reader = new WeightReader(file, signal);
  expect(() => reader.floats('x', shape)).toThrow('it has no x');
  expect(() => reader.floats('w', [3, 2])).toThrow('w is 2 × 3 instead of 3 × 2');
  expect(() => reader.quantized('w', [2, 3])).toThrow('multiples of 32');
});
