import type { LorebookBody, LoreEntry, LoreMode } from '../../../contract/lore.ts';
import { InvalidInputError, TooLargeError } from '../../base/errors.ts';
import { isPng, readChunks } from '../../base/png-chunks.ts';
import { readAgnaiBook, readNovelAiBook, readRisuBook } from './foreign-books.ts';
import { isLoose, looseOf, type Loose } from './loose-values.ts';
import { finishBook } from './read-book.ts';
import { readCardBook } from './read-card-book.ts';
import { readStBook } from './read-st-book.ts';

/** Bytes; the largest shared books are about 5 MiB. */
const MAX_LOREBOOK_BYTES = 24 * 1024 * 1024;
/** Nesting of a hostile file; real ones stay below 20. */
const MAX_NESTING = 64;

export type LorebookFormat = 'card' | 'lorebook_v3' | 'st' | 'agnai' | 'risu' | 'novelai';

export interface ReadLorebook {
  body: LorebookBody;
  format: LorebookFormat;
  warnings: string[];
  mode: LoreMode;
}

/**
 * Reads a lorebook of any known kind: the `character_book` of a card (JSON or PNG) or that object alone, `lorebook_v3`,
 * SillyTavern's world info, Agnai, RisuAI, NovelAI (JSON or PNG). Without `mode` the file decides it.
 * Throws an `InvalidInputError` or `TooLargeError` that says what is wrong.
 */
export function readLorebook(input: unknown, fileName: string, mode?: LoreMode): ReadLorebook {
  const value = input instanceof Uint8Array ? parseBytes(input, fileName) : input;
  requireShallow(value, fileName);
  if (!isLoose(value)) throw unknownFile(fileName);
  const warnings: string[] = [];
  const book = readKnown(value, mode);
  if (!book) throw unknownFile(fileName);
  const body = finishBook(book.read, { mode: book.mode, warnings, keepIds: book.format !== 'st' });
  if (book.format === 'st') body.entries.sort(asRecord);
  return { body, format: book.format, warnings, mode: book.mode };
}

/** `card.data.character_book`; anything that is no book gives an empty one. */
export function readCharacterBook(value: unknown): LorebookBody {
  const read = readCardBook(looseOf(value));
  return finishBook(read, { mode: read.mode, warnings: [], keepIds: true });
}

/** The order of a JSON object's keys: whole numbers first, ascending; the rest as they came. */
function asRecord({ uid: one }: LoreEntry, { uid: other }: LoreEntry): number {
  const place = (uid: string) => {
    const number = /^(?:0|[1-9]\d{0,9})$/.test(uid) ? Number(uid) : Number.POSITIVE_INFINITY;
    return number < 2 ** 32 - 1 ? number : 2 ** 32;
  };
  return place(one) - place(other);
}

type Known = { format: LorebookFormat; mode: LoreMode; read: Parameters<typeof finishBook>[0] };

function readKnown(file: Loose, asked: LoreMode | undefined): Known | null {
  const data = looseOf(file['data']);
  if (file['spec'] === 'lorebook_v3' && isLoose(file['data'])) {
    const read = readCardBook(data, asked);
    return { format: 'lorebook_v3', mode: read.mode, read };
  }
  const carried = data['character_book'] ?? file['character_book'];
  if (isLoose(carried)) {
    const read = readCardBook(carried, asked);
    return { format: 'card', mode: read.mode, read };
  }
  if (file['kind'] === 'memory' && Array.isArray(file['entries'])) {
    return { format: 'agnai', mode: asked ?? 'spec', read: readAgnaiBook(file) };
  }
  if (file['type'] === 'risu' && Array.isArray(file['data'])) {
    return { format: 'risu', mode: asked ?? 'spec', read: readRisuBook(file) };
  }
  if (file['lorebookVersion'] !== undefined && Array.isArray(file['entries'])) {
    return { format: 'novelai', mode: asked ?? 'spec', read: readNovelAiBook(file) };
  }
  return readEntriesOnly(file, asked);
}

/** `{entries}`: world info names its keys `key`, a card's book `keys`. */
function readEntriesOnly(file: Loose, asked: LoreMode | undefined): Known | null {
  const { entries } = file;
  if (!isLoose(entries) && !Array.isArray(entries)) return null;
  const listed: readonly unknown[] = Array.isArray(entries) ? entries : Object.values(entries);
  const isCardBook =
    Array.isArray(entries) && !listed.some((entry) => isLoose(entry) && ('key' in entry || 'keysecondary' in entry));
  if (isCardBook) {
    const read = readCardBook(file, asked);
    return { format: 'card', mode: read.mode, read };
  }
  const read = readStBook(file);
  const kept = read.everwith?.['mode'];
  return { format: 'st', mode: asked ?? (kept === 'spec' ? 'spec' : 'st'), read };
}

function parseBytes(bytes: Uint8Array, fileName: string): unknown {
  if (bytes.length === 0) {
    throw new InvalidInputError(`“${fileName}” is empty.`, { code: 'lorebook-empty', field: 'data' });
  }
  if (bytes.length > MAX_LOREBOOK_BYTES) {
    throw new TooLargeError(`“${fileName}” is larger than 24 MiB.`, { code: 'lorebook-too-large', field: 'data' });
  }
  const json = new TextDecoder('utf-8').decode(isPng(bytes) ? carriedBy(bytes, fileName) : bytes);
  try {
    return JSON.parse(json.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new InvalidInputError(`“${fileName}” does not hold a lorebook: its text is not valid JSON.`, {
      code: 'lorebook-not-json',
      field: 'data',
      cause: error,
    });
  }
}

/** What a picture carries in a `tEXt` chunk (PNG specification §11.3.3.2). */
function carriedBy(picture: Uint8Array, fileName: string): Buffer {
  const { chunks, cutOff } = readChunks(picture);
  const texts = new Map<string, string>();
  for (const { type, content } of chunks) {
    const zero = type === 'tEXt' ? content.indexOf(0) : -1;
    if (zero > 0) texts.set(content.toString('latin1', 0, zero).toLowerCase(), content.toString('latin1', zero + 1));
  }
  const carried = texts.get('naidata') ?? texts.get('ccv3') ?? texts.get('chara');
  if (carried !== undefined) return Buffer.from(carried, 'base64');
  throw cutOff
    ? new InvalidInputError(`“${fileName}” is cut off: it ends before its lorebook, if it carries one.`, {
        code: 'lorebook-damaged',
        field: 'data',
      })
    : new InvalidInputError(`“${fileName}” is a picture without a lorebook inside.`, {
        code: 'lorebook-unknown',
        field: 'data',
      });
}

function unknownFile(fileName: string): InvalidInputError {
  return new InvalidInputError(`“${fileName}” is JSON, but no lorebook of a kind that Everwith knows.`, {
    code: 'lorebook-unknown',
    field: 'data',
  });
}

function requireShallow(value: unknown, fileName: string): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_NESTING) {
      throw new InvalidInputError(`“${fileName}” is nested too deeply to be a lorebook.`, {
        code: 'lorebook-too-deep',
        field: 'data',
      });
    }
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
}
