import type { LoreCut, LoreEntry, LoreFired } from '../../contract/lore.ts';
import { entryKey } from './lore-state.ts';
import type { LoreBookInUse, LoreInput, LoreSlot } from './lore-types.ts';
import { PatternCache } from './keys/pattern-cache.ts';
import { RegexGuard } from './keys/regex-guard.ts';

/** An entry of a book in use. */
export interface Candidate {
  book: LoreBookInUse;
  entry: LoreEntry;
  /** Unique among all books in use. */
  key: string;
  /** Place among all candidates, for ties. */
  place: number;
}

/** An entry that is in the prompt. */
export interface Activation {
  candidate: Candidate;
  text: string;
  tokens: number;
  reason: LoreFired['reason'];
  /** The key that matched, as written. */
  key: string | null;
  slot: LoreSlot;
  depth: number | null;
  role: LoreEntry['role'];
}

export interface Cut {
  candidate: Candidate;
  reason: LoreCut['reason'];
  tokens: number;
}

/** Milliseconds of work between two breaths. */
const BREATH_INTERVAL = 15;

/** What both engines share in one run: the input, bounded regular expressions, keys with their macros rendered. */
export class LoreRun {
  readonly input: LoreInput;
  readonly guard: RegexGuard;
  readonly #keys = new Map<string, string>();
  #lastBreath = performance.now();

  constructor(input: LoreInput) {
    this.input = input;
    this.guard = new RegexGuard(input.patterns ?? new PatternCache());
  }

  candidatesOf(books: readonly LoreBookInUse[]): Candidate[] {
    let place = 0;
    return books.flatMap((book) =>
      book.body.entries.map((entry) => ({ book, entry, key: entryKey(book.id, entry.uid), place: (place += 1) })),
    );
  }

  /** A key as it is compared: macros rendered, trimmed. */
  renderKey(key: string): string {
    if (!key.includes('{{') && !key.includes('<')) return key.trim();
    let rendered = this.#keys.get(key);
    if (rendered === undefined) this.#keys.set(key, (rendered = this.input.renderMacros(key).trim()));
    return rendered;
  }

  /** Messages before the reply that is being written. */
  get messageCount(): number {
    return this.input.earlierMessages + this.input.messages.length;
  }

  get isBreathless(): boolean {
    return performance.now() - this.#lastBreath > BREATH_INTERVAL;
  }

  /** Lets others work, so that a huge book does not hold the server. */
  async breathe(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.#lastBreath = performance.now();
  }
}
