import { compilePattern, type Pattern } from './compile-pattern.ts';

/** Patterns kept; at a few kilobytes each some tens of megabytes. */
const MAX_KEPT = 5000;

/** Compiled patterns, so that a book's regular expressions are compiled once and not at every turn. */
export class PatternCache {
  readonly #patterns = new Map<string, Pattern>();

  /** The pattern when it was compiled before. */
  peek(source: string, flags: string): Pattern | undefined {
    return this.#patterns.get(`${flags}/${source}`);
  }

  compile(source: string, flags: string): Pattern {
    const key = `${flags}/${source}`;
    const known = this.#patterns.get(key);
    if (known) return known;
    const pattern = compilePattern(source, flags);
    this.#patterns.set(key, pattern);
    if (this.#patterns.size > MAX_KEPT) {
      const oldest = this.#patterns.keys().next().value;
      if (oldest !== undefined) this.#patterns.delete(oldest);
    }
    return pattern;
  }
}
