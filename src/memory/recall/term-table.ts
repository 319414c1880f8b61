/** Slots of the hash table that are taken before it doubles. */
const LOAD = 0.75;

/**
 * Numbers terms from 0 in the order in which they come, remembering 64 bits of hash for each instead of the string:
 * half a million terms take 12 MB where a `Map` takes 50. Two terms with the same hash would count as one; among half
 * a million that happens once in a hundred million tables.
 */
export class TermTable {
  #slots = new Int32Array(1024).fill(-1);
  #low = new Int32Array(512);
  #high = new Int32Array(512);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#low.byteLength + this.#high.byteLength;
  }

  /** The term's number, or -1 when it never came. */
  find(term: string): number {
    const low = lowHash(term);
    return this.#slots[this.#slotOf(low, highHash(term))] ?? -1;
  }

  /** The term's number, a new one when it never came. */
  add(term: string): number {
    return this.#addHash(lowHash(term), highHash(term));
  }

  /** Takes a term over from another table. */
  addFrom(other: TermTable, id: number): number {
    return this.#addHash(other.#low[id] ?? 0, other.#high[id] ?? 0);
  }

  #addHash(low: number, high: number): number {
    const slot = this.#slotOf(low, high);
    const known = this.#slots[slot] ?? -1;
    if (known !== -1) return known;
    const id = this.#size;
    if (id === this.#low.length) this.#growKeys();
    this.#low[id] = low;
    this.#high[id] = high;
    this.#size += 1;
    if (this.#size > this.#slots.length * LOAD) this.#rehash();
    else this.#slots[slot] = id;
    return id;
  }

  #slotOf(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] ?? -1;
      if (id === -1 || (this.#low[id] === low && this.#high[id] === high)) return slot;
    }
  }

  #growKeys(): void {
    this.#low = grown(this.#low);
    this.#high = grown(this.#high);
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let id = 0; id < this.#size; id += 1) {
      this.#slots[this.#slotOf(this.#low[id] ?? 0, this.#high[id] ?? 0)] = id;
    }
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(array.length * 1.25));
  larger.set(array);
  return larger;
}

/** FNV-1a over UTF-16 units (Fowler, Noll, Vo; draft-eastlake-fnv), mixed at the end because its low bits are used. */
function lowHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mixed(hash);
}

/** Another multiplier and seed, so that the two halves fall together only by chance. */
function highHash(text: string): number {
  let hash = text.length + 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash, 31) + text.charCodeAt(index) * 0x85ebca6b;
  return mixed(hash | 0);
}

/** The finaliser of MurmurHash3 (Appleby). */
function mixed(hash: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
