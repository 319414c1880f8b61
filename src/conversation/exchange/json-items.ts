/** Bytes of one item, or of all that is around the items: parsing more at once would hold everybody up. */
export const MAX_ITEM_BYTES = 16 * 1024 * 1024;
/** Levels looked at for item lists. */
const MAX_TRACKED_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** `item` is one element of a wanted list, `rest` the document without them, at its end. Null = longer than allowed. */
export type JsonPiece = { type: 'item'; number: number; text: string | null } | { type: 'rest'; text: string | null };

interface Level {
  isList: boolean;
  key: string;
}

/**
 * Takes the elements of one list out of a JSON document of any size, in bounded memory. `path` names the list:
 * `[]` the document itself, `['histories', 'histories']` a list within. Only brackets, strings and commas are looked
 * at; whether the pieces are JSON is their parser's business.
 */
export async function* splitJson(
  chunks: AsyncIterable<Uint8Array>,
  path: readonly string[],
  maxBytes: number = MAX_ITEM_BYTES,
): AsyncGenerator<JsonPiece> {
  const splitter = new JsonSplitter(path, maxBytes);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield { type: 'rest', text: splitter.rest() };
}

class JsonSplitter {
  readonly #path: readonly string[];
  readonly #rest: Collector;
  readonly #item: Collector;
  readonly #levels: Level[] = [];
  #depth = 0;
  /** Depth inside the wanted list, or 0 while outside. */
  #listDepth = 0;
  #inString = false;
  #escaped = false;
  /** Bytes of the string being read, for keys at levels that matter. */
  #word: number[] = [];
  #inItem = false;
  #number = 0;

  constructor(path: readonly string[], maxBytes: number) {
    this.#path = path;
    this.#rest = new Collector(maxBytes);
    this.#item = new Collector(maxBytes);
  }

  rest(): string | null {
    return this.#rest.take()?.replace(/^\uFEFF/, '') ?? null;
  }

  *push(chunk: Uint8Array): Generator<JsonPiece> {
    let from = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] as number;
      if (this.#inString) {
        this.#readString(byte);
        continue;
      }
      const atTop = this.#listDepth > 0 && this.#depth === this.#listDepth;
      if (atTop && (byte === COMMA || byte === CLOSE_LIST)) {
        if (this.#inItem) {
          this.#item.add(chunk.subarray(from, index));
          yield this.#finishItem();
        } else this.#rest.add(chunk.subarray(from, index));
        // The comma between two items belongs to neither.
        from = byte === COMMA ? index + 1 : index;
        if (byte === CLOSE_LIST) this.#close();
        continue;
      }
      if (atTop && !this.#inItem && byte > 0x20) {
        this.#rest.add(chunk.subarray(from, index));
        from = index;
        this.#inItem = true;
      }
      this.#readStructure(byte);
    }
    (this.#inItem ? this.#item : this.#rest).add(chunk.subarray(from));
  }

  #finishItem(): JsonPiece {
    this.#inItem = false;
    this.#number += 1;
    return { type: 'item', number: this.#number, text: this.#item.take() };
  }

  #readString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    if (this.#inString && this.#word.length < 64) this.#word.push(byte);
  }

  #readStructure(byte: number): void {
    if (byte === QUOTE) {
      this.#inString = true;
      this.#word = [];
    } else if (byte === COLON) {
      const level = this.#levels[this.#depth - 1];
      if (level) level.key = Buffer.from(this.#word).toString('utf8');
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (byte === OPEN_LIST && this.#listDepth === 0 && this.#isWanted()) this.#listDepth = this.#depth + 1;
      this.#depth += 1;
      if (this.#depth <= MAX_TRACKED_DEPTH) this.#levels.push({ isList: byte === OPEN_LIST, key: '' });
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      this.#close();
    }
  }

  #close(): void {
    if (this.#depth === 0) return;
    if (this.#depth === this.#listDepth) this.#listDepth = -1;
    if (this.#depth <= MAX_TRACKED_DEPTH) this.#levels.pop();
    this.#depth -= 1;
  }

  /** True where a list opens now whose path is the wanted one; the first such list counts. */
  #isWanted(): boolean {
    return (
      this.#depth === this.#path.length &&
      this.#path.every((key, index) => !this.#levels[index]?.isList && this.#levels[index]?.key === key)
    );
  }
}

class Collector {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  take(): string | null {
    const text = this.#size > this.#maxBytes ? null : Buffer.concat(this.#pieces).toString('utf8');
    this.#pieces = [];
    this.#size = 0;
    return text;
  }
}
