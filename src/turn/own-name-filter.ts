/** What follows a name that says who speaks, by the marks before it: to its end, and as far as it may have come. */
const AFTER_NAME: Readonly<Record<string, { whole: RegExp; begun: RegExp }>> = {
  '': { whole: /^\s*[:\uff1a]\s*/u, begun: /^\s*$/u },
  '**': {
    whole: /^\s*(?:\*\*\s*[:\uff1a]|[:\uff1a]\s*\*\*)\s*/u,
    begun: /^\s*(?:\*?|\*\*\s*|[:\uff1a]\s*\*?)$/u,
  },
};

/**
 * Small models often begin a reply with the character's name and a colon, some in bold. This filter holds the first
 * characters back until it can tell, then lets everything through.
 */
export class OwnNameFilter {
  readonly #names: readonly string[];
  #held = '';
  #open = false;
  /** The name was taken away; what follows it is shown from its first letter on. */
  #named = false;

  /** `begun` is true for text that goes on with earlier words: nothing of it is a name or a leading space. */
  constructor(names: readonly string[], { begun }: { begun: boolean } = { begun: false }) {
    this.#open = begun;
    this.#names = names.filter((name) => name !== '').map((name) => name.toLowerCase());
  }

  /** Text that may be shown now; empty while it is still undecided. */
  push(text: string): string {
    if (this.#open) return text;
    this.#held = (this.#held + text).trimStart();
    if (this.#held === '') return '';
    if (this.#named) return this.#release(this.#held);
    const marks = /^\**/u.exec(this.#held)?.[0] ?? '';
    const named = this.#held.slice(marks.length);
    const lower = named.toLowerCase();
    for (const name of this.#names) {
      if (name.startsWith(lower)) return '';
      if (lower.startsWith(name)) {
        const rest = named.slice(name.length);
        const after = AFTER_NAME[marks];
        if (after?.begun.test(rest)) return '';
        const colon = after?.whole.exec(rest);
        if (colon) {
          // The space after the colon often comes with the next word.
          this.#named = true;
          this.#held = '';
          return this.push(rest.slice(colon[0].length));
        }
      }
    }
    return this.#release(this.#held);
  }

  /** What was still held when the reply ended. */
  end(): string {
    return this.#open ? '' : this.#release(this.#held);
  }

  #release(text: string): string {
    this.#open = true;
    this.#held = '';
    return text;
  }
}
