/** Bytes of the slices of one list, the first smallest; the last size repeats. Four bytes of each name the next one. */
const SLICE_SIZES = [8, 16, 32, 64, 128, 256] as const;
const LINK = 4;
const FIRST_TABLE = 512;

/**
 * Many growing lists of (document, frequency) in one byte array. Documents of a list come in rising order; each is kept
 * as the difference to the one before, in bytes of seven bits, with a frequency only where it is above 1. Lists are
 * chains of slices that double in size, as in Lucene's in-memory index (`ByteBlockPool`, `ByteSliceWriter`).
 */
export class PostingLists {
  #pool = new Uint8Array(1 << 16);
  #used = 0;
  #heads = new Int32Array(FIRST_TABLE);
  #cursors = new Int32Array(FIRST_TABLE);
  #ends = new Int32Array(FIRST_TABLE);
  #lasts = new Int32Array(FIRST_TABLE);
  #counts = new Int32Array(FIRST_TABLE);
  #levels = new Uint8Array(FIRST_TABLE);

  get bytes(): number {
    return this.#pool.byteLength + this.#heads.byteLength * 5 + this.#levels.byteLength;
  }

  /** Postings of the list, those of dead documents among them. */
  count(list: number): number {
    return this.#counts[list] ?? 0;
  }

  /** Adds a posting; lists are numbered densely, and a list's documents rise. */
  add(list: number, document: number, frequency: number): void {
    if (list >= this.#heads.length) this.#growTables(list + 1);
    const count = this.count(list);
    this.#counts[list] = count + 1;
    if (count === 0) {
      this.#lasts[list] = document;
      this.#heads[list] = frequency;
      return;
    }
    if (count === 1) this.#openList(list);
    this.#append(list, document, frequency);
  }

  /** Most terms come once: the first posting stays in the tables until there is a second. */
  #openList(list: number): void {
    const document = this.#lasts[list] ?? 0;
    const frequency = this.#heads[list] ?? 1;
    this.#lasts[list] = 0;
    this.#heads[list] = this.#newSlice(list, 0);
    this.#append(list, document, frequency);
  }

  #append(list: number, document: number, frequency: number): void {
    const repeats = frequency > 1;
    this.#writeNumber(list, (document - (this.#lasts[list] ?? 0)) * 2 + (repeats ? 1 : 0));
    if (repeats) this.#writeNumber(list, frequency);
    this.#lasts[list] = document;
  }

  /** Decodes the list into two arrays, which must hold `count(list)`; returns how many postings there are. */
  read(list: number, documents: Int32Array, frequencies: Int32Array): number {
    const count = this.count(list);
    if (count === 1) {
      documents[0] = this.#lasts[list] ?? 0;
      frequencies[0] = this.#heads[list] ?? 1;
      return 1;
    }
    const pool = this.#pool;
    let position = this.#heads[list] ?? 0;
    let level = 0;
    let end = position + SLICE_SIZES[0] - LINK;
    const nextByte = () => {
      if (position === end) {
        position = readLink(pool, end);
        level = Math.min(level + 1, SLICE_SIZES.length - 1);
        end = position + (SLICE_SIZES[level] ?? 0) - LINK;
      }
      position += 1;
      return pool[position - 1] ?? 0;
    };
    const nextNumber = () => {
      let byte = nextByte();
      let value = byte & 127;
      for (let shift = 7; byte >= 128; shift += 7) {
        byte = nextByte();
        value |= (byte & 127) << shift;
      }
      return value;
    };
    let document = 0;
    for (let index = 0; index < count; index += 1) {
      const code = nextNumber();
      document += code >>> 1;
      documents[index] = document;
      frequencies[index] = (code & 1) === 1 ? nextNumber() : 1;
    }
    return count;
  }

  #writeNumber(list: number, value: number): void {
    let rest = value;
    for (; rest >= 128; rest >>>= 7) this.#writeByte(list, (rest & 127) | 128);
    this.#writeByte(list, rest);
  }

  #writeByte(list: number, byte: number): void {
    const end = this.#ends[list] ?? 0;
    if (this.#cursors[list] === end) {
      const level = Math.min((this.#levels[list] ?? 0) + 1, SLICE_SIZES.length - 1);
      const next = this.#newSlice(list, level);
      writeLink(this.#pool, end, next);
    }
    const cursor = this.#cursors[list] ?? 0;
    this.#pool[cursor] = byte;
    this.#cursors[list] = cursor + 1;
  }

  #newSlice(list: number, level: number): number {
    const size = SLICE_SIZES[level] ?? 0;
    const start = this.#used;
    this.#used += size;
    if (this.#used > this.#pool.length) {
      const larger = new Uint8Array(Math.max(this.#used, Math.ceil(this.#pool.length * 1.125)));
      larger.set(this.#pool);
      this.#pool = larger;
    }
    this.#levels[list] = level;
    this.#cursors[list] = start;
    this.#ends[list] = start + size - LINK;
    return start;
  }

  #growTables(needed: number): void {
    const length = Math.max(needed, Math.ceil(this.#heads.length * 1.25));
    const grown = (table: Int32Array) => {
      const larger = new Int32Array(length);
      larger.set(table);
      return larger;
    };
    this.#heads = grown(this.#heads);
    this.#cursors = grown(this.#cursors);
    this.#ends = grown(this.#ends);
    this.#lasts = grown(this.#lasts);
    this.#counts = grown(this.#counts);
    const levels = new Uint8Array(length);
    levels.set(this.#levels);
    this.#levels = levels;
  }
}

function readLink(pool: Uint8Array, at: number): number {
  return (pool[at] ?? 0) | ((pool[at + 1] ?? 0) << 8) | ((pool[at + 2] ?? 0) << 16) | ((pool[at + 3] ?? 0) << 24);
}

function writeLink(pool: Uint8Array, at: number, to: number): void {
  pool[at] = to & 255;
  pool[at + 1] = (to >>> 8) & 255;
  pool[at + 2] = (to >>> 16) & 255;
  pool[at + 3] = (to >>> 24) & 255;
}
