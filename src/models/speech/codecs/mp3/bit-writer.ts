/** Bits one after the other, the highest of each value first. */
export class BitWriter {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** At most 31 bits. */
  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      if ((value >> bit) & 1) {
        const byte = this.#at >> 3;
        this.bytes[byte] = (this.bytes[byte] ?? 0) | (0x80 >> (this.#at & 7));
      }
      this.#at += 1;
    }
  }
}
