import {
  civilDate,
  dateSpan,
  isDate,
  lastOccurrence,
  monthlyOccurrence,
  monthSpan,
  nextOccurrence,
  partOfPeriod,
  seasonSpan,
  yearlyOccurrence,
  yearSpan,
  type SeasonName,
} from '../civil-days.ts';
import { daySpan, minutesPerDay, uncertain, type TimeSpan } from '../time-span.ts';
import { withTimeOfDay } from './chinese-clock.ts';
import { clauseDirection, isAfter, isHead, matchAt, type ChineseInput, type Parsed } from './chinese-input.ts';
import { chineseNumber, numeralHeads } from './chinese-numbers.ts';
import { partOfYear, schoolHoliday, yearAt } from './chinese-years.ts';

const monthNumber = new RegExp(
  `(\\d{1,2}|[一二三四五六七八九]|十[一二]?)月(?:份)?(?!球|饼|亮|光|票|季|薪|经|老|台)`,
  'uy',
);
const relativeMonth = /(上{1,3}|这|本|当|下{1,3})(?:一)?(?:个)?月(?:份)?(?!球|饼|亮|光|票|季|薪|经|色|台|老)/uy;

/** 2023年5月7日, 去年十二月, 五月七号, 下个月十五号, 月底, 5月中旬, 去年夏天, 前年. */
export function dateAt(input: ChineseInput, at: number): Parsed | null {
  const year = yearAt(input, at);
  if (year) return behindYear(input, year);
  const month = relativeMonthAt(input, at);
  if (month) {
    const whole = monthSpan(month.year, month.month);
    return behindMonth(input, {
      spanOf: (make) => make(month.year, month.month),
      whole,
      next: month.next,
      named: false,
    });
  }
  return bareMonthAt(input, at) ?? bareMonthPart(input, at) ?? seasonAt(input, at, null) ?? bareDateAt(input, at);
}

function behindYear(
  input: ChineseInput,
  { year, sure, next }: { year: number; sure: boolean; next: number },
): Parsed | null {
  const start = input.text.charAt(next) === '的' ? next + 1 : next;
  const month = matchAt(input, start, monthNumber);
  const number = month && chineseNumber(month[1] ?? '');
  if (month && number !== null && number >= 1 && number <= 12)
    return behindMonth(input, {
      spanOf: (make) => make(year, number),
      whole: monthSpan(year, number),
      next: start + month[0].length,
      named: true,
    });
  const sameDay = matchAt(input, start, /(?:今天|昨天|明天)/uy);
  if (sameDay && year !== input.reference.year) {
    const day = civilDate(input.reference.day + (sameDay[0] === '今天' ? 0 : sameDay[0] === '昨天' ? -1 : 1));
    const span = dateSpan(year, day.month, day.date);
    return span && { span, next: start + sameDay[0].length };
  }
  const part = partOfYear(input, year, next) ?? seasonAt(input, start, year);
  if (part) return sure ? part : { ...part, span: uncertain(part.span) };
  return { span: sure ? yearSpan(year) : uncertain(yearSpan(year)), next };
}

function relativeMonthAt(input: ChineseInput, at: number): { year: number; month: number; next: number } | null {
  const match = isHead(input, at, '上这本当下') ? matchAt(input, at, relativeMonth) : null;
  if (!match || isAfter(input, at, '马晚早身路街桌海脸手天一地乡楼底剩余线网以水江山湖')) return null;
  const lead = match[1] ?? '';
  const shift = lead.startsWith('上') ? -lead.length : lead.startsWith('下') ? lead.length : 0;
  const { year, month } = civilDate(
    monthSpan(input.reference.year, input.reference.month + shift).from / minutesPerDay,
  );
  return { year, month, next: at + match[0].length };
}

/** 五月, 5月7号: the year is the one the sentence looks to. */
function bareMonthAt(input: ChineseInput, at: number): Parsed | null {
  const match = isHead(input, at, numeralHeads) ? matchAt(input, at, monthNumber) : null;
  const month = match && chineseNumber(match[1] ?? '');
  if (!match || month === null || month < 1 || month > 12) return null;
  if (isAfter(input, at, '0123456789.个〇一二两三四五六七八九十几多半每第')) return null;
  const next = at + match[0].length;
  const occurrence = (make: (year: number, month: number) => TimeSpan | null, end: number): TimeSpan | null =>
    yearlyOccurrence((year) => make(year, month), input.reference, clauseDirection(input, at, end));
  const whole = occurrence(monthSpan, next);
  return whole && behindMonth(input, { spanOf: occurrence, whole, next, named: true });
}

const dayOfMonth = new RegExp(
  `(?:的)?(\\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?|三十一?)(?:号|日)`,
  'uy',
);
const daysOfMonth = /(\d{1,2})\s?[-~—–到至]\s?(\d{1,2})(?:号|日)/uy;
const vagueDay = /(?:的)?(二?十几|[一二]十多|\d0几|\d0多)(?:号|日)/uy;
const countedPart = /(?:的)?(?:第([一二三四])|(最后)一?)(?:个)?(天|周|星期|礼拜)(?!前|后)/uy;
const monthPart =
  /(?:的)?(上旬|中旬|下旬|月?初(?![一二三四五六七八九十中恋次])|月?中(?!国|文|学|间|的|午|秋|心|年|考|途|奖|毒|介|医|国)|月?底|月?末|月?头)/uy;

/** `spanOf` makes a span of the month in the year that is meant, given where the words end. */
function behindMonth(
  input: ChineseInput,
  {
    spanOf,
    whole,
    next,
    named,
  }: {
    spanOf: (make: (year: number, month: number) => TimeSpan | null, next: number) => TimeSpan | null;
    whole: TimeSpan;
    next: number;
    named: boolean;
  },
): Parsed | null {
  const several = matchAt(input, next, daysOfMonth);
  if (several) {
    const end = next + several[0].length;
    const [first, last] = [Number(several[1]), Number(several[2])];
    const span = last > first ? spanOf((year, month) => daysSpan(year, month, first, last), end) : null;
    if (span) return { span, next: end };
  }
  const date = matchAt(input, next, dayOfMonth);
  const number = date && chineseNumber(date[1] ?? '');
  if (date && number !== null) {
    const end = next + date[0].length;
    const span = spanOf((year, month) => dateSpan(year, month, number), end);
    return span && withTimeOfDay(input, { span, next: end });
  }
  const vague = matchAt(input, next, vagueDay);
  if (vague) {
    const end = next + vague[0].length;
    const span = spanOf((year, month) => vagueDays(year, month, vague[1] ?? ''), end);
    return span && { span: uncertain(span), next: end };
  }
  const undated = named ? undatedDay(input, { spanOf, next }) : null;
  if (undated) return undated;
  const counted = matchAt(input, next, countedPart);
  if (counted) return { span: countedPartSpan(whole, counted), next: next + counted[0].length };
  const part = matchAt(input, next, monthPart);
  if (!part) return { span: whole, next };
  return { span: monthPartSpan(whole, part[1] ?? ''), next: next + part[0].length };
}

const bareNumber = new RegExp(
  `(\\d{1,2}|二?十[一二三四五六七八九]?|三十一?|二十)(?![\\d〇一二两三四五六七八九十百千几多来个天年月周点:次岁块元人只名件本家斤里度])`,
  'uy',
);

/** 七月十八: the day without 号; 5月7 too, which may be something else. */
function undatedDay(
  input: ChineseInput,
  {
    spanOf,
    next,
  }: {
    spanOf: (make: (year: number, month: number) => TimeSpan | null, next: number) => TimeSpan | null;
    next: number;
  },
): Parsed | null {
  const match = matchAt(input, next, bareNumber);
  const date = match && chineseNumber(match[1] ?? '');
  if (!match || date === null) return null;
  const end = next + match[0].length;
  const span = spanOf((year, month) => dateSpan(year, month, date), end);
  return span && { span: /\d/u.test(match[0]) ? uncertain(span) : span, next: end };
}

function daysSpan(year: number, month: number, first: number, last: number): TimeSpan | null {
  if (!isDate(year, month, first) || !isDate(year, month, last)) return null;
  return daySpan(monthSpan(year, month).from / minutesPerDay + first - 1, last - first + 1, 'range');
}

function vagueDays(year: number, month: number, words: string): TimeSpan | null {
  const isTwenties = words.startsWith('二') || words.startsWith('2');
  const last = civilDate(monthSpan(year, month).to / minutesPerDay - 1).date;
  return daysSpan(year, month, isTwenties ? 20 : 11, isTwenties ? Math.min(29, last) : 19);
}

function monthPartSpan(month: TimeSpan, words: string): TimeSpan {
  const first = month.from / minutesPerDay;
  const end = month.to / minutesPerDay;
  if (words === '上旬' || words.endsWith('初') || words.endsWith('头'))
    return { ...daySpan(first, 10, 'range'), certain: month.certain };
  if (words === '下旬') return { ...daySpan(first + 20, end - first - 20, 'range'), certain: month.certain };
  if (words.endsWith('底') || words.endsWith('末')) return partOfPeriod(month, 'end');
  return { ...daySpan(first + 10, 10, 'range'), certain: month.certain };
}

/** 第一周, 最后一天. */
function countedPartSpan(month: TimeSpan, [, nth, isLast, unit]: RegExpExecArray): TimeSpan {
  const days = unit === '天' ? 1 : 7;
  const end = month.to / minutesPerDay;
  const from =
    isLast === undefined ? month.from / minutesPerDay + ((chineseNumber(nth ?? '') ?? 1) - 1) * days : end - days;
  return { ...daySpan(from, days, days === 7 ? 'week' : 'day'), certain: month.certain };
}

const barePart = /(月初|月中|月底|月末)(?![一二三四五六七八九十])/uy;

/** 月底: of this month. */
function bareMonthPart(input: ChineseInput, at: number): Parsed | null {
  const match = isHead(input, at, '月') ? matchAt(input, at, barePart) : null;
  if (!match || isAfter(input, at, '个每一二两三四五六七八九十几多半满正腊岁上下本这当0123456789')) return null;
  return {
    span: monthPartSpan(monthSpan(input.reference.year, input.reference.month), match[1] ?? ''),
    next: at + match[0].length,
  };
}

const counterNouns =
  '楼|线|院|房|门|店|公寓|桌|车|选手|球|机|床|位|厅|馆|公馆|学员|病|地铁|铁|码|文|楼|间|棚|井|屋|柜|牌|角色|种子|员工|服务|队|仓|台|电池|字|库|作品|路|站|出口|令|称';
const bareDay = new RegExp(
  `(\\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?)号(?!${counterNouns})`,
  'uy',
);
const bareVagueDay = /(二?十几)号/uy;

/** 十五号, 二十几号: of a month that goes without saying, so uncertain. */
function bareDateAt(input: ChineseInput, at: number): Parsed | null {
  if (!isHead(input, at, numeralHeads)) return null;
  if (isAfter(input, at, '0123456789.〇一二三四五六七八九十第编房型每-')) return null;
  const match = matchAt(input, at, bareDay);
  const vague = match ? null : matchAt(input, at, bareVagueDay);
  const date = match && chineseNumber(match[1] ?? '');
  const found = match ?? vague;
  if (!found || (match && (date === null || date < 1 || date > 31))) return null;
  const next = at + found[0].length;
  const make = (year: number, month: number): TimeSpan | null =>
    date === null ? vagueDays(year, month, vague?.[1] ?? '') : dateSpan(year, month, date);
  const span = monthlyOccurrence(make, input.reference, clauseDirection(input, at, next));
  return span && withTimeOfDay(input, { span: uncertain(span), next });
}

const seasonNames: Record<string, SeasonName> = { 春: 'spring', 夏: 'summer', 秋: 'autumn', 冬: 'winter' };
const season = /(上个|这个|今|下个|那个)?(初|早|盛|晚|深|仲|暮)?(春|夏|秋|冬)(天|季|日(?!子|本)|末)?/uy;
const holiday = /(上个|这个|下个)?(暑假|寒假)/uy;

/** 去年夏天, 这个冬天, 初春; the single character only behind a year or with 初, 深 and the like. */
function seasonAt(input: ChineseInput, at: number, year: number | null): Parsed | null {
  const free = matchAt(input, at, holiday);
  if (free) return schoolHolidayAt(input, { at, year, lead: free[1], name: free[2] ?? '', next: at + free[0].length });
  const match = matchAt(input, at, season);
  const name = match && seasonNames[match[3] ?? ''];
  if (!match || !name) return null;
  const isShort = match[4] === undefined;
  if (isShort && year === null) return null;
  if (isShort && year !== null && matchAt(input, at + match[0].length, /[节游运晚装令雨眠衣风至分]/uy)) return null;
  const next = at + match[0].length;
  const cut = (span: TimeSpan): TimeSpan => seasonPart(span, match[2], match[4]);
  if (year !== null) return { span: cut(seasonSpan(year, name)), next };
  if (isAfter(input, at, '每个青') || input.text.slice(Math.max(0, at - 3), at).includes('每')) return null;
  const lead = match[1];
  const { reference } = input;
  if (lead === undefined || lead === '那个') {
    const span = yearlyOccurrence((each) => seasonSpan(each, name), reference, clauseDirection(input, at, next));
    return span && { span: uncertain(cut(span)), next };
  }
  const current = name === 'winter' && reference.month <= 2 ? reference.year - 1 : reference.year;
  const shift = lead === '上个' ? -1 : lead === '下个' ? 1 : 0;
  return { span: cut(seasonSpan(current + shift, name)), next };
}

function seasonPart(span: TimeSpan, lead: string | undefined, tail: string | undefined): TimeSpan {
  if (lead === '初' || lead === '早') return partOfPeriod(span, 'early');
  if (lead === '盛' || lead === '仲') return partOfPeriod(span, 'middle');
  return lead !== undefined || tail === '末' ? partOfPeriod(span, 'late') : span;
}

function schoolHolidayAt(
  input: ChineseInput,
  {
    at,
    year,
    lead,
    name,
    next,
  }: { at: number; year: number | null; lead: string | undefined; name: string; next: number },
): Parsed | null {
  if (year !== null) return { span: schoolHoliday(year, name), next };
  if (input.text.slice(Math.max(0, at - 3), at).includes('每')) return null;
  const { reference } = input;
  const occurrence = (each: number): TimeSpan => schoolHoliday(each, name);
  if (lead === '这个') return { span: occurrence(reference.year), next };
  if (lead === '上个') return spanUpTo(lastOccurrence(occurrence, reference, reference.now), next);
  if (lead === '下个') return spanUpTo(nextOccurrence(occurrence, reference, reference.now), next);
  const span = yearlyOccurrence(occurrence, reference, clauseDirection(input, at, next));
  return span && { span, next };
}

function spanUpTo(span: TimeSpan | null, next: number): Parsed | null {
  return span && { span, next };
}
