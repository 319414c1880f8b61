import type { HuffmanTable } from './huffman-codes.ts';

/** Bits one after the other; behind the end there are zeros. */
export class BitReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get length(): number {
    return this.#bytes.length * 8;
  }

  bit(): number {
    const byte = this.#bytes[this.at >> 3] ?? 0;
    const bit = (byte >> (7 - (this.at & 7))) & 1;
    this.at += 1;
    return bit;
  }

  /** At most 31 bits. */
  read(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 2 + this.bit();
    return value;
  }

  /** The index of the next code of a table. */
  code({ tree }: HuffmanTable): number {
    let node = 0;
    do node = tree[node * 2 + this.bit()] ?? -1;
    while (node > 0);
    return -1 - node;
  }
}
