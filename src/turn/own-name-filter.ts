/**
 * Small models often begin a reply with the character's name and a colon. This filter holds the first characters
 * back until it can tell, then lets everything through.
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
    const lower = this.#held.toLowerCase();
    for (const name of this.#names) {
      if (name.startsWith(lower)) return '';
      if (lower.startsWith(name)) {
        const rest = this.#held.slice(name.length);
        if (rest === '' || /^\s*$/.test(rest)) return '';
        const colon = /^\s*[:\uff1a]\s*/.exec(rest);
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
