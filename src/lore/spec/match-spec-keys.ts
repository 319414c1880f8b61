import type { LoreEntry } from '../../../contract/lore.ts';
import type { GrowingTexts, KeySearch } from '../keys/growing-texts.ts';
import { slashedPattern } from '../keys/slashed-pattern.ts';
import { prepareText, standsIn, type WordRule } from '../keys/word-match.ts';
import type { LoreRun } from '../lore-run.ts';
import type { Decorators } from './decorators.ts';
import type { SpecCandidate } from './spec-candidate.ts';

export interface SpecHit {
  key: string | null;
  by: 'key' | 'secondary-key' | 'regex' | 'constant' | 'recursion';
}

/**
 * Whether an entry's keys match the chat or, in recursion, other entries (V3 "keys" to "constant", and the decorators
 * `additional_keys` and `exclude_keys`).
 */
export class SpecKeyMatcher {
  timedOut = false;
  readonly #run: LoreRun;
  readonly #entry: LoreEntry;
  readonly #chat: GrowingTexts;
  readonly #recursion: GrowingTexts | null;
  readonly #search: KeySearch;

  constructor(
    run: LoreRun,
    { book, entry, decorators }: SpecCandidate,
    { chat, recursion }: { chat: GrowingTexts; recursion: GrowingTexts | null },
  ) {
    this.#run = run;
    this.#entry = entry;
    this.#chat = chat;
    this.#recursion = recursion;
    const asked = decorators.matchFullWord ? true : decorators.matchPartialWord ? false : entry.matchWholeWords;
    const rule = wordRule(asked, run.input.settings.world_info_match_whole_words);
    this.#search = {
      name: rule,
      form: {
        caseSensitive: entry.caseSensitive ?? false,
        foldAccents: book.body.foldAccents ?? false,
      },
      prepare: prepareText,
      stands: (text, key) => standsIn(text, key, rule),
    };
  }

  hit({ additionalKeys = [], excludeKeys = [], excludeKeysAll = [] }: Decorators): SpecHit | null {
    if (this.#entry.useRegex) return this.#regexHit([...this.#entry.keys, ...additionalKeys.flat()]);
    if (excludeKeys.some((key) => this.#finds(key))) return null;
    if (excludeKeysAll.length > 0 && excludeKeysAll.every((key) => this.#finds(key))) return null;
    if (!additionalKeys.every((keys) => keys.some((key) => this.#finds(key)))) return null;
    const { keys, secondaryKeys, selective, constant } = this.#entry;
    if (constant) return { key: null, by: 'constant' };
    const key = keys.find((key) => this.#finds(key));
    if (key === undefined) return null;
    if (selective && secondaryKeys.length > 0) {
      if (!secondaryKeys.some((key) => this.#finds(key))) return null;
      return { key, by: this.#finds(key) === 'recursion' ? 'recursion' : 'secondary-key' };
    }
    return { key, by: this.#finds(key) === 'recursion' ? 'recursion' : 'key' };
  }

  /** Any pattern; one that cannot be read keeps the entry out. */
  #regexHit(keys: readonly string[]): SpecHit | null {
    let hit: SpecHit | null = null;
    const areSlashed = keys.some((key) => slashedPattern(key) !== null);
    for (const key of keys) {
      // Where one key is written as `/pattern/`, the others are words: so do the programs that mix them.
      const isWord = areSlashed && !key.startsWith('/');
      const found = isWord ? this.#finds(key) : this.#findsPattern(this.#run.renderKey(key));
      if (found === 'invalid') return null;
      if (found && !hit) hit = { key, by: found === 'recursion' ? 'recursion' : isWord ? 'key' : 'regex' };
    }
    return hit;
  }

  #findsPattern(key: string): 'chat' | 'recursion' | 'invalid' | null {
    const pattern = slashedPattern(key) ?? {
      source: key,
      flags: this.#search.form.caseSensitive ? '' : 'i',
    };
    for (const [place, texts] of [
      ['chat', this.#chat.all],
      ['recursion', this.#recursion?.all ?? []],
    ] as const) {
      // An empty text still says whether the pattern can be read.
      for (const text of place === 'chat' && texts.length === 0 ? [''] : texts) {
        const answer = this.#run.guard.test({ ...pattern, text });
        if (answer === 'invalid') return 'invalid';
        if (answer === 'timeout') this.timedOut = true;
        if (answer === 'match' && texts.length > 0) return place;
      }
    }
    return null;
  }

  #finds(written: string): 'chat' | 'recursion' | null {
    const key = this.#run.renderKey(written);
    if (this.#chat.has(key, this.#search)) return 'chat';
    return this.#recursion?.has(key, this.#search) ? 'recursion' : null;
  }
}

/** Whole words in scripts that have spaces unless switched off; in every script where the entry asks for them. */
function wordRule(asked: boolean | null, byDefault: boolean): WordRule {
  if (asked === true) return 'segment';
  return (asked ?? byDefault) ? 'boundary' : 'anywhere';
}
