import { createHash } from 'node:crypto';

/** Prompt segments repeat every turn; this many counts are remembered, least recently used leave. */
const remembered = 4096;

/** Remembers how many tokens a text has, by its digest, so that words do not stay in memory. */
export class TokenCounts {
  readonly #counts = new Map<string, number>();

  /** Asks `ask` once for all texts that are not known. */
  async count(texts: readonly string[], ask: (texts: string[]) => Promise<number[]>): Promise<number[]> {
    const keys = texts.map((text) => createHash('sha256').update(text, 'utf8').digest('base64'));
    const missing = new Map<string, string>();
    for (const [index, key] of keys.entries()) if (!this.#counts.has(key)) missing.set(key, texts[index] ?? '');
    const fresh = new Map<string, number>();
    if (missing.size > 0) {
      const counted = await ask([...missing.values()]);
      for (const [index, key] of [...missing.keys()].entries()) fresh.set(key, counted[index] ?? 0);
    }
    return keys.map((key) => this.#remember(key, fresh.get(key) ?? this.#counts.get(key) ?? 0));
  }

  #remember(key: string, count: number): number {
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > remembered) {
      const oldest = this.#counts.keys().next();
      if (!oldest.done) this.#counts.delete(oldest.value);
    }
    return count;
  }
}
