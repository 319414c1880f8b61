export interface TokenizationKey {
  text: string;
  /** Whether texts of special tokens become those tokens. */
  special: boolean;
  /** Whether the tokenizer's own leading space is left out (true for everything but the start of a prompt). */
  trim: boolean;
}

/** Characters of text kept; with its tokens that is a few megabytes. */
const defaultBudget = 2_000_000;

/** History is rendered again every turn: each text is tokenized once, least recently used texts leave. */
export class TokenizationCache {
  readonly #tokenize: (text: string, special: boolean, trim: boolean) => readonly number[];
  readonly #budget: number;
  readonly #entries = new Map<string, readonly number[]>();
  #characters = 0;

  constructor(tokenize: (text: string, special: boolean, trim: boolean) => readonly number[], budget = defaultBudget) {
    this.#tokenize = tokenize;
    this.#budget = budget;
  }

  get(key: TokenizationKey): readonly number[] {
    const name = nameOf(key);
    const known = this.#entries.get(name);
    if (known) {
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known;
    }
    const tokens = this.#tokenize(key.text, key.special, key.trim);
    this.#store(name, tokens);
    return tokens;
  }

  set(key: TokenizationKey, tokens: readonly number[]): void {
    this.#store(nameOf(key), tokens);
  }

  #store(name: string, tokens: readonly number[]): void {
    if (this.#entries.delete(name)) this.#characters -= name.length;
    this.#entries.set(name, tokens);
    this.#characters += name.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#characters <= this.#budget) return;
      this.#entries.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}

function nameOf({ text, special, trim }: TokenizationKey): string {
  return `${special ? 's' : 'p'}${trim ? 't' : 'k'}${text}`;
}
