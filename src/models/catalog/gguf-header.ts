import { open, type FileHandle } from 'node:fs/promises';
import { InvalidInputError } from '../../base/errors.ts';

/** What a GGUF file says of itself. Format: ggml `docs/gguf.md`, versions 2 and 3 (little-endian). */
export interface GgufHeader {
  version: number;
  architecture: string;
  name: string | null;
  licence: string | null;
  /** Tokens; null when the file does not say. */
  contextLength: number | null;
  /** Files of a split model say how many there are. */
  splitCount: number;
  tensorCount: number;
}

/** Far above any real model; a file that claims more is damaged or hostile. */
const MOST_ENTRIES = 65_536;
const MOST_TENSORS = 65_536;
const MOST_METADATA_BYTES = 256 * 1024 * 1024;
/** Chat templates are tens of kilobytes. */
const MOST_KEPT_STRING = 1024 * 1024;
const WINDOW_BYTES = 1024 * 1024;

/** Bytes of a scalar by its value type number; 8 is a string, 9 an array. */
const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

/**
 * Reads and checks the header of a GGUF file: magic, version, metadata, and that the last tensor begins inside the file.
 * Reads in bounded memory whatever the file claims. Throws `InvalidInputError` with a reason a person understands.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const reader = new HeaderReader(file, size);
    return await parseHeader(reader, size);
  } finally {
    await file.close();
  }
}

async function parseHeader(reader: HeaderReader, size: number): Promise<GgufHeader> {
  const magic = await reader.bytes(4);
  if (magic.toString('latin1') !== 'GGUF') throw notGguf('it does not begin with the letters GGUF');
  const version = await reader.uint32();
  if (version !== 2 && version !== 3) throw notGguf(`its format version ${version} is not 2 or 3`);
  const tensorCount = await reader.count(MOST_TENSORS, 'tensors');
  const entryCount = await reader.count(MOST_ENTRIES, 'metadata entries');
  if (tensorCount === 0) throw notGguf('it holds no tensors');
  const metadata = new Map<string, string | number>();
  for (let index = 0; index < entryCount; index += 1) {
    const key = await reader.string();
    const value = await readValue(reader, await reader.uint32());
    if (value !== null) metadata.set(key, value);
  }
  await checkTensors({ reader, tensorCount, alignment: numberOf(metadata.get('general.alignment')) ?? 32, size });
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === '') throw notGguf('it does not name its architecture');
  return {
    version,
    architecture,
    name: textOf(metadata.get('general.name')),
    licence: textOf(metadata.get('general.license')),
    contextLength: numberOf(metadata.get(`${architecture}.context_length`)),
    splitCount: numberOf(metadata.get('split.count')) ?? 1,
    tensorCount,
  };
}

/** A scalar or string; null for arrays, which are only skipped. */
async function readValue(reader: HeaderReader, type: number, depth = 0): Promise<string | number | null> {
  if (type === 8) return reader.string();
  if (type === 9) {
    // The format allows arrays of arrays; nobody nests them deeply.
    if (depth > 2) throw notGguf('its metadata are nested too deeply');
    const itemType = await reader.uint32();
    const length = await reader.uint64();
    const itemBytes = SCALAR_BYTES[itemType];
    if (itemBytes !== undefined) await reader.skip(length * itemBytes);
    else for (let index = 0; index < length; index += 1) await skipItem(reader, itemType, depth);
    return null;
  }
  return reader.scalar(type);
}

async function skipItem(reader: HeaderReader, type: number, depth: number): Promise<void> {
  if (type === 8) await reader.skip(await reader.uint64());
  else await readValue(reader, type, depth + 1);
}

async function checkTensors({
  reader,
  tensorCount,
  alignment,
  size,
}: {
  reader: HeaderReader;
  tensorCount: number;
  alignment: number;
  size: number;
}): Promise<void> {
  let last = 0;
  for (let index = 0; index < tensorCount; index += 1) {
    await reader.string();
    const dimensions = await reader.uint32();
    if (dimensions > 8) throw notGguf('a tensor has too many dimensions');
    await reader.skip(dimensions * 8 + 4);
    last = Math.max(last, await reader.uint64());
  }
  const step = Math.max(alignment, 1);
  const start = Math.ceil(reader.position / step) * step;
  if (start + last >= size) throw notGguf('it is cut off: its last tensor lies beyond its end');
}

/** Reads forward through a window of one mebibyte. */
class HeaderReader {
  position = 0;
  readonly #file: FileHandle;
  readonly #size: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  async bytes(length: number): Promise<Buffer> {
    this.#checkEnd(length);
    const from = this.position - this.#windowStart;
    if (from < 0 || from + length > this.#window.length) {
      const window = Buffer.alloc(Math.max(length, Math.min(WINDOW_BYTES, this.#size - this.position)));
      const { bytesRead } = await this.#file.read(window, 0, window.length, this.position);
      this.#window = window.subarray(0, bytesRead);
      this.#windowStart = this.position;
      if (bytesRead < length) throw notGguf('it is cut off');
    }
    const start = this.position - this.#windowStart;
    this.position += length;
    return this.#window.subarray(start, start + length);
  }

  async skip(length: number): Promise<void> {
    this.#checkEnd(length);
    this.position += length;
  }

  async uint32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  async uint64(): Promise<number> {
    return Number((await this.bytes(8)).readBigUInt64LE());
  }

  async count(most: number, what: string): Promise<number> {
    const count = await this.uint64();
    if (count > most) throw notGguf(`it claims ${count} ${what}`);
    return count;
  }

  async string(): Promise<string> {
    const length = await this.uint64();
    if (length > MOST_KEPT_STRING) throw notGguf('one of its texts is too long');
    return (await this.bytes(length)).toString('utf8');
  }

  async scalar(type: number): Promise<number | null> {
    const length = SCALAR_BYTES[type];
    if (length === undefined) throw notGguf(`its metadata have the unknown type ${type}`);
    const bytes = await this.bytes(length);
    if (type === 4) return bytes.readUInt32LE();
    if (type === 5) return bytes.readInt32LE();
    if (type === 10) return Number(bytes.readBigUInt64LE());
    if (type === 2) return bytes.readUInt16LE();
    return null;
  }

  #checkEnd(length: number): void {
    const end = this.position + length;
    if (end > this.#size) throw notGguf('it is cut off');
    if (end > MOST_METADATA_BYTES) throw notGguf('its metadata are too large');
  }
}

function textOf(value: string | number | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function numberOf(value: string | number | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

function notGguf(why: string): InvalidInputError {
  return new InvalidInputError(`This file is not a GGUF model that can be used: ${why}.`, {
    code: 'not-a-model',
    field: 'path',
  });
}
