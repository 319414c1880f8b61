import type { LorebookBody } from '../../contract/lore.ts';

/** UTF-16 units of JSON; a parsed book takes about four times as many bytes. */
const MAX_SIZE = 32 * 1024 * 1024;

/**
 * Parsed books by revision, so that a turn reads only those that changed. Bodies are shared: whoever takes one must
 * not change it.
 */
export class LorebookCache {
  readonly #books = new Map<string, { revision: number; body: LorebookBody; size: number }>();
  #size = 0;

  get(id: string, revision: number): LorebookBody | undefined {
    const kept = this.#books.get(id);
    if (!kept || kept.revision !== revision) return undefined;
    this.#books.delete(id);
    this.#books.set(id, kept);
    return kept.body;
  }

  /** `size` is the length of the book's JSON; the books used longest ago make room. */
  put(id: string, { revision, body, size }: { revision: number; body: LorebookBody; size: number }): void {
    const kept = this.#books.get(id);
    // A slow reader must not put an older revision back.
    if (kept && kept.revision > revision) return;
    this.#remove(id);
    if (size > MAX_SIZE) return;
    this.#books.set(id, { revision, body, size });
    this.#size += size;
    for (const oldest of this.#books.keys()) {
      if (this.#size <= MAX_SIZE) break;
      this.#remove(oldest);
    }
  }

  #remove(id: string): void {
    this.#size -= this.#books.get(id)?.size ?? 0;
    this.#books.delete(id);
  }
}
