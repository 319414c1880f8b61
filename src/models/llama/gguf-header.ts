import { open, type FileHandle } from 'node:fs/promises';
import { ResourceError } from '../../base/errors.ts';

/** A metadata value. 64-bit integers above 2^53 become `bigint`; arrays may be left out (see `readGgufHeader`). */
export type GgufValue = number | bigint | boolean | string | GgufValue[] | SkippedArray;

/** An array that was not kept; only its length is known. */
export interface SkippedArray {
  skipped: true;
  length: number;
}

export interface GgufTensor {
  name: string;
  /** Fastest dimension first. */
  dimensions: number[];
  type: number;
  /** Bytes from the start of the data section. */
  offset: number;
}

export interface GgufHeader {
  version: number;
  metadata: Map<string, GgufValue>;
  tensors: GgufTensor[];
  /** Bytes of the whole file as the header demands it. */
  expectedBytes: number;
  fileBytes: number;
}

/** ggml type id → elements per block, bytes per block (ggml `ggml.c`, `type_traits`). */
const blockSizes = new Map<number, readonly [elements: number, bytes: number]>([
  [0, [1, 4]], // F32
  [1, [1, 2]], // F16
  [2, [32, 18]], // Q4_0
  [3, [32, 20]], // Q4_1
  [6, [32, 22]], // Q5_0
  [7, [32, 24]], // Q5_1
  [8, [32, 34]], // Q8_0
  [9, [32, 36]], // Q8_1
  [10, [256, 84]], // Q2_K
  [11, [256, 110]], // Q3_K
  [12, [256, 144]], // Q4_K
  [13, [256, 176]], // Q5_K
  [14, [256, 210]], // Q6_K
  [15, [256, 292]], // Q8_K
  [16, [256, 66]], // IQ2_XXS
  [17, [256, 74]], // IQ2_XS
  [18, [256, 98]], // IQ3_XXS
  [19, [256, 50]], // IQ1_S
  [20, [32, 18]], // IQ4_NL
  [21, [256, 110]], // IQ3_S
  [22, [256, 82]], // IQ2_S
  [23, [256, 136]], // IQ4_XS
  [24, [1, 1]], // I8
  [25, [1, 2]], // I16
  [26, [1, 4]], // I32
  [27, [1, 8]], // I64
  [28, [1, 8]], // F64
  [29, [256, 56]], // IQ1_M
  [30, [1, 2]], // BF16
  [34, [256, 54]], // TQ1_0
  [35, [256, 66]], // TQ2_0
  [39, [32, 17]], // MXFP4
]);

const magic = 0x46554747; // "GGUF", little endian
const firstReadBytes = 1 << 20;
/** The largest known vocabularies make headers of about 20 MB; beyond this it is not a model. */
const longestHeaderBytes = 256 << 20;
/** No known model has more; a larger count is damage, not a model. */
const mostEntries = 1 << 20;
const mostArrayElements = 1 << 24;
const defaultAlignment = 32;

class NeedsMoreBytes extends Error {}

/**
 * Reads and checks the header of a GGUF file, version 2 or 3
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), and compares the tensor table with the file's size:
 * llama.cpp may abort its process on files that are cut short or damaged there.
 * Throws `ResourceError` naming the damage and the remedy. Long arrays are left out unless `keepArrays`.
 */
export async function readGgufHeader(path: string, options: { keepArrays?: boolean } = {}): Promise<GgufHeader> {
  const file = await openModel(path);
  try {
    const { size } = await file.stat();
    for (let wanted = firstReadBytes; ; wanted *= 4) {
      const length = Math.min(wanted, size);
      const buffer = Buffer.alloc(length);
      await file.read(buffer, 0, length, 0);
      try {
        return parseHeader(buffer, size, options.keepArrays ?? false);
      } catch (error) {
        if (!(error instanceof NeedsMoreBytes)) throw error;
        if (length === size) throw damaged('it ends in the middle of its header');
        if (length >= longestHeaderBytes) throw damaged('its header is implausibly long');
      }
    }
  } finally {
    await file.close();
  }
}

async function openModel(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new ResourceError('The model file cannot be opened. Fetch the model again, or choose another one.', {
      code: 'model-file-missing',
      cause: error,
    });
  }
}

export function damaged(reason: string): ResourceError {
  return new ResourceError(
    `The model file is damaged: ${reason}. Remove it and fetch it again ("everwith models verify" names bad files).`,
    { code: 'model-file-damaged' },
  );
}

function parseHeader(buffer: Buffer, fileBytes: number, keepArrays: boolean): GgufHeader {
  const reader = new GgufReader(buffer, keepArrays);
  if (reader.uint32() !== magic) throw damaged('it is not a GGUF file');
  const version = reader.uint32();
  if (version !== 2 && version !== 3) throw damaged(`it has the unknown GGUF version ${version}`);
  const tensorCount = reader.count('tensors', mostEntries);
  const metadataCount = reader.count('metadata entries', mostEntries);
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < metadataCount; index++) {
    const key = reader.text();
    metadata.set(key, reader.value(reader.uint32()));
  }
  const tensors: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index++) tensors.push(reader.tensor());
  const alignment = metadata.get('general.alignment');
  const align = typeof alignment === 'number' && alignment > 0 ? alignment : defaultAlignment;
  const dataStart = Math.ceil(reader.position / align) * align;
  const expectedBytes = tensors.reduce(
    (end, tensor) => Math.max(end, dataStart + tensor.offset + tensorBytes(tensor)),
    dataStart,
  );
  if (tensors.length === 0) throw damaged('it holds no weights');
  if (expectedBytes > fileBytes) {
    throw damaged(`it is ${fileBytes} bytes long where its header demands ${expectedBytes} (an interrupted download?)`);
  }
  return { version, metadata, tensors, expectedBytes, fileBytes };
}

/** 0 for types this table does not know: then only the start of the tensor is checked. */
export function tensorBytes(tensor: GgufTensor): number {
  const block = blockSizes.get(tensor.type);
  if (!block) return 0;
  const elements = tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
  return Math.ceil(elements / block[0]) * block[1];
}

class GgufReader {
  readonly #buffer: Buffer;
  readonly #keepArrays: boolean;
  position = 0;

  constructor(buffer: Buffer, keepArrays: boolean) {
    this.#buffer = buffer;
    this.#keepArrays = keepArrays;
  }

  #take(bytes: number): number {
    const start = this.position;
    if (start + bytes > this.#buffer.length) throw new NeedsMoreBytes();
    this.position += bytes;
    return start;
  }

  uint32(): number {
    return this.#buffer.readUInt32LE(this.#take(4));
  }

  #uint64(): number | bigint {
    const value = this.#buffer.readBigUInt64LE(this.#take(8));
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  count(what: string, most: number): number {
    const value = this.#uint64();
    if (typeof value === 'bigint' || value > most) throw damaged(`it claims ${value} ${what}`);
    return value;
  }

  text(): string {
    const length = this.count('characters in one text', longestHeaderBytes);
    const start = this.#take(length);
    return this.#buffer.toString('utf8', start, start + length);
  }

  tensor(): GgufTensor {
    const name = this.text();
    const rank = this.uint32();
    if (rank > 4) throw damaged(`tensor "${name.slice(0, 80)}" claims ${rank} dimensions`);
    const dimensions = Array.from({ length: rank }, () =>
      this.count('elements in one dimension', Number.MAX_SAFE_INTEGER),
    );
    const type = this.uint32();
    return { name, dimensions, type, offset: this.count('bytes before a tensor', Number.MAX_SAFE_INTEGER) };
  }

  /** Value types: 0–5 integers of 1, 2 and 4 bytes, 6 f32, 7 bool, 8 string, 9 array, 10–11 64-bit, 12 f64. */
  value(type: number): GgufValue {
    switch (type) {
      case 0:
        return this.#buffer.readUInt8(this.#take(1));
      case 1:
        return this.#buffer.readInt8(this.#take(1));
      case 2:
        return this.#buffer.readUInt16LE(this.#take(2));
      case 3:
        return this.#buffer.readInt16LE(this.#take(2));
      case 4:
        return this.uint32();
      case 5:
        return this.#buffer.readInt32LE(this.#take(4));
      case 6:
        return this.#buffer.readFloatLE(this.#take(4));
      case 7:
        return this.#buffer.readUInt8(this.#take(1)) !== 0;
      case 8:
        return this.text();
      case 9:
        return this.#array();
      case 10:
        return this.#uint64();
      case 11:
        return Number(this.#buffer.readBigInt64LE(this.#take(8)));
      case 12:
        return this.#buffer.readDoubleLE(this.#take(8));
      default:
        throw damaged(`its metadata has the unknown value type ${type}`);
    }
  }

  #array(): GgufValue {
    const type = this.uint32();
    if (type === 9) throw damaged('its metadata nests arrays');
    const length = this.count('elements in one array', mostArrayElements);
    const keep = this.#keepArrays || length <= longestKeptArray;
    if (keep) return Array.from({ length }, () => this.value(type));
    for (let index = 0; index < length; index++) this.#skip(type);
    return { skipped: true, length };
  }

  /** Vocabularies hold hundreds of thousands of texts: stepping over them is ten times faster than decoding. */
  #skip(type: number): void {
    if (type === 8) this.#take(this.count('characters in one text', longestHeaderBytes));
    else this.value(type);
  }
}

/** Per-layer arrays (heads, feed-forward sizes) are kept; vocabularies are not. */
const longestKeptArray = 1024;
