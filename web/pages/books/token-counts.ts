import { api } from '../../state/api.ts';

/** Texts remembered; a book of 20,000 entries fits. */
const MAX_REMEMBERED = 30_000;
/** Texts in one question. */
const BATCH = 200;
/** Ms in which questions are gathered. */
const GATHER = 150;

export interface Tokens {
  count: number;
  exact: boolean;
}

/** Token counts of texts, asked of the server in batches and remembered while the page lives. */
export class TokenCounts {
  readonly #known = new Map<string, Tokens>([['', { count: 0, exact: true }]]);
  readonly #wanted = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is known now; asks for what is not. */
  get(text: string): Tokens | undefined {
    return this.#known.get(text);
  }

  want(text: string): void {
    if (this.#known.has(text)) return;
    this.#wanted.add(text);
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#ask(), GATHER);
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const texts = [...this.#wanted].slice(-BATCH);
    this.#wanted.clear();
    try {
      const { counts, exact } = await api.call('countLoreTokens', { body: { texts } });
      for (const [index, text] of texts.entries()) this.#remember(text, { count: counts[index] ?? 0, exact });
    } catch {
      // A count is a comfort: without one the page is as good, and the next question may be answered.
      return;
    }
    for (const listener of this.#listeners) listener();
  }

  #remember(text: string, tokens: Tokens): void {
    this.#known.set(text, tokens);
    if (this.#known.size <= MAX_REMEMBERED) return;
    const oldest = this.#known.keys().next().value;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
