import type { Emotion } from '../../../contract/voice.ts';
import { findClauseEnd } from './find-clause-end.ts';
import type { Direction, MarkupScan } from './markup-scan.ts';
import { scanMarkup } from './scan-markup.ts';

/** A piece of a reply that is said in one breath. */
export interface SpokenClause {
  /** Exactly as in the reply: the texts of all clauses, joined, are the reply. */
  text: string;
  /** What is read aloud of it; empty for a stage direction, a block of code, an image, a rule, an emoji. */
  spoken: string;
  emotion: Emotion;
}

export interface ClauseSplitterOptions {
  /** The first clause ends at the first comma from this many words on (汉字: a third more). Default 6. */
  firstClauseWords?: number;
  /** `read`: what stands between asterisks and in brackets is read too, as a narrator would. Default `skip`. */
  narration?: 'skip' | 'read';
}

/** Beyond this many characters only a block of code is being waited for, and only a new line can end it. */
const LONG_WAIT = 1000;
/** Beyond this many characters a mark is open whose partner, or the wait's end, has to come. */
const SHORT_WAIT = 40;
const SPEAKABLE = /[\p{L}\p{N}]/u;

/**
 * Cuts a reply, as it is written, into clauses for the voice. The first comes as early as sounds natural, the others
 * sentence by sentence; a clause is handed out only when its end is certain. How the reply is chopped into deltas
 * changes nothing: the splitter decides after every character.
 */
export class ClauseSplitter {
  readonly #firstClauseWords: number;
  readonly #narration: 'skip' | 'read';
  #pending = '';
  #emotion: Emotion = 'neutral';
  #spoke = false;
  /** Up to here the pending words' marks were understood when last looked at. */
  #settled = 0;
  /** The end of what was handed out, for what depends on it: line starts, quotations, empty lines. */
  #lineBreaks = 1;
  #before = '';
  #quoted = false;
  #closing: string | null = null;

  constructor(options: ClauseSplitterOptions = {}) {
    this.#firstClauseWords = options.firstClauseWords ?? 6;
    this.#narration = options.narration ?? 'skip';
  }

  push(delta: string): SpokenClause[] {
    const clauses: SpokenClause[] = [];
    for (let index = 0; index < delta.length; index += 1) {
      const character = delta[index] ?? '';
      this.#pending += character;
      if (this.#mayDecide(character)) this.#take(clauses, false);
    }
    return clauses;
  }

  end(): SpokenClause[] {
    const clauses: SpokenClause[] = [];
    this.#take(clauses, true);
    return clauses;
  }

  /** Inside a word nothing is decided, nor while a mark's partner is waited for. */
  #mayDecide(character: string): boolean {
    const length = this.#pending.length;
    if (length > LONG_WAIT) return character === '\n';
    if (length - this.#settled > SHORT_WAIT) return /[)）】\]>*_`\n]/u.test(character) || length % SHORT_WAIT === 0;
    return !(/[a-z]/u.test(character) && /[a-z]/u.test(this.#pending[length - 2] ?? '') && length % 100 !== 0);
  }

  #take(clauses: SpokenClause[], ending: boolean): void {
    for (let clause = this.#next(ending); clause; clause = this.#next(ending)) clauses.push(clause);
  }

  #next(ending: boolean): SpokenClause | null {
    if (this.#pending === '') return null;
    const scan = scanMarkup(this.#pending, {
      ending,
      lineStart: this.#lineBreaks > 0,
      before: this.#before,
      closing: this.#closing,
      narration: this.#narration,
    });
    this.#settled = scan.settled;
    const said = scan.units.findIndex((unit) => SPEAKABLE.test(unit.character));
    const leading = scan.directions.filter((direction) => said === -1 || direction.at <= said);
    const silent = leading.find((direction) => direction.end > direction.start);
    if (silent) return this.#direct(silent, scan);
    const steering = leading.findLast((direction) => direction.emotion !== null)?.emotion ?? this.#emotion;
    const turning = scan.directions.find(
      (direction) => !leading.includes(direction) && direction.emotion !== null && direction.emotion !== steering,
    );
    const units = turning ? scan.units.slice(0, turning.at) : scan.units;
    const final = turning !== undefined || (ending && scan.settled === this.#pending.length);
    const end = findClauseEnd(
      { characters: units.map((unit) => unit.character), ending: final, quoted: this.#quoted },
      { firstClauseWords: this.#spoke ? null : this.#firstClauseWords },
    );
    if (end !== null) {
      const last = turning && end === units.length ? turning.start : (units[end - 1]?.end ?? this.#pending.length);
      const cut = final && !turning && end === units.length ? this.#pending.length : last;
      const words = units
        .slice(0, end)
        .map((unit) => unit.character)
        .join('');
      return this.#cut({ end: cut, words, scan, steering });
    }
    if (ending) return this.#cut({ end: this.#pending.length, words: '', scan });
    return this.#silence(scan, said);
  }

  /** A stage direction with nothing said before it: it steers what follows. */
  #direct(direction: Direction, scan: MarkupScan): SpokenClause {
    const clause = this.#cut({ end: direction.end, words: '', scan });
    if (direction.emotion) this.#emotion = direction.emotion;
    return { ...clause, emotion: this.#emotion };
  }

  /** A block of code or a rule is handed out as soon as it is whole. */
  #silence(scan: MarkupScan, said: number): SpokenClause | null {
    if (said !== -1 || scan.units.at(-1)?.character !== '\n') return null;
    const line = this.#pending.slice(0, scan.settled);
    return line.trim() === '' || !line.endsWith('\n') ? null : this.#cut({ end: scan.settled, words: '', scan });
  }

  #cut({ end, words, scan, steering }: Cut): SpokenClause {
    const text = this.#pending.slice(0, end);
    this.#pending = this.#pending.slice(end);
    this.#settled = Math.max(0, this.#settled - end);
    const span = scan.spans.find((marked) => marked.start < end && end < marked.end && marked.mark !== '');
    const units = scan.units.filter((unit) => unit.end <= end);
    const steeringBefore = this.#emotion;
    const leading = /^\s*/u.exec(text)?.[0] ?? '';
    if (this.#lineBreaks + countLineBreaks(leading) >= 2 && this.#spoke) this.#emotion = 'neutral';
    if (steering !== undefined && steering !== steeringBefore) this.#emotion = steering;
    const sign = scan.signs.find((candidate) => candidate.start < end);
    const spoken = tidy(words);
    if (spoken !== '') this.#spoke = true;
    this.#remember(text, units.map((unit) => unit.character).join(''));
    this.#closing = span ? span.mark : this.#closing;
    return { text, spoken, emotion: sign?.emotion ?? this.#emotion };
  }

  #remember(text: string, said: string): void {
    const trailing = /[ \t\n]*$/u.exec(text)?.[0] ?? '';
    const breaks = countLineBreaks(trailing);
    this.#lineBreaks = trailing.length === text.length ? this.#lineBreaks + breaks : breaks;
    if (!trailing.endsWith('\n') && trailing.length !== text.length) this.#lineBreaks = 0;
    const line = said.slice(said.lastIndexOf('\n') + 1);
    if (said.includes('\n')) {
      this.#before = '';
      this.#quoted = false;
      this.#closing = null;
    }
    this.#before = line.trimEnd().at(-1) ?? this.#before;
    if ((line.split('"').length - 1) % 2 === 1) this.#quoted = !this.#quoted;
  }
}

interface Cut {
  end: number;
  words: string;
  scan: MarkupScan;
  /** What a direction that is read aloud asks of the clause. */
  steering?: Emotion;
}

function countLineBreaks(text: string): number {
  return text.split('\n').length - 1;
}

/** One space between words; a drawn-out ～ is a pause; nothing where no word is left. */
function tidy(words: string): string {
  if (!SPEAKABLE.test(words)) return '';
  return words
    .replace(/(?<!\d)[~～]+(?=[\p{L}])/gu, '，')
    .replace(/(?<!\d)[~～]+|[~～]+(?!\d)/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/ (?=[,.!?;:])/gu, '')
    .trim();
}
