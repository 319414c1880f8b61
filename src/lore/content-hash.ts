import type { LoreEntry } from '../../contract/lore.ts';

/** FNV-1a in 64 bits over UTF-16: tells an edited entry from the one that fired; no protection against forgery. */
export function entryHash(entry: LoreEntry): string {
  const text = JSON.stringify({ ...entry, foreign: undefined });
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  for (let index = 0; index < text.length; index += 1) {
    low ^= text.charCodeAt(index);
    // The prime 2^40 + 0x1b3, in halves of 32 bits.
    const product = low * 0x1b3;
    const carry = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
