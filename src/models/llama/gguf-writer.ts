import { open, rm, type FileHandle } from 'node:fs/promises';

/** A metadata value with the type it is written as. */
export type GgufField =
  | { type: 'uint32' | 'float32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'int32s' | 'float32s'; value: readonly number[] };

/** A tensor whose bytes are made when they are written. */
export interface GgufTensorSource {
  name: string;
  /** Fastest dimension first. */
  dimensions: readonly number[];
  type: 'F32' | 'F16' | 'Q4_0';
  /** All of them together are `byteLength` long. */
  bytes(): AsyncIterable<Uint8Array>;
}

export interface GgufSource {
  metadata: readonly (readonly [key: string, field: GgufField])[];
  tensors: readonly GgufTensorSource[];
}

const VERSION = 3;
const ALIGNMENT = 32;
const FIELD_TYPES = { uint32: 4, float32: 6, bool: 7, string: 8, strings: 8, int32s: 5, float32s: 6 } as const;
const ARRAY = 9;
/** ggml type id, elements and bytes of a block. */
const TENSOR_TYPES = { F32: [0, 1, 4], F16: [1, 1, 2], Q4_0: [2, 32, 18] } as const;

/** A GGUF file at `target`, on disk when it resolves; where it cannot be written whole, nothing stays there. */
export async function writeGgufFile(target: string, source: GgufSource): Promise<void> {
  const output = await open(target, 'w');
  try {
    await writeGguf(output, source);
    await output.sync();
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await output.close();
  }
}

/**
 * Writes a GGUF file, version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), in the order given: the
 * same source gives the same bytes.
 */
export async function writeGguf(file: FileHandle, { metadata, tensors }: GgufSource): Promise<void> {
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(VERSION),
    uint64(tensors.length),
    uint64(metadata.length),
    ...metadata.map(([key, field]) => Buffer.concat([text(key), fieldBytes(field)])),
    ...tensorTable(tensors),
  ]);
  await file.appendFile(head);
  await file.appendFile(Buffer.alloc(padding(head.length)));
  for (const tensor of tensors) {
    let written = 0;
    for await (const bytes of tensor.bytes()) {
      written += bytes.length;
      await file.appendFile(bytes);
    }
    const expected = ggufTensorBytes(tensor);
    if (written !== expected) throw new Error(`${tensor.name} gave ${written} bytes instead of ${expected}`);
    await file.appendFile(Buffer.alloc(padding(written)));
  }
}

export function ggufTensorBytes({ type, dimensions }: Pick<GgufTensorSource, 'type' | 'dimensions'>): number {
  const [, elements, bytes] = TENSOR_TYPES[type];
  return (dimensions.reduce((product, dimension) => product * dimension, 1) / elements) * bytes;
}

function tensorTable(tensors: readonly GgufTensorSource[]): Buffer[] {
  let offset = 0;
  return tensors.map((tensor) => {
    const row = Buffer.concat([
      text(tensor.name),
      uint32(tensor.dimensions.length),
      ...tensor.dimensions.map(uint64),
      uint32(TENSOR_TYPES[tensor.type][0]),
      uint64(offset),
    ]);
    const bytes = ggufTensorBytes(tensor);
    offset += bytes + padding(bytes);
    return row;
  });
}

function fieldBytes(field: GgufField): Buffer {
  const type = uint32(FIELD_TYPES[field.type]);
  switch (field.type) {
    case 'uint32':
      return Buffer.concat([type, uint32(field.value)]);
    case 'float32':
      return Buffer.concat([type, float32(field.value)]);
    case 'bool':
      return Buffer.concat([type, Buffer.from([field.value ? 1 : 0])]);
    case 'string':
      return Buffer.concat([type, text(field.value)]);
    case 'strings':
      return Buffer.concat([uint32(ARRAY), type, uint64(field.value.length), ...field.value.map(text)]);
    case 'int32s':
      return Buffer.concat([uint32(ARRAY), type, uint64(field.value.length), numbers(new Int32Array(field.value))]);
    case 'float32s':
      return Buffer.concat([uint32(ARRAY), type, uint64(field.value.length), numbers(new Float32Array(field.value))]);
    default:
      return field satisfies never;
  }
}

function numbers(values: Int32Array | Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function padding(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
}
