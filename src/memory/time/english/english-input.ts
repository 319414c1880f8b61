import type { ReferenceTime } from '../civil-days.ts';
import type { Direction, TimeSpan } from '../time-span.ts';
import type { Token } from './english-tokens.ts';

/** A text under examination. */
export interface EnglishInput {
  tokens: readonly Token[];
  reference: ReferenceTime;
  /** Whether a month's name can be nothing else, since it is an end of a stretch. */
  monthsMeant?: boolean;
}

/** What a rule made of the tokens from its start up to `next`, exclusive. */
export interface Parsed {
  span: TimeSpan;
  next: number;
}

export function wordAt(input: EnglishInput, at: number): string {
  return input.tokens[at]?.text ?? '';
}

export function isWord(input: EnglishInput, at: number, ...words: readonly string[]): boolean {
  return words.includes(wordAt(input, at));
}

/** Whether a token stands right behind the one before it, without a space. */
export function isJoined(input: EnglishInput, at: number): boolean {
  const token = input.tokens[at];
  return token !== undefined && input.tokens[at - 1]?.end === token.index;
}

/** The number of at most four digits at a place; null where there is none. */
export function digitsAt(input: EnglishInput, at: number): number | null {
  const token = input.tokens[at];
  return token?.kind === 'number' && token.text.length <= 4 ? Number(token.text) : null;
}

/** Words that tell of what is to come, and of what has been. Other words in -ed count as past. */
const futureWords = new Set(
  'will wont shall going gonna plan plans planning hope hoping upcoming soon until till let lets want wanna should coming next tomorrow schedule scheduled booked due looking deadline remind wish go goes leave leaves start starts arrive arrives come comes fly flies begin begins open opens close closes return returns am is are'.split(
    ' ',
  ),
);
const pastWords = new Set(
  'was were wasnt werent had hadnt did didnt went saw met got came told said took made ate bought left felt found thought knew began broke ran gave brought wrote lost won spent heard died born built caught drove fell flew forgot grew held kept led meant paid rode sang sat sold sent slept spoke stood stole swam taught threw wore woke became chose drew drank hid hurt last ago yesterday already since been back fought hung lent lit rang rose shook shot shut stuck swore tore understood married gone done seen'.split(
    ' ',
  ),
);
const presentInEd = new Set([
  'need',
  'feed',
  'seed',
  'breed',
  'speed',
  'indeed',
  'exceed',
  'succeed',
  'proceed',
  'bed',
  'red',
  'wed',
  'shed',
  'ted',
  'weed',
  'bleed',
  'embed',
  'scheduled',
  'hundred',
  'sacred',
]);

/** A cue further off than this, in tokens, belongs to another thought. */
const cueReach = 16;
const cueReachAfter = 8;
/** A cue this near before an expression, with no mark between, is about it. */
const sureReach = 5;

/** Reads the sentence around an expression (`from` to `next`, exclusive): the nearest cue before it decides, else one behind it. */
export function directionAround(input: EnglishInput, from: number, next: number): Direction {
  const before = cueBefore(input, from, cueReach, isSentenceEnd);
  if (before !== 'unknown') return before;
  for (let at = next; at < Math.min(input.tokens.length, next + cueReachAfter); at++) {
    if (isSentenceEnd(input, at)) break;
    const cue = cueAt(input, at);
    if (cue !== 'unknown') return cue;
  }
  return 'unknown';
}

/** The same for what comes back every year, whose wrong return is a year off: only a cue in the same breath decides. */
export function yearlyDirection(input: EnglishInput, from: number, next: number): Direction {
  const near = cueBefore(input, from, sureReach, (each, at) => each.tokens[at]?.kind === 'mark');
  if (near === 'unknown')
    return directionAround(input, from, next) === 'past' && !hasMarkBefore(input, from) ? 'past' : 'unknown';
  const isTimeless = near === 'future' && isWord(input, from - 1, 'is', 'are', 'on') && timelessCue(input, from);
  return isTimeless ? 'unknown' : near;
}

/** "my birthday is on May 7" tells of no year. */
function timelessCue(input: EnglishInput, from: number): boolean {
  for (let at = from - 1; at >= Math.max(0, from - sureReach); at--) {
    if (isWord(input, at, 'is', 'are')) return true;
    if (cueAt(input, at) !== 'unknown') return false;
  }
  return false;
}

function hasMarkBefore(input: EnglishInput, from: number): boolean {
  for (let at = from - 1; at >= Math.max(0, from - sureReach); at--) if (input.tokens[at]?.kind === 'mark') return true;
  return false;
}

function cueBefore(
  input: EnglishInput,
  from: number,
  reach: number,
  isEnd: (input: EnglishInput, at: number) => boolean,
): Direction {
  for (let at = from - 1; at >= Math.max(0, from - reach); at--) {
    if (isEnd(input, at)) return 'unknown';
    const cue = cueAt(input, at);
    if (cue !== 'unknown') return cue;
  }
  return 'unknown';
}

function isSentenceEnd(input: EnglishInput, at: number): boolean {
  return ['.', '!', '?', ';', '。', '！', '？', '；'].includes(wordAt(input, at));
}

function cueAt(input: EnglishInput, at: number): Direction {
  const token = input.tokens[at];
  if (token?.kind !== 'word') return 'unknown';
  if (token.contraction === 'll' || token.contraction === 'm' || token.contraction === 're') return 'future';
  if (token.contraction === 'd') return isWord(input, at + 1, 'like', 'love', 'better', 'rather') ? 'future' : 'past';
  if (futureWords.has(token.text) || (token.text === 'see' && wordAt(input, at + 1) === 'you')) return 'future';
  if (pastWords.has(token.text) || token.contraction === 've') return 'past';
  const inEd = token.text.length > 3 && token.text.endsWith('ed') && !presentInEd.has(token.text);
  return inEd ? 'past' : 'unknown';
}
