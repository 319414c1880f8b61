/** What a mark at some place of spoken text is. */
export type MarkKind =
  /** A sentence ends here. */
  | 'sentence'
  /** One may breathe here. */
  | 'pause'
  /** Part of a word or number. */
  | 'none'
  /** What follows decides, and is not written yet. */
  | 'unknown';

export interface Mark {
  kind: MarkKind;
  /** After the mark, the marks that go with it, and one space. */
  end: number;
}

/** Stand before a name or a number and never end a sentence. */
const TITLES =
  /(?:^|[^\p{L}])(?:mr|mrs|ms|mx|dr|prof|st|rev|hon|gen|col|lt|sgt|capt|cmdr|maj|sen|rep|gov|pres|messrs|mme|mlle|mt|ft|vs|e\.g|i\.e|cf|viz|fig|figs|vol|pp|no|nos|approx|ca|al|ed|eds|dept|univ)$/iu;
/** End a sentence only where the next word begins one. */
const ABBREVIATIONS =
  /(?:^|[^\p{L}])(?:etc|jr|sr|inc|ltd|co|corp|est|ave|blvd|rd|a\.m|p\.m|ph\.d|m\.d|b\.a|m\.a|b\.sc|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun|(?:\p{Lu}\.)+\p{Lu})$/iu;
const INITIAL = /(?:^|[^\p{L}.])[A-HJ-Z]$/u;
const CLOSING = /["”’'」』》）)\]〉]/u;
const TERMINAL = /[.!?…。！？～~]/u;
const SPACE = /\s/u;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF00-\uFFEF]/u;

export interface SpokenText {
  characters: readonly string[];
  /** Nothing more follows. */
  ending: boolean;
  /** A straight quotation mark was opened before this text. */
  quoted: boolean;
}

/** Reads the mark at `at`; null where there is none. */
export function readMark(text: SpokenText, at: number): Mark | null {
  const character = text.characters[at] ?? '';
  switch (character) {
    case '\n':
      return { kind: 'sentence', end: at + 1 };
    case '。':
    case '！':
    case '？':
    case '!':
    case '?':
    case '.':
    case '…':
    case '．':
      return readTerminal(text, at);
    case '；':
    case ';':
    case '，':
    case ',':
    case '：':
    case ':':
      return readSoft(text, at);
    case '—':
    case '–':
    case '-':
      return readDash(text, at);
    default:
      return null;
  }
}

/** The end of a run of marks with its closing quotation marks and one space; null while it may still grow. */
function endOfRun(text: SpokenText, from: number): number | null {
  const { characters, ending } = text;
  let end = from;
  while (end < characters.length) {
    const character = characters[end] ?? '';
    if (character === '"') {
      if (!quotedAt(text, end)) break;
    } else if (!TERMINAL.test(character) && !CLOSING.test(character)) break;
    end += 1;
  }
  if (end === characters.length) return ending ? end : null;
  return end;
}

/** A straight quotation mark at this place would be a closing one. */
function quotedAt({ characters, quoted }: SpokenText, at: number): boolean {
  return quoted !== (characters.slice(0, at).filter((character) => character === '"').length % 2 === 1);
}

function readTerminal(text: SpokenText, at: number): Mark {
  const { characters } = text;
  const end = endOfRun(text, at + 1);
  if (end === null) return { kind: 'unknown', end: characters.length };
  const run = characters.slice(at, end).join('');
  const next = characters[end] ?? '';
  const after = SPACE.test(next) && next !== '\n' ? end + 1 : end;
  const wide = /[。！？]/u.test(run);
  if (wide) return { kind: 'sentence', end: after };
  const apart = next === '' || SPACE.test(next) || WIDE.test(next) || /["“「『（—]/u.test(next);
  if (/^(?:\.{2,}|…)/u.test(run)) return readEllipsis(text, { run, end, after });
  if (!apart) return { kind: /^[!?]+["”’」』)]/u.test(run) ? 'sentence' : 'none', end };
  if (/[!?]/u.test(run) || run.length > 1 || next === '' || next === '\n')
    return dotAfterTitle(text, at, run) ?? { kind: 'sentence', end: after };
  return readFullStop(text, { at, end, after });
}

/** `Dr.)` and the like: closing marks do not make a title end a sentence, the end of the text does. */
function dotAfterTitle(text: SpokenText, at: number, run: string): Mark | null {
  if (run !== '.' || !TITLES.test(text.characters.slice(Math.max(0, at - 12), at).join(''))) return null;
  return text.characters.length > at + 1 || text.ending ? null : { kind: 'unknown', end: at + 1 };
}

function readEllipsis(text: SpokenText, { run, end, after }: { run: string; end: number; after: number }): Mark {
  if (/[!?！？"”」』]/u.test(run)) return { kind: 'sentence', end: after };
  const next = text.characters[end];
  if (next === undefined || next === '\n') return { kind: 'sentence', end: after };
  if (!SPACE.test(next)) return { kind: WIDE.test(next) || run.length > 2 ? 'pause' : 'none', end };
  const follows = text.characters[after];
  if (follows === undefined) return { kind: text.ending ? 'sentence' : 'unknown', end: after };
  return { kind: /\p{Lu}/u.test(follows) && follows !== 'I' ? 'sentence' : 'pause', end: after };
}

function readFullStop(text: SpokenText, { at, end, after }: { at: number; end: number; after: number }): Mark {
  const word = text.characters.slice(Math.max(0, at - 12), at).join('');
  const number = /(?:^|[^\p{L}])no$/iu.test(word);
  const title = TITLES.test(word);
  if (!title && !ABBREVIATIONS.test(word) && !INITIAL.test(word)) return { kind: 'sentence', end: after };
  const follows = text.characters[after];
  if (follows === undefined) return { kind: text.ending ? 'sentence' : 'unknown', end: after };
  if (number) return { kind: /\d/u.test(follows) ? 'none' : 'sentence', end: after };
  if (title || INITIAL.test(word)) return { kind: 'none', end };
  return { kind: /[\p{Lu}"“‘]/u.test(follows) ? 'sentence' : 'none', end: after };
}

function readSoft(text: SpokenText, at: number): Mark {
  const { characters } = text;
  const character = characters[at] ?? '';
  const end = endOfRun(text, at + 1);
  if (end === null) return { kind: 'unknown', end: characters.length };
  const next = characters[end] ?? '';
  const after = SPACE.test(next) && next !== '\n' ? end + 1 : end;
  if (character === '；') return { kind: 'sentence', end: after };
  if (/[，：]/u.test(character)) return { kind: 'pause', end: after };
  if (next === '' || SPACE.test(next)) return { kind: 'pause', end: after };
  const between = /\d/u.test(characters[at - 1] ?? '') && /\d/u.test(next);
  return { kind: !between && WIDE.test(next) && !/[；：，。]/u.test(next) ? 'pause' : 'none', end };
}

function readDash(text: SpokenText, at: number): Mark {
  const { characters, ending } = text;
  const mark = characters[at] ?? '';
  let end = at + 1;
  while (characters[end] === mark) end += 1;
  if (end === characters.length) return { kind: ending ? 'pause' : 'unknown', end };
  const next = characters[end] ?? '';
  const spaced = SPACE.test(next) && SPACE.test(characters[at - 1] ?? '');
  const after = SPACE.test(next) && next !== '\n' ? end + 1 : end;
  const closes = CLOSING.test(next);
  const pauses = !closes && (mark === '—' || spaced || (end - at === 2 && mark === '-'));
  return { kind: pauses && at > 0 ? 'pause' : 'none', end: after };
}
