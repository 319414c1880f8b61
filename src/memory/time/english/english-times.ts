import type { ReferenceTime } from '../civil-days.ts';
import { joinSpans, daySpan, minutesPerDay, uncertain, type FoundTime, type TimeSpan } from '../time-span.ts';
import { dayAt } from './english-days.ts';
import { spanAtDistance, stretch, type DistanceUnit } from '../distances.ts';
import { distanceUnitAt, halfDistanceAt, halfOf } from './english-distances.ts';
import { festivalAt, festivalHeads } from './english-festivals.ts';
import { directionAround, isWord, wordAt, type EnglishInput, type Parsed } from './english-input.ts';
import { countAt, dateAt, isCountHead } from './english-numbers.ts';
import { periodAt } from './english-periods.ts';
import { englishTokens } from './english-tokens.ts';

/** Words that can begin an expression; numbers can too. Everything else is passed over at once. */
const heads = new Set([
  ...festivalHeads,
  ...'today yesterday tomorrow tmrw tmr tonight last this next the past coming upcoming previous earlier later early mid late beginning start middle end since until till for from between in over within during a an one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety couple few several half about around almost nearly over more january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun noon midday midnight spring summer autumn fall winter week month year weekend day night these before after twenties thirties forties fifties sixties seventies eighties nineties first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth'.split(
    ' ',
  ),
]);

/** Everything in a text that English words or numbers say of time, in order, without overlaps; at most `limit`. */
export function englishTimes(text: string, reference: ReferenceTime, limit: number): FoundTime[] {
  const tokens = englishTokens(text);
  const input: EnglishInput = { tokens, reference };
  const found: FoundTime[] = [];
  for (let at = 0; at < tokens.length && found.length < limit; at++) {
    const token = tokens[at];
    if (!token || !(token.kind === 'number' || heads.has(token.text))) continue;
    const parsed = expressionAt(input, at);
    const last = parsed && tokens[parsed.next - 1];
    if (!parsed || !last || parsed.span.to <= parsed.span.from) continue;
    found.push({ index: token.index, end: last.end, span: parsed.span });
    at = parsed.next - 1;
  }
  return found;
}

function expressionAt(input: EnglishInput, at: number): Parsed | null {
  return (
    rangeAt(input, at) ??
    sinceAt(input, at) ??
    distanceAt(input, at) ??
    besideFestivalAt(input, at) ??
    pointWithRange(input, at)
  );
}

/** A day, a feast, or a period. */
function pointAt(input: EnglishInput, at: number): Parsed | null {
  return festivalAt(input, at) ?? dayAt(input, at) ?? periodAt(input, at);
}

/** "May 3 to 7", "Monday to Friday", "May 3rd - June 2nd". */
function pointWithRange(input: EnglishInput, at: number): Parsed | null {
  const first = pointAt(input, at);
  if (!first || !isWord(input, first.next, 'to', '-', '–', '—', 'through', 'thru', 'until', 'till')) return first;
  return untilPoint(input, first, first.next + 1) ?? first;
}

function untilPoint(input: EnglishInput, first: Parsed, at: number): Parsed | null {
  const last = pointAt({ ...input, monthsMeant: true }, at);
  if (last) {
    const span = joinInOrder(first.span, last.span);
    return span && { span, next: last.next };
  }
  const date = dateAt(input, at);
  if (!date || first.span.to - first.span.from !== minutesPerDay || distanceUnitAt(input, date.next)) return null;
  const begin = new Date((first.span.from / minutesPerDay) * 86_400_000);
  const days = date.value - begin.getUTCDate();
  if (days <= 0) return null;
  return {
    span: { ...daySpan(first.span.from / minutesPerDay, days + 1, 'range'), certain: first.span.certain },
    next: date.next,
  };
}

/** Days without a week or year of their own run on from the first one. */
function joinInOrder(first: TimeSpan, last: TimeSpan): TimeSpan | null {
  const week = 7 * minutesPerDay;
  const isEarlier = last.from < first.from && first.from - last.from < week;
  return joinSpans(first, isEarlier ? { ...last, from: last.from + week, to: last.to + week } : last);
}

/** "from May to July", "between Monday and Wednesday", "until Friday". */
function rangeAt(input: EnglishInput, at: number): Parsed | null {
  if (isWord(input, at, 'until', 'till')) {
    const end = pointAt(input, at + 1);
    if (!end || end.span.to <= input.reference.now) return null;
    return {
      span: { from: input.reference.now, to: end.span.to, precision: 'range', certain: end.span.certain },
      next: end.next,
    };
  }
  if (!isWord(input, at, 'from', 'between')) return null;
  const first = pointAt({ ...input, monthsMeant: true }, at + 1);
  if (!first) return null;
  const joins = isWord(input, at, 'from') ? ['to', 'until', 'till', 'through', '-', '–'] : ['and'];
  return isWord(input, first.next, ...joins) ? untilPoint(input, first, first.next + 1) : null;
}

/** "since March", "since last summer", "ever since Tuesday": up to now. */
function sinceAt(input: EnglishInput, at: number): Parsed | null {
  if (!isWord(input, at, 'since')) return null;
  const ago = distanceAt(input, at + 1);
  const start = ago ?? pointAt(input, at + 1);
  if (!start) return null;
  const { reference } = input;
  let { from } = start.span;
  // A yearly name that lies ahead is the one of a year ago.
  const yearInMinutes = 365 * minutesPerDay;
  if (from >= reference.now && from - reference.now < yearInMinutes && !start.span.certain) from -= yearInMinutes;
  if (from >= reference.now) return null;
  return { span: { from, to: reference.now, precision: 'range', certain: true }, next: start.next };
}

/** Amounts: "three days ago", "in two weeks", "for two years", "the last three months", "the other day". */
function distanceAt(input: EnglishInput, at: number): Parsed | null {
  if (isWord(input, at, 'in', 'within')) return inAmountAt(input, at);
  if (isWord(input, at, 'for')) return forAmountAt(input, at);
  if (isWord(input, at, 'about', 'around', 'almost', 'nearly', 'over')) {
    const near = agoAt(input, at + 1);
    return near && { span: uncertain(near.span), next: near.next };
  }
  if (isWord(input, at, 'more') && isWord(input, at + 1, 'than')) {
    const more = agoAt(input, at + 2);
    return more && { span: uncertain(more.span), next: more.next };
  }
  return agoAt(input, at) ?? lastAmountAt(input, at);
}

function agoAt(input: EnglishInput, at: number): Parsed | null {
  if (!isCountHead(input, at)) return null;
  const half = halfDistanceAt(input, at) ?? countAndHalfAt(input, at);
  if (half) {
    const sign = signAt(input, half.next);
    const span = sign && half.spanBy(sign.sign);
    return sign && span ? { span, next: sign.next } : null;
  }
  const amount = amountAt(input, at);
  const sign = amount && signAt(input, amount.next);
  if (!amount || !sign) return null;
  const span = spanAtDistance(input.reference, amount.unit, amount, sign.sign);
  return span && { span, next: sign.next };
}

function countAndHalfAt(input: EnglishInput, at: number): ReturnType<typeof halfOf> {
  const count = countAt(input, at);
  if (
    !count ||
    count.vague ||
    !isWord(input, count.next, 'and') ||
    !isWord(input, count.next + 1, 'a') ||
    !isWord(input, count.next + 2, 'half')
  )
    return null;
  return halfOf(input, distanceUnitAt(input, count.next + 3), count.low, count.next + 4);
}

interface Amount {
  low: number;
  high: number;
  vague: boolean;
  unit: DistanceUnit;
  next: number;
}

function amountAt(input: EnglishInput, at: number): Amount | null {
  const count = countAt(input, at);
  if (!count) return null;
  if (isWord(input, count.next, 'fortnight'))
    return { low: 2, high: 2, vague: false, unit: 'week', next: count.next + 1 };
  const isMore = isWord(input, count.next, 'more');
  const unit = distanceUnitAt(input, isMore ? count.next + 1 : count.next);
  return unit && { ...count, unit, next: count.next + (isMore ? 2 : 1) };
}

function signAt(input: EnglishInput, at: number): { sign: -1 | 1; next: number } | null {
  if (isWord(input, at, 'ago')) return { sign: -1, next: at + 1 };
  if (isWord(input, at, 'from') && isWord(input, at + 1, 'now', 'today')) return { sign: 1, next: at + 2 };
  return null;
}

/** "in three days", "within a week". In a sentence about the past it is how long something took. */
function inAmountAt(input: EnglishInput, at: number): Parsed | null {
  const start = isWord(input, at + 1, 'about', 'around') ? at + 2 : at + 1;
  const half = halfDistanceAt(input, start);
  const amount = half ? null : amountAt(input, start);
  const next = half?.next ?? amount?.next;
  if (next === undefined || isWord(input, next, 'ago', 'of', 'old')) return null;
  const direction = directionAround(input, at, next);
  if (direction === 'past') return null;
  const { reference } = input;
  const span = half
    ? half.spanBy(1)
    : amount && isWord(input, at, 'within')
      ? stretch(reference, amount.unit, amount.high, 1)
      : amount && spanAtDistance(reference, amount.unit, amount, 1);
  return span && { span: direction === 'future' ? span : uncertain(span), next };
}

/** "for two years": up to now, which only "have been" says outright. */
function forAmountAt(input: EnglishInput, at: number): Parsed | null {
  const start =
    isWord(input, at + 1, 'the') && isWord(input, at + 2, 'last', 'past')
      ? at + 3
      : isWord(input, at + 1, 'about', 'almost', 'nearly', 'over', 'around')
        ? at + 2
        : at + 1;
  const amount = amountAt(input, start);
  if (!amount || isWord(input, amount.next, 'ago', 'old')) return null;
  if (amount.unit === 'weekend' || amount.unit === 'night' || directionAround(input, at, amount.next) === 'future')
    return null;
  const span = stretch(input.reference, amount.unit, amount.high, -1);
  const sure = start === at + 3 || isPerfect(input, at);
  return span && { span: sure && !amount.vague ? span : uncertain(span), next: amount.next };
}

function isPerfect(input: EnglishInput, at: number): boolean {
  for (let back = at - 1; back >= Math.max(0, at - 8); back--) {
    if (isWord(input, back, 'have', 'has', 'been') || input.tokens[back]?.contraction === 've') return true;
    if (isWord(input, back, '.', '!', '?')) return false;
  }
  return false;
}

/** "the last three days", "the past few weeks", "the next two months", "the other day". */
function lastAmountAt(input: EnglishInput, at: number): Parsed | null {
  if (isWord(input, at, 'the') && isWord(input, at + 1, 'other') && isWord(input, at + 2, 'day', 'night', 'week')) {
    const days = isWord(input, at + 2, 'week') ? 14 : 7;
    return { span: uncertain(daySpan(input.reference.day - days, days, 'range')), next: at + 3 };
  }
  const start = isWord(input, at, 'the', 'these') ? at + 1 : at;
  const sign = isWord(input, start, 'last', 'past') ? -1 : isWord(input, start, 'next', 'coming') ? 1 : 0;
  if (sign === 0) return null;
  const amount = amountAt(input, start + 1);
  if (!amount || isWord(input, amount.next, 'of')) return null;
  const span = stretch(input.reference, amount.unit, amount.high, sign);
  return span && { span: amount.vague ? uncertain(span) : span, next: amount.next };
}

/** "two days before Christmas", "the week after Easter", "the day after Thanksgiving", "before Christmas". */
function besideFestivalAt(input: EnglishInput, at: number): Parsed | null {
  if (isWord(input, at, 'before', 'after', 'around')) {
    const feast = festivalAt(input, at + 1);
    if (!feast) return null;
    const day = minutesPerDay;
    const { from, to } = feast.span;
    const beside = {
      before: { from: from - 14 * day, to: from },
      after: { from: to, to: to + 14 * day },
      around: { from: from - 3 * day, to: to + 3 * day },
    }[wordAt(input, at) as 'before'];
    return { span: { ...beside, precision: 'range', certain: false }, next: feast.next };
  }
  const the = isWord(input, at, 'the');
  if (!the && !isCountHead(input, at)) return null;
  const amount = the ? null : amountAt(input, at);
  const unit = the ? distanceUnitAt(input, at + 1) : amount?.unit;
  const next = amount?.next ?? at + 2;
  if (!unit || !isWord(input, next, 'before', 'after')) return null;
  const feast = festivalAt(input, next + 1);
  if (!feast) return null;
  const after = isWord(input, next, 'after');
  const edge = after ? feast.span.to : feast.span.from;
  const span = besideEdge(edge / minutesPerDay, { unit, count: amount?.high ?? 1, after });
  return span && { span: feast.span.certain && !amount?.vague ? span : uncertain(span), next: feast.next };
}

function besideEdge(
  edge: number,
  { unit, count, after }: { unit: DistanceUnit; count: number; after: boolean },
): TimeSpan | null {
  const shift = (days: number): number => (after ? edge + days - 1 : edge - days);
  if (unit === 'day') return daySpan(shift(count));
  if (unit === 'night')
    return {
      from: shift(count) * minutesPerDay + 1_080,
      to: shift(count) * minutesPerDay + 1_800,
      precision: 'hour',
      certain: true,
    };
  if (unit !== 'week' && unit !== 'weekend') return null;
  return after ? daySpan(edge + (count - 1) * 7, 7, 'week') : daySpan(edge - count * 7, 7, 'week');
}
