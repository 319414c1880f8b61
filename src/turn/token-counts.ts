import type { ModelFacts } from '../models/spec/model-handle.ts';

/** Counts remembered; at about 100 bytes each a few megabytes. */
const MAX_REMEMBERED = 50_000;

/**
 * Token counts of texts that do not change, remembered per model. A message's text is final once it has settled,
 * so its id is enough of a key; other texts are keyed by themselves.
 */
export class TokenCounts {
  readonly #counts = new Map<string, number>();

  async count(
    model: ModelFacts,
    texts: readonly { key: string; text: string }[],
    signal: AbortSignal,
  ): Promise<{ counts: number[]; exact: boolean }> {
    const keys = texts.map(({ key }) => `${model.ref} ${key}`);
    const missing = texts.flatMap(({ text }, index) => (this.#counts.has(keys[index] ?? '') ? [] : [{ index, text }]));
    let exact = model.place !== 'provider';
    if (missing.length > 0) {
      const counted = await model.countTokens(
        missing.map(({ text }) => text),
        signal,
      );
      exact = counted.exact;
      for (const [position, { index }] of missing.entries()) {
        this.#remember(keys[index] ?? '', counted.counts[position] ?? 0);
      }
    }
    return { counts: keys.map((key) => this.#counts.get(key) ?? 0), exact };
  }

  #remember(key: string, count: number): void {
    this.#counts.set(key, count);
    if (this.#counts.size > MAX_REMEMBERED) {
      const oldest = this.#counts.keys().next().value;
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
  }
}
