import type { OwnNameFilter } from './own-name-filter.ts';

/** What may stand around a name at the beginning of a line. */
const AROUND = String.raw`[\s*_>]*`;

/**
 * Keeps a reply in a room to its speaker. A line that begins with somebody else's name and a colon is theirs: before
 * the first word such lines are left out, after it the reply is over.
 */
export class OtherVoicesFilter {
  readonly #own: OwnNameFilter;
  readonly #names: readonly string[];
  readonly #line: RegExp | null;
  #held = '';
  #state: 'line-start' | 'within' | 'skipping' | 'over';
  #spoke: boolean;

  /** `begun` is true for text that goes on with earlier words. */
  constructor(names: readonly string[], { own, begun }: { own: OwnNameFilter; begun: boolean }) {
    const known = names.filter((name) => name.trim() !== '');
    this.#own = own;
    this.#names = known.map((name) => name.toLowerCase());
    const either = known.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)).join('|');
    this.#line = known.length === 0 ? null : new RegExp(`^${AROUND}(?:${either})${AROUND}[:\uff1a]`, 'iu');
    this.#state = begun ? 'within' : 'line-start';
    this.#spoke = begun;
  }

  /** True once somebody else begins to speak: nothing more belongs to the reply. */
  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Text that may be shown now. */
  push(text: string): string {
    if (this.isOver) return '';
    this.#held += text;
    let shown = '';
    while (this.#held !== '' && !this.isOver) {
      const before = { length: this.#held.length, state: this.#state };
      shown += this.#step();
      if (this.#held.length === before.length && this.#state === before.state) break;
    }
    return shown === '' ? '' : this.#own.push(shown);
  }

  /** What was still held when the reply ended. */
  end(): string {
    const rest = this.#state === 'over' || this.#state === 'skipping' ? '' : this.#held;
    this.#held = '';
    return (rest === '' ? '' : this.#own.push(rest)) + this.#own.end();
  }

  #step(): string {
    if (this.#state === 'skipping') {
      const end = this.#held.indexOf('\n');
      this.#held = end === -1 ? '' : this.#held.slice(end);
      if (end !== -1) this.#state = 'line-start';
      return '';
    }
    // A piece may end just before the line does.
    if (this.#state === 'within' && this.#held.startsWith('\n')) this.#state = 'line-start';
    const isLineStart = this.#state === 'line-start';
    if (this.#state === 'line-start') {
      if (this.#line?.test(this.#held)) {
        this.#state = this.#spoke ? 'over' : 'skipping';
        if (this.#spoke) this.#held = '';
        else this.#held = this.#held.trimStart();
        return '';
      }
      if (this.#mayBecomeName()) return '';
      this.#state = 'within';
    }
    const begin = isLineStart ? Math.max(0, this.#held.search(/\S/u)) : 0;
    const next = this.#held.indexOf('\n', begin);
    const end = next === -1 ? this.#held.length : next;
    const shown = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    if (next !== -1) this.#state = 'line-start';
    if (shown.trim() !== '') this.#spoke = true;
    return shown;
  }

  #mayBecomeName(): boolean {
    if (this.#line === null) return false;
    const begun = this.#held.replace(/^[\s*_>]+/u, '').toLowerCase();
    return this.#names.some(
      (name) => name.startsWith(begun) || (begun.startsWith(name) && /^[\s*_>]*$/u.test(begun.slice(name.length))),
    );
  }
}
