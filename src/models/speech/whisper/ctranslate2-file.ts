import { open, type FileHandle } from 'node:fs/promises';
import { InvalidInputError } from '../../../base/errors.ts';

/** How numbers are kept (OpenNMT/CTranslate2 `include/ctranslate2/types.h`, `DataType`; the order is the id). */
const NUMBER_KINDS = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];
const bytesPerNumber: Record<NumberKind, number> = {
  float32: 4,
  int8: 1,
  int16: 2,
  int32: 4,
  float16: 2,
  bfloat16: 2,
};

export interface Ctranslate2Variable {
  name: string;
  /** Slowest dimension first; empty for a single number. */
  shape: number[];
  kind: NumberKind;
  /** Bytes from the start of the file. */
  offset: number;
}

/** Only versions since 4 name the kind of their numbers; 6 is the newest known. */
const OLDEST_VERSION = 4;
const NEWEST_VERSION = 6;
/** Whisper large has some 1,300 variables. */
const MOST_VARIABLES = 16_384;
const MOST_DIMENSIONS = 4;
const MOST_NAME_BYTES = 1024;
/** One read of the header; a name and a shape fit many times. */
const HEADER_READ_BYTES = 4096;

/**
 * A model of CTranslate2 (`python/ctranslate2/specs/model_spec.py`, `_serialize`), little endian: u32 version, string
 * name of the specification, u32 its revision, u32 count of variables, each {string name, u8 rank, u32 × rank
 * dimensions, u8 kind, u32 bytes, data}, u32 count of aliases, each {string alias, string name}. A string is its u16
 * length with a closing zero. The variables are found by one walk and read from disk when they are asked for.
 */
export class Ctranslate2File implements AsyncDisposable {
  readonly specification: string;
  readonly #handle: FileHandle;
  readonly #variables: Map<string, Ctranslate2Variable>;

  private constructor(handle: FileHandle, specification: string, variables: Map<string, Ctranslate2Variable>) {
    this.#handle = handle;
    this.specification = specification;
    this.#variables = variables;
  }

  /** Throws `InvalidInputError` (`weights-damaged`, `weights-unknown`) for anything else than such a model. */
  static async open(path: string, signal: AbortSignal): Promise<Ctranslate2File> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const header = new HeaderReader(handle, size);
      const version = await header.number(4);
      if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
        throw new InvalidInputError(
          `The speech model has the format CTranslate2 ${version}; ${OLDEST_VERSION} to ${NEWEST_VERSION} are known.`,
          { code: 'weights-unknown' },
        );
      }
      const specification = await header.text();
      await header.number(4);
      const variables = await readVariables(header, signal);
      await addAliases(header, variables);
      if (header.position !== size) throw damaged(`${size - header.position} bytes follow its end`);
      return new Ctranslate2File(handle, specification, variables);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  find(name: string): Ctranslate2Variable | undefined {
    return this.#variables.get(name);
  }

  /** Throws `InvalidInputError` when there is none, or it has another shape than `shape`. */
  require(name: string, shape?: readonly number[]): Ctranslate2Variable {
    const variable = this.#variables.get(name);
    if (!variable) throw damaged(`it has no ${name}`);
    if (shape && shape.join() !== variable.shape.join()) {
      throw damaged(`${name} is ${variable.shape.join(' × ')} instead of ${shape.join(' × ')}`);
    }
    return variable;
  }

  /** `count` numbers of a variable from its `first` on, in the order they are kept, as they are kept (no scales). */
  async read(variable: Ctranslate2Variable, first: number, count: number): Promise<Float32Array> {
    const width = bytesPerNumber[variable.kind];
    const bytes = Buffer.allocUnsafeSlow(count * width);
    await readFully(this.#handle, bytes, variable.offset + first * width);
    return toFloats(bytes.buffer, variable.kind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

export function countNumbers(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

async function readVariables(header: HeaderReader, signal: AbortSignal): Promise<Map<string, Ctranslate2Variable>> {
  const variables = new Map<string, Ctranslate2Variable>();
  const count = await header.number(4);
  if (count > MOST_VARIABLES) throw damaged(`it claims to have ${count} variables`);
  for (let index = 0; index < count; index += 1) {
    signal.throwIfAborted();
    const name = await header.text();
    const rank = await header.number(1);
    if (rank > MOST_DIMENSIONS) throw damaged(`${name} claims to have ${rank} dimensions`);
    const shape: number[] = [];
    for (let dimension = 0; dimension < rank; dimension += 1) shape.push(await header.number(4));
    const id = await header.number(1);
    const kind = NUMBER_KINDS[id];
    if (!kind) throw damaged(`${name} has numbers of the unknown kind ${id}`);
    const bytes = await header.number(4);
    if (bytes !== countNumbers(shape) * bytesPerNumber[kind])
      throw damaged(`${name} has ${bytes} bytes, not its shape's`);
    variables.set(name, { name, shape, kind, offset: header.position });
    header.skip(bytes);
  }
  return variables;
}

async function addAliases(header: HeaderReader, variables: Map<string, Ctranslate2Variable>): Promise<void> {
  const count = await header.number(4);
  if (count > MOST_VARIABLES) throw damaged(`it claims to have ${count} aliases`);
  for (let index = 0; index < count; index += 1) {
    const alias = await header.text();
    const name = await header.text();
    const variable = variables.get(name);
    if (!variable) throw damaged(`${alias} stands for ${name}, which it has not`);
    variables.set(alias, variable);
  }
}

/** Reads numbers and names one after another, refilling a small window; data is skipped, never read. */
class HeaderReader {
  position = 0;
  readonly #handle: FileHandle;
  readonly #size: number;
  #window = Buffer.alloc(0);
  #windowStart = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  async number(bytes: 1 | 2 | 4): Promise<number> {
    return (await this.#take(bytes)).readUIntLE(0, bytes);
  }

  async text(): Promise<string> {
    const length = await this.number(2);
    if (length === 0 || length > MOST_NAME_BYTES) throw damaged(`a name claims to have ${length} bytes`);
    const bytes = await this.#take(length);
    if (bytes[length - 1] !== 0) throw damaged('a name does not end');
    return bytes.toString('utf8', 0, length - 1);
  }

  skip(bytes: number): void {
    this.position += bytes;
    if (this.position > this.#size) throw damaged('it ends too early');
  }

  async #take(bytes: number): Promise<Buffer> {
    const start = this.position;
    this.skip(bytes);
    if (start < this.#windowStart || this.position > this.#windowStart + this.#window.length) {
      this.#window = Buffer.alloc(Math.min(HEADER_READ_BYTES, this.#size - start));
      this.#windowStart = start;
      await readFully(this.#handle, this.#window, start);
    }
    return this.#window.subarray(start - this.#windowStart, this.position - this.#windowStart);
  }
}

async function readFully(handle: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw damaged('it ends too early');
    done += bytesRead;
  }
}

function toFloats(buffer: ArrayBufferLike, kind: NumberKind): Float32Array {
  switch (kind) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float16':
      return Float32Array.from(new Float16Array(buffer));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer));
    case 'int32':
      return Float32Array.from(new Int32Array(buffer));
    case 'bfloat16':
      // The upper half of a float32.
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer);
    default:
      throw new Error(`Unknown kind ${String(kind satisfies never)}`);
  }
}

export function damaged(what: string): InvalidInputError {
  return new InvalidInputError(`The speech model is damaged: ${what}. Download it again.`, { code: 'weights-damaged' });
}
