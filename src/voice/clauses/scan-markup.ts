import type { Found, MarkupPlace, MarkupScan } from './markup-scan.ts';
import { readInlineMarks } from './read-inline-marks.ts';
import { readLineStart } from './read-line-start.ts';

/** Tags and brackets steer the voice and are never read, even where narration is. */
const NEVER_READ = new Set(['[', '<', '【']);
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/u;
const MARK = /[\\*_~([!<`|（【:;^T>]|\uFE0E|\uFE0F|\u20E3|\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

export interface MarkupContext {
  /** Nothing more will be written. */
  ending: boolean;
  /** `text` begins a line. */
  lineStart: boolean;
  /** The last character said before `text` in its line. */
  before: string;
  /** The mark of stressed words that were cut: its next one is silent. */
  closing: string | null;
  narration: 'skip' | 'read';
}

/** Tells what of a written reply is said, what directs the voice and what is neither. Linear in `text` for ordinary replies. */
export function scanMarkup(text: string, context: MarkupContext): MarkupScan {
  const scan: MarkupScan = { units: [], directions: [], signs: [], spans: [], settled: 0 };
  new MarkupScanner(text, context, scan).run();
  return scan;
}

class MarkupScanner {
  readonly #text: string;
  readonly #context: MarkupContext;
  readonly #scan: MarkupScan;
  #before: string;
  #closing: string | null;

  constructor(text: string, context: MarkupContext, scan: MarkupScan) {
    this.#text = text;
    this.#context = context;
    this.#scan = scan;
    this.#before = context.before;
    this.#closing = context.closing;
  }

  run(): void {
    const last = !this.#context.ending && HIGH_SURROGATE.test(this.#text) ? this.#text.length - 1 : this.#text.length;
    const stopped = this.#words(0, last);
    this.#scan.settled = stopped ?? last;
  }

  /** Reads a stretch; the position at which it has to wait, or null. */
  #words(from: number, to: number): number | null {
    let at = from;
    let lineStart = from === 0 && this.#context.lineStart;
    while (at < to) {
      const place: MarkupPlace = { text: this.#text, at, before: this.#before, ending: this.#context.ending };
      let found: Found = lineStart ? readLineStart(place) : { is: 'nothing' };
      const character = String.fromCodePoint(this.#text.codePointAt(at) ?? 0);
      if (found.is === 'nothing') found = this.#inline(place, character);
      lineStart = false;
      if (found.is === 'wait') return at;
      if (found.is === 'nothing') {
        this.#say(character, at, at + character.length);
        at += character.length;
        lineStart = character === '\n';
      } else {
        const stopped = this.#accept(found, at);
        if (stopped !== null) return stopped;
        at = found.end;
        lineStart = found.is === 'silent' && this.#text[at - 1] === '\n';
        if (lineStart) this.#say('\n', at - 1, at);
      }
    }
    return null;
  }

  #inline(place: MarkupPlace, character: string): Found {
    if (!MARK.test(character)) return { is: 'nothing' };
    if (character === this.#closing && this.#text[place.at + 1] !== character) {
      this.#closing = null;
      return { is: 'silent', end: place.at + 1 };
    }
    return readInlineMarks(place);
  }

  #accept(found: Exclude<Found, { is: 'wait' } | { is: 'nothing' }>, at: number): number | null {
    switch (found.is) {
      case 'said':
        for (const character of found.as) this.#say(character, at, found.end);
        return null;
      case 'silent':
        if (found.emotion) this.#scan.signs.push({ start: at, emotion: found.emotion });
        return null;
      case 'words':
        if (found.mark) this.#scan.spans.push({ mark: found.mark, start: at, end: found.end });
        return this.#words(...found.inner);
      default:
        return this.#direct(found, at);
    }
  }

  #direct(found: Extract<Found, { is: 'direction' }>, at: number): number | null {
    const { units, directions } = this.#scan;
    const emotion = found.emotion;
    if (this.#context.narration === 'skip' || NEVER_READ.has(this.#text[at] ?? '')) {
      directions.push({ at: units.length, start: at, end: found.end, emotion });
      if (units.at(-1) && !/\s/u.test(units.at(-1)?.character ?? '')) this.#say(' ', at, found.end);
      return null;
    }
    const mark = this.#text[at] ?? '';
    this.#scan.spans.push({ mark: mark === '*' || mark === '_' ? mark : '', start: at, end: found.end });
    this.#say('\n', at, at);
    directions.push({ at: units.length, start: at, end: at, emotion });
    const stopped = this.#words(...found.inner);
    if (stopped === null) this.#say('\n', found.end, found.end);
    return stopped;
  }

  #say(character: string, start: number, end: number): void {
    this.#scan.units.push({ character, start, end });
    if (character === '\n') this.#before = '';
    else if (!/\s/u.test(character)) this.#before = character;
  }
}
