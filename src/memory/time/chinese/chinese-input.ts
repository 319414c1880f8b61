import type { ReferenceTime } from '../civil-days.ts';
import { narrowForms } from '../english/english-tokens.ts';
import type { Direction, TimeSpan } from '../time-span.ts';

/** A text under examination, narrowed and in simplified characters; offsets are those of the text as written. */
export interface ChineseInput {
  text: string;
  reference: ReferenceTime;
  /** Where the second end of a stretch is read, it lies after the first. */
  direction?: Direction;
}

/** What a rule made of the text from its start up to `next`, exclusive. */
export interface Parsed {
  span: TimeSpan;
  next: number;
}

const traditional =
  '週禮號點後個兩這節聖誕國慶鐘歲來時當陽勞動親愛愚復萬淸農曆陰舊過還從開臘宵晝間週幾裏裡頭們會將劃準備內萬雙陣連紀變該';
const simplified =
  '周礼号点后个两这节圣诞国庆钟岁来时当阳劳动亲爱愚复万清农历阴旧过还从开腊宵昼间周几里里头们会将划准备内万双阵连纪变该';
const toSimplified = new Map(Array.from(traditional, (character, at) => [character, simplified.charAt(at)]));
const traditionalPattern = new RegExp(`[${traditional}]`, 'gu');

/** Characters of time in their simplified forms, ASCII for full-width; as long as the text given. */
export function plainChinese(text: string): string {
  return narrowForms(text).replace(traditionalPattern, (character) => toSimplified.get(character) ?? character);
}

/** Matches a sticky expression at a place. */
export function matchAt(input: ChineseInput, at: number, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(input.text);
}

/** Whether one of these characters stands at a place: asked before an expression is tried, which takes much longer. */
export function isHead(input: ChineseInput, at: number, characters: string): boolean {
  return at < input.text.length && characters.includes(input.text.charAt(at));
}

/** Whether the text right before a place ends with one of these characters. */
export function isAfter(input: ChineseInput, at: number, characters: string): boolean {
  return at > 0 && characters.includes(input.text.charAt(at - 1));
}

const sentenceEnds = '。！？!?；;\n';
const clauseEnds = `${sentenceEnds}，,、：:`;
/** Cues further off than this, in characters, belong to another thought. */
const cueReach = 30;

const futureCue =
  /打算|准备|计划|即将|马上|到时|记得|提醒|以后|快到|快要|希望|期待|将(?!军)|要(?!是|不是|么|求)|会(?!议|员|计|所|场|上|儿)|等(?!等)|之前(?:得|必须)|截止|再(?!见)/u;
const pastCue =
  /了|过(?!年|节|几|两|三|来|去|程|度|得|敏)|曾|当时|那时|那会|刚|已|以前|从前|出生|生于|去的|来的|买的|是.{1,8}的/u;
const futureWithPast = /(?:[要将快等]|马上).{0,8}了|(?:马上|快).{0,8} .{0,3}了/u;

/** Reads the clause around an expression, then its sentence. */
export function directionAround(input: ChineseInput, from: number, next: number): Direction {
  if (input.direction) return input.direction;
  const clause = cueOf(surroundings(input, { from, next }, clauseEnds));
  return clause === 'unknown' ? cueOf(surroundings(input, { from, next }, sentenceEnds)) : clause;
}

/** The clause alone, for what comes back every month or year: the wrong return is far off. */
export function clauseDirection(input: ChineseInput, from: number, next: number): Direction {
  return input.direction ?? cueOf(surroundings(input, { from, next }, clauseEnds));
}

function surroundings(input: ChineseInput, { from, next }: { from: number; next: number }, ends: string): string {
  let start = from;
  while (start > Math.max(0, from - cueReach) && !ends.includes(input.text.charAt(start - 1))) start -= 1;
  let end = next;
  while (end < Math.min(input.text.length, next + cueReach) && !ends.includes(input.text.charAt(end))) end += 1;
  return `${input.text.slice(start, from)} ${input.text.slice(next, end)}`;
}

function cueOf(words: string): Direction {
  const future = futureCue.test(words);
  const past = pastCue.test(words);
  if (future && past) return futureWithPast.test(words) ? 'future' : 'past';
  if (future) return 'future';
  return past ? 'past' : 'unknown';
}
