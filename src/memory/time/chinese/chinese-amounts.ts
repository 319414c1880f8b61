import { daySpan, uncertain, type TimeSpan } from '../time-span.ts';
import { halfSpan, spanAtDistance, stretch, type DistanceUnit } from '../distances.ts';
import { withTimeOfDay } from './chinese-clock.ts';
import { directionAround, isAfter, isHead, matchAt, type ChineseInput, type Parsed } from './chinese-input.ts';
import { amountAt, numeralHeads, type Amount } from './chinese-numbers.ts';

const unitPattern = /(?:个)?(小时|钟头|星期|礼拜)|(分钟)|(?:个)?(晚上)|(天|日|周|年)|个(月)/uy;
const units: Record<string, DistanceUnit> = {
  小时: 'hour',
  钟头: 'hour',
  分钟: 'minute',
  星期: 'week',
  礼拜: 'week',
  周: 'week',
  天: 'day',
  日: 'day',
  晚上: 'night',
  月: 'month',
  年: 'year',
};

function unitAt(input: ChineseInput, at: number): { unit: DistanceUnit; next: number } | null {
  const match = matchAt(input, at, unitPattern);
  const unit = match && units[match.slice(1).find((group) => group !== undefined) ?? ''];
  return match && unit ? { unit, next: at + match[0].length } : null;
}

interface Distance {
  spanBy: (sign: -1 | 1) => TimeSpan | null;
  stretchBy: (sign: -1 | 1) => TimeSpan | null;
  next: number;
}

const halfUnit = /半(?:个)?(小时|钟头|月|年|天)/uy;

/** 三天, 半年, 一年半, 两个半月, 十几年. */
function distanceAt(input: ChineseInput, at: number): Distance | null {
  if (isAfter(input, at, '〇零一二两三四五六七八九十百千0123456789.第每后')) return null;
  const { reference } = input;
  const half = isHead(input, at, '半') ? matchAt(input, at, halfUnit) : null;
  if (half) {
    const unit = units[half[1] ?? ''];
    if (!unit || unit === 'day') return null;
    return halfDistance(input, { unit, whole: 0, next: at + half[0].length });
  }
  const amount = isHead(input, at, `${numeralHeads}几好数`) ? amountAt(input, at) : null;
  if (!amount) return null;
  const isHalf = input.text.startsWith('个半', amount.next);
  const unit =
    unitAt(input, isHalf ? amount.next + 2 : amount.next) ?? (isHalf ? monthAt(input, amount.next + 2) : null);
  if (!unit) return null;
  if (isHalf) return halfDistance(input, { unit: unit.unit, whole: amount.low, next: unit.next });
  if (input.text.charAt(unit.next) === '半' && !amount.vague)
    return halfDistance(input, { unit: unit.unit, whole: amount.low, next: unit.next + 1 });
  const more = matchAt(input, unit.next, /多/uy);
  const wide: Amount = more ? { ...amount, high: amount.high + 1, vague: true } : amount;
  return {
    spanBy: (sign) => spanAtDistance(reference, unit.unit, wide, sign),
    stretchBy: (sign) => withDoubt(stretch(reference, unit.unit, wide.high, sign), wide.vague),
    next: unit.next + (more ? 1 : 0),
  };
}

function monthAt(input: ChineseInput, at: number): { unit: DistanceUnit; next: number } | null {
  return input.text.charAt(at) === '月' ? { unit: 'month', next: at + 1 } : null;
}

function halfDistance(
  input: ChineseInput,
  { unit, whole, next }: { unit: DistanceUnit; whole: number; next: number },
): Distance {
  const spanBy = (sign: -1 | 1): TimeSpan | null => halfSpan(input.reference, unit, whole, sign);
  return {
    spanBy,
    stretchBy: (sign) => withDoubt(stretch(input.reference, unit, Math.max(1, whole), sign), true),
    next,
  };
}

function withDoubt(span: TimeSpan | null, doubtful: boolean): TimeSpan | null {
  return span && doubtful ? uncertain(span) : span;
}

const ago = /(?:之|以)?前(?!面|台|往|途|者|后|几|两|三)/uy;
const later = /(?:之|以)?后(?!面|台|来|悔|果)/uy;
const until = /(?:以来|来(?!到|自|了|的))/uy;
const inside = /(?:之|以)?内|里(?!面|边|程)/uy;
const passed = /了/uy;
const leads = /(还有|再过|过|等)(?:了)?/uy;
const recent = /(?:最近|过去|近|这|前|未来|接下来|今后|往后)(?:的|这)?/uy;
const about = /(?:大概|大约|差不多|将近|快)/uy;

/** 三天前, 半年前, 再过两周, 最近三个月, 前几天, 两年来, 住了三年了. */
export function amountExpressionAt(input: ChineseInput, at: number): Parsed | null {
  const rough = isHead(input, at, '大差将快') ? matchAt(input, at, about) : null;
  if (rough) {
    const inner = behindAmount(input, at + rough[0].length);
    return inner && { span: uncertain(inner.span), next: inner.next };
  }
  return behindAmount(input, at) ?? afterLead(input, at) ?? recentAt(input, at) ?? someTimeAgo(input, at);
}

function behindAmount(input: ChineseInput, at: number): Parsed | null {
  const distance = distanceAt(input, at);
  if (!distance) return null;
  const past = matchAt(input, distance.next, ago);
  if (past) {
    const span = distance.spanBy(-1);
    return span && withTimeOfDay(input, { span, next: distance.next + past[0].length });
  }
  const future = matchAt(input, distance.next, later);
  if (future) return laterThan(input, { at, distance, next: distance.next + future[0].length });
  const since = matchAt(input, distance.next, until);
  if (since) return ranged(distance.stretchBy(-1), distance.next + since[0].length);
  const within = matchAt(input, distance.next, inside);
  if (within) {
    const next = distance.next + within[0].length;
    return directionAround(input, at, next) === 'future' ? ranged(distance.stretchBy(1), next) : null;
  }
  const gone = matchAt(input, distance.next, passed);
  return gone && !isDuration(input, distance.next + 1)
    ? ranged(withDoubt(distance.stretchBy(-1), true), distance.next + 1)
    : null;
}

/** 三天了 ends a clause; 三天了不起 is something else. */
function isDuration(input: ChineseInput, at: number): boolean {
  return at < input.text.length && !'，。！？,.!?；; \n吧啊呢呀吗都还也我你他她'.includes(input.text.charAt(at));
}

function laterThan(
  input: ChineseInput,
  { at, distance, next }: { at: number; distance: Distance; next: number },
): Parsed | null {
  const direction = directionAround(input, at, next);
  // In a story "three days later" counts from something else.
  if (direction === 'past') return null;
  const span = distance.spanBy(1);
  return span && withTimeOfDay(input, { span: direction === 'future' ? span : uncertain(span), next });
}

function ranged(span: TimeSpan | null, next: number): Parsed | null {
  return span && { span: { ...span, precision: 'range' }, next };
}

/** What stands before an adverb of time: marks, people, and small words. */
const mayPrecede = ' ，。！？、；：“”"（(,.!?;:\n我你您他她它们咱俩就是在像从跟和也都才还说那这刚直';

/** 再过三天, 还有两周, 过几天. */
function afterLead(input: ChineseInput, at: number): Parsed | null {
  const lead = isHead(input, at, '还再过等') ? matchAt(input, at, leads) : null;
  if (!lead || isAfter(input, at, '不超经通没度')) return null;
  // 睡过两年: the verb's aspect.
  if (lead[1] === '过' && lead[0] === '过' && at > 0 && !isAfter(input, at, `${mayPrecede}再要会等得想先只`))
    return null;
  const distance = distanceAt(input, at + lead[0].length);
  if (!distance || lead[0].includes('了')) return null;
  const next = distance.next;
  const end = matchAt(input, next, later);
  const span = distance.spanBy(1);
  const isPast = /了|那|曾/u.test(input.text.slice(next, next + 4));
  return span && !isPast
    ? { span: lead[1] === '过' || lead[1] === '等' ? uncertain(span) : span, next: next + (end?.[0].length ?? 0) }
    : null;
}

/** 这三天, 最近两个月, 过去一年, 未来三天, 前两天, 这几天. */
function recentAt(input: ChineseInput, at: number): Parsed | null {
  const lead = isHead(input, at, '最过近这前未接今往后') ? matchAt(input, at, recent) : null;
  if (!lead || isAfter(input, at, '以之从附远靠接')) return null;
  const word = lead[0];
  // After a noun or a verb it is before that: 潮前两天, 提前一天.
  if (word === '前' && at > 0 && !isAfter(input, at, mayPrecede)) return null;
  const start = at + word.length;
  const some = matchAt(input, start, /些天|些日子/uy);
  const distance = some ? null : distanceAt(input, start);
  if (!some && !distance) return null;
  const next = some ? start + some[0].length : (distance?.next ?? start);
  const { reference } = input;
  const isAhead = /未来|接下来|今后|往后/u.test(word);
  if (word.startsWith('前')) return beforeNow(input, { at: start, next });
  if (some) return { span: uncertain(daySpan(reference.day - 10, 11, 'range')), next };
  if (word.startsWith('这') && input.text.startsWith('几天', start))
    return { span: uncertain(daySpan(reference.day - 3, 5, 'range')), next };
  return ranged(distance?.stretchBy(isAhead ? 1 : -1) ?? null, next);
}

/** 前几天, 前两天, 前些天: some days ago, not today. */
function beforeNow(input: ChineseInput, { at, next }: { at: number; next: number }): Parsed | null {
  const { day } = input.reference;
  const amount = amountAt(input, at);
  const unit = amount && unitAt(input, amount.next);
  if (!amount || !unit) return { span: uncertain(daySpan(day - 14, 13, 'range')), next };
  if (unit.unit === 'day') {
    const furthest = amount.vague ? 7 : amount.high + 1;
    return { span: uncertain(daySpan(day - furthest, furthest, 'range')), next };
  }
  const span = stretch(input.reference, unit.unit, amount.high, -1);
  return span && { span: uncertain(span), next };
}

const while_ = /(前一?(?:段时间|阵子|阵))/uy;

/** 前段时间, 前阵子: within the last two months. */
function someTimeAgo(input: ChineseInput, at: number): Parsed | null {
  const match = isHead(input, at, '前') ? matchAt(input, at, while_) : null;
  return match && { span: uncertain(daySpan(input.reference.day - 60, 57, 'range')), next: at + match[0].length };
}
