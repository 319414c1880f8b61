import { readMark, type SpokenText } from './sentence-marks.ts';

/** Longer ones are cut at a comma, a conjunction, or between two words: what one breath holds. */
const LONGEST_IN_WORDS = 25;
const LONGEST_IN_CHARACTERS = 45;
/** An unbroken run of letters, for example a long address. */
const LONGEST_RUN = 200;
/** No clause is cut shorter than this at a comma or conjunction. */
const SHORTEST_IN_WORDS = 4;
/** A first clause without a comma may end before a conjunction from here on. */
const FIRST_CONJUNCTION_FACTOR = 1.6;
/** 汉字 said in the time of one word. */
const CHARACTERS_PER_WORD = 4 / 3;

const ENGLISH_CONJUNCTION =
  /^(?:and|but|because|so|though|although|while|which|who|when|where|if|unless|until|since|or|then|before|after|as)$/iu;
const STRONG_CONJUNCTION = /^(?:and|but|because|though|although|while|unless)$/iu;
const CHINESE_CONJUNCTION = /^(?:但是|可是|不过|因为|所以|而且|然后|如果|虽然|并且|或者|于是|只是|其实|当然)/u;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const WORD = /[\p{L}\p{N}]/u;

export interface ClauseLimits {
  /** Words of the first clause; null for those after it. */
  firstClauseWords: number | null;
}

/** How much has been read of the clause, in words and 汉字. */
class Measure {
  words = 0;
  characters = 0;
  #inWord = false;

  add(character: string): void {
    if (HAN.test(character)) {
      this.characters += 1;
      this.#inWord = false;
    } else if (WORD.test(character)) {
      if (!this.#inWord) this.words += 1;
      this.#inWord = true;
    } else if (/[\s—–,，]/u.test(character)) this.#inWord = false;
  }

  reaches(words: number): boolean {
    return this.words + this.characters / CHARACTERS_PER_WORD >= words;
  }

  get tooLong(): boolean {
    return this.words / LONGEST_IN_WORDS + this.characters / LONGEST_IN_CHARACTERS > 1;
  }

  get empty(): boolean {
    return this.words === 0 && this.characters === 0;
  }
}

/** Where the next clause of spoken text ends: an index after its last character, or null while that is not certain. */
export function findClauseEnd(text: SpokenText, { firstClauseWords }: ClauseLimits): number | null {
  const { characters, ending } = text;
  const measure = new Measure();
  let pause: number | null = null;
  let gap: number | null = null;
  let run = 0;
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const mark = readMark(text, at);
    if (mark?.kind === 'unknown') return null;
    if (mark?.kind === 'sentence' && !measure.empty) return mark.end;
    if (mark?.kind === 'pause') {
      if (firstClauseWords !== null && measure.reaches(firstClauseWords)) return mark.end;
      if (measure.reaches(SHORTEST_IN_WORDS)) pause = mark.end;
    }
    if (mark && mark.end > at + 1) {
      at = mark.end - 1;
      run = 0;
      continue;
    }
    measure.add(character);
    run = /\s/u.test(character) || HAN.test(character) ? 0 : run + 1;
    const conjunction = conjunctionAt(characters, at, ending);
    if (
      conjunction === 'strong' &&
      firstClauseWords !== null &&
      measure.reaches(firstClauseWords * FIRST_CONJUNCTION_FACTOR)
    )
      return at;
    if (conjunction !== null && measure.reaches(SHORTEST_IN_WORDS)) gap = at;
    if (measure.tooLong) return pause ?? gap ?? wordStart(characters, at);
    if (run >= LONGEST_RUN) return at + 1;
  }
  return ending && characters.length > 0 ? characters.length : null;
}

/** A conjunction that begins at a place, whole words only. */
function conjunctionAt(characters: readonly string[], at: number, ending: boolean): 'weak' | 'strong' | null {
  if (HAN.test(characters[at] ?? '')) {
    const known = CHINESE_CONJUNCTION.test(characters.slice(at, at + 2).join(''));
    return known && at > 0 ? 'strong' : null;
  }
  if (!/\s/u.test(characters[at - 1] ?? '')) return null;
  const word = characters.slice(at, at + 10);
  const length = word.findIndex((character) => !/\p{L}/u.test(character));
  if (length === -1 && !ending) return null;
  const whole = word.slice(0, length === -1 ? word.length : length).join('');
  if (STRONG_CONJUNCTION.test(whole)) return 'strong';
  return ENGLISH_CONJUNCTION.test(whole) ? 'weak' : null;
}

/** The beginning of the word that stands at a place: nothing is cut inside words and numbers. */
function wordStart(characters: readonly string[], at: number): number {
  let start = at;
  if (HAN.test(characters[at] ?? '') && !HAN.test(characters[at - 1] ?? '')) return at;
  while (start > 0 && !/\s/u.test(characters[start - 1] ?? '') && !HAN.test(characters[start - 1] ?? '')) start -= 1;
  return start > 0 ? start : at + 1;
}
