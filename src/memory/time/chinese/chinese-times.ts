import type { ReferenceTime } from '../civil-days.ts';
import { joinSpans, uncertain, type FoundTime } from '../time-span.ts';
import { amountExpressionAt } from './chinese-amounts.ts';
import { dateAt } from './chinese-dates.ts';
import { relativeDayAt, weekAt } from './chinese-days.ts';
import { aroundNewYearAt, festivalAt, otherFeastAt } from './chinese-festivals.ts';
import { numeralHeads } from './chinese-numbers.ts';
import { matchAt, plainChinese, type ChineseInput, type Parsed } from './chinese-input.ts';
import { bareYearPartAt, decadeAt } from './chinese-years.ts';

type Rule = (input: ChineseInput, at: number) => Parsed | null;

const years = '去前今本明后大';

/** What can begin with which character; everything else is passed over at once. */
const rules: readonly (readonly [heads: string, rule: Rule])[] = [
  [`${numeralHeads}几好数半还再过等最近这前未接今往后大差将快`, amountExpressionAt],
  [`${numeralHeads}${years}元除春过清劳端中国重冬腊小平圣情妇女儿教母父感万复愚双光跨年正农阴旧上这下`, festivalAt],
  ['八五植建', otherFeastAt],
  ['今昨前明后大', relativeDayAt],
  ['上这本下周星礼', weekAt],
  [`${numeralHeads}上本`, decadeAt],
  [`${numeralHeads}${years}上这当下月春夏秋冬初早盛晚深仲暮暑寒那`, dateAt],
  ['年上下', bareYearPartAt],
  ['年', aroundNewYearAt],
];
const rulesByHead = new Map<string, Rule[]>();
for (const [heads, rule] of rules)
  for (const head of heads) rulesByHead.set(head, [...(rulesByHead.get(head) ?? []), rule]);
const sinceHeads = '自从打';

/** Everything in a text that Chinese says of time, in order, without overlaps; at most `limit`. */
export function chineseTimes(text: string, reference: ReferenceTime, limit: number): FoundTime[] {
  const input: ChineseInput = { text: plainChinese(text), reference };
  const found: FoundTime[] = [];
  for (let at = 0; at < input.text.length && found.length < limit; at++) {
    const head = input.text.charAt(at);
    if (!(rulesByHead.has(head) || sinceHeads.includes(head))) continue;
    // A numeral is read from its beginning.
    if (
      numeralHeads.includes(head) &&
      at > 0 &&
      numeralHeads.includes(input.text.charAt(at - 1)) &&
      found.at(-1)?.end !== at
    )
      continue;
    const parsed = sinceAt(input, at) ?? stretchAt(input, at);
    if (!parsed || parsed.span.to <= parsed.span.from) continue;
    found.push({ index: at, end: parsed.next, span: parsed.span });
    at = parsed.next - 1;
  }
  return found;
}

/** The longest of what the rules make of a place. */
function pointAt(input: ChineseInput, at: number): Parsed | null {
  let longest: Parsed | null = null;
  for (const rule of rulesByHead.get(input.text.charAt(at)) ?? []) {
    const parsed = rule(input, at);
    if (parsed && (longest === null || parsed.next > longest.next)) longest = parsed;
  }
  return longest;
}

const joint = /\s?(?:到|至|[-~—–])\s?/uy;

/** 三月到五月, 5月3号到7号, 周一至周三. */
function stretchAt(input: ChineseInput, at: number): Parsed | null {
  const first = pointAt(input, at);
  const join = first && matchAt(input, first.next, joint);
  if (!first || !join) return first;
  const { reference } = input;
  const last = pointAt(
    { ...input, reference: { ...reference, ...referenceOf(first, reference) }, direction: 'future' },
    first.next + join[0].length,
  );
  const span = last && joinSpans(first.span, last.span);
  return last && span ? { span: { ...span, certain: first.span.certain }, next: last.next } : first;
}

/** The second end is looked for from the first one on, in its month and year. */
function referenceOf(first: Parsed, reference: ReferenceTime): Partial<ReferenceTime> {
  const at = new Date(first.span.from * 60_000);
  return {
    now: first.span.from,
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: first.span.from >= reference.now ? Math.floor(first.span.from / 1_440) : reference.day,
  };
}

const sinceLead = /(自从|自|从|打)/uy;
const sinceTail = /(?:开始|起|以来|之后|以后|后|至今|到现在|到今天|就)/uy;
const untilNow = /(?:以来|至今|到现在)/uy;

/** 自从三月, 从去年夏天起, 春节以来: up to now. */
function sinceAt(input: ChineseInput, at: number): Parsed | null {
  const lead = matchAt(input, at, sinceLead);
  const start = at + (lead?.[0].length ?? 0);
  const point = pointAt(input, start);
  if (!point) return null;
  const tail = matchAt(input, point.next, lead ? sinceTail : untilNow);
  const { now } = input.reference;
  if (!tail && lead?.[0] !== '自从') return null;
  if (point.span.from >= now) return null;
  const span = { from: point.span.from, to: now, precision: 'range' as const, certain: true };
  return {
    span: point.span.precision === 'range' ? uncertain(span) : span,
    next: point.next + (tail?.[0].length ?? 0),
  };
}
