import type { LoreEntry } from '../../../contract/lore.ts';
import type { KeySearch, TextForm } from '../keys/growing-texts.ts';
import { slashedPattern } from '../keys/slashed-pattern.ts';
import { standsAsAsciiWord } from '../keys/word-match.ts';
import type { Candidate, LoreRun } from '../lore-run.ts';
import { stForm, type ScanText } from './st-scan-text.ts';

export interface KeyHit {
  /** As written. */
  key: string;
  by: 'key' | 'secondary-key' | 'regex';
}

export interface KeyAnswer {
  hit: KeyHit | null;
  /** True when an expression ran out of time, so that the answer may be wrong. */
  timedOut: boolean;
}

/** Whether an entry's keys and secondary keys match a text, by SillyTavern's rules. */
export function matchStKeys(run: LoreRun, candidate: Candidate, scanned: ScanText): KeyAnswer {
  const { entry } = candidate;
  const matcher = new StKeyMatcher(run, candidate, scanned);
  const key = entry.keys.find((key) => matcher.matches(key));
  if (key === undefined) return { hit: null, timedOut: matcher.timedOut };
  const by = slashedPattern(run.renderKey(key)) ? 'regex' : 'key';
  if (!entry.selective || entry.secondaryKeys.length === 0) return { hit: { key, by }, timedOut: matcher.timedOut };
  const fits = secondaryFits(entry, matcher);
  return { hit: fits ? { key, by: 'secondary-key' } : null, timedOut: matcher.timedOut };
}

function secondaryFits({ secondaryKeys, selectiveLogic }: LoreEntry, matcher: StKeyMatcher): boolean {
  switch (selectiveLogic) {
    case 'and-any':
      return secondaryKeys.some((key) => matcher.matches(key));
    case 'not-all':
      return !secondaryKeys.every((key) => matcher.matches(key));
    case 'not-any':
      return !secondaryKeys.some((key) => matcher.matches(key));
    default:
      return secondaryKeys.every((key) => matcher.matches(key));
  }
}

/** How many keys match, for group scoring; negative logic scores nothing. */
export function scoreStKeys(run: LoreRun, candidate: Candidate, scanned: ScanText | null): number {
  const { entry } = candidate;
  if (!scanned) return 0;
  const matcher = new StKeyMatcher(run, candidate, scanned);
  const primary = entry.keys.filter((key) => matcher.matches(key)).length;
  if (entry.keys.length === 0 || entry.secondaryKeys.length === 0) return primary;
  const secondary = entry.secondaryKeys.filter((key) => matcher.matches(key)).length;
  if (entry.selectiveLogic === 'and-any') return primary + secondary;
  if (entry.selectiveLogic === 'and-all' && secondary === entry.secondaryKeys.length) return primary + secondary;
  return primary;
}

class StKeyMatcher {
  timedOut = false;
  readonly #run: LoreRun;
  readonly #scanned: ScanText;
  readonly #form: TextForm;
  readonly #wholeWords: boolean;

  constructor(run: LoreRun, { entry, book }: Candidate, scanned: ScanText) {
    const { settings } = run.input;
    this.#run = run;
    this.#scanned = scanned;
    this.#form = {
      caseSensitive: entry.caseSensitive ?? settings.world_info_case_sensitive,
      foldAccents: book.body.foldAccents ?? false,
    };
    this.#wholeWords = entry.matchWholeWords ?? settings.world_info_match_whole_words;
  }

  matches(written: string): boolean {
    const key = this.#run.renderKey(written);
    if (key === '') return false;
    const pattern = slashedPattern(key);
    if (pattern) {
      const answer = this.#run.guard.test({ ...pattern, text: this.#scanned.whole });
      if (answer === 'timeout') this.timedOut = true;
      // An expression that cannot be read is looked for as it is written.
      if (answer !== 'invalid') return answer === 'match';
    }
    const isWord = this.#wholeWords && !/\s/.test(key);
    const search: KeySearch = {
      name: isWord ? 'word' : 'anywhere',
      form: this.#form,
      prepare: stForm,
      stands: isWord ? standsAsAsciiWord : (text, prepared) => text.includes(prepared),
    };
    const { chat, recursion } = this.#scanned;
    return chat.has(key, search) || (recursion?.has(key, search) ?? false);
  }
}
