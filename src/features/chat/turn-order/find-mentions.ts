/** Somebody who may be mentioned. */
export interface Named {
  participantId: string;
  names: readonly string[];
}

/** Scripts that put no spaces between words, and Hangul, whose particles follow a name without one. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const spacedLetter = new RegExp(`^(?=[\\p{L}\\p{N}\\p{M}_])[^${UNSPACED}]$`, 'u');
const unspacedLetter = new RegExp(`^[${UNSPACED}]$`, 'u');

/** Names that are ordinary English words: only written large they are somebody. */
const ORDINARY: ReadonlySet<string> = new Set(
  'will rose hope grace may art mark bill faith joy dawn sky angel hunter chase june april august iris ivy lily daisy violet ruby pearl amber ash reed dean earl frank grant jack rob sue drew robin summer autumn winter star river storm sage max guy don pat'.split(
    ' ',
  ),
);
/** Where a sentence ends: the next word is written large whatever it is. */
const sentenceEnd = /(?:^|[.!?。！？…\n])["'“”‘’*_()\s]*$/u;
/** After a name that is called. */
const calling = /^\s*[,:!?，：！？]/u;

/** UTF-16 units of a text that are looked at: its beginning says whom it speaks to. */
const LOOKED_AT = 20_000;

interface Mention {
  participantId: string;
  /** UTF-16 units into the folded text. */
  start: number;
  end: number;
}

/**
 * Who is mentioned in a text, each once, in the order of first mention. Letters of one width and without accents,
 * large and small alike, except that a name which is an ordinary word has to be written large and not merely because
 * it begins a sentence. Whole words where a script has them; longer names win over shorter ones they contain.
 */
export function findMentions(text: string, people: readonly Named[]): string[] {
  const mentions = locate(fold(text.slice(0, LOOKED_AT)), people);
  return [...new Set(mentions.map(({ participantId }) => participantId))];
}

/** Whom a text calls with `@Name` before its first other word, in that order: they are asked to answer. */
export function findCalled(text: string, people: readonly Named[]): string[] {
  const folded = fold(text.slice(0, LOOKED_AT));
  const called = new Set<string>();
  let at = 0;
  for (;;) {
    const opening = /^[\s,，、]*@/u.exec(folded.slice(at));
    if (!opening) return [...called];
    const start = at + opening[0].length;
    const found = locate(folded, people, true).find((mention) => mention.start === start);
    if (!found) return [...called];
    called.add(found.participantId);
    at = found.end;
  }
}

function locate(folded: string, people: readonly Named[], isCalled = false): Mention[] {
  const lowered = lower(folded);
  const names = people
    .flatMap(({ participantId, names }) => names.map((name) => ({ participantId, name: fold(name).trim() })))
    .filter(({ name }) => name !== '')
    .toSorted((left, right) => right.name.length - left.name.length);
  const mentions: Mention[] = [];
  for (const { participantId, name } of names) {
    const needle = lower(name);
    for (let start = lowered.indexOf(needle); start !== -1; start = lowered.indexOf(needle, start + 1)) {
      const end = start + needle.length;
      if (!isWhole(folded, { start, end }) || !isMeant(folded, { start, end, needle, isCalled })) continue;
      if (mentions.some((other) => start < other.end && other.start < end)) continue;
      mentions.push({ participantId, start, end });
    }
  }
  return mentions.toSorted((left, right) => left.start - right.start);
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .normalize('NFC');
}

/** Lower case letter by letter, so that places in the text stay what they are. */
function lower(text: string): string {
  return text.replace(/\p{Lu}/gu, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  });
}

function isWhole(text: string, { start, end }: { start: number; end: number }): boolean {
  const [first = '', last = ''] = [text.slice(start).match(/^./u)?.[0], text.slice(start, end).match(/.$/u)?.[0]];
  const before = text.slice(Math.max(0, start - 2), start).match(/.$/u)?.[0] ?? '';
  const after = text.slice(end, end + 2).match(/^./u)?.[0] ?? '';
  // One character of a script without spaces stands in too many words to be a name by itself.
  if (first === text.slice(start, end) && unspacedLetter.test(first)) {
    return !unspacedLetter.test(before) && !unspacedLetter.test(after);
  }
  const runsOn = (inside: string, outside: string) => spacedLetter.test(inside) && spacedLetter.test(outside);
  return !runsOn(first, before) && !runsOn(last, after);
}

function isMeant(
  text: string,
  { start, end, needle, isCalled }: { start: number; end: number; needle: string; isCalled: boolean },
): boolean {
  if (isCalled || !ORDINARY.has(needle) || text[start - 1] === '@') return true;
  if (lower(text.slice(start, start + 1)) === text.slice(start, start + 1)) return false;
  return !sentenceEnd.test(text.slice(Math.max(0, start - 40), start)) || calling.test(text.slice(end, end + 3));
}
