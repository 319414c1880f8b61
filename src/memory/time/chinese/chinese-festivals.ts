import { dateSpan, lastOccurrence, nextOccurrence, yearlyOccurrence } from '../civil-days.ts';
import { festivals, type Festival, type FestivalName } from '../festivals.ts';
import { lunarDay } from '../lunar-days.ts';
import { daySpan, minutesPerDay, partOfDay, uncertain, type TimeSpan } from '../time-span.ts';
import { partOfDayAt, withTimeOfDay } from './chinese-clock.ts';
import { clauseDirection, isAfter, isHead, matchAt, type ChineseInput, type Parsed } from './chinese-input.ts';
import { amountAt, chineseNumber } from './chinese-numbers.ts';
import { yearAt } from './chinese-years.ts';

const names: readonly (readonly [heads: string, RegExp, FestivalName])[] = [
  ['元', /元旦(?:节|假期)?/uy, 'newYear'],
  ['除大年', /除夕夜?|大年三十|年三十|大年夜/uy, 'springFestivalEve'],
  ['春', /春节(?:假期|长假)?(?!联欢)/uy, 'springFestival'],
  ['过', /过年(?!轻|纪|龄|级|岁|货)/uy, 'springFestival'],
  ['元', /元宵节/uy, 'lanternFestival'],
  ['清', /清明(?:节|假期)?(?!上河)/uy, 'qingming'],
  ['五劳', /五一(?:劳动节|节|假期|长假|黄金周|小长假)?(?!路|广场|村|班|二|三|\d)|劳动节/uy, 'labourDay'],
  ['端', /端午(?:节|假期)?/uy, 'dragonBoat'],
  ['七', /七夕(?:节)?/uy, 'qixi'],
  ['中', /中元节/uy, 'ghostFestival'],
  ['中', /中秋(?:节|假期)?/uy, 'midAutumn'],
  ['国十', /国庆(?:节|假期|长假|黄金周)?|十一(?:假期|长假|黄金周)/uy, 'nationalDay'],
  ['重', /重阳(?:节)?/uy, 'doubleNinth'],
  ['冬', /冬至/uy, 'winterSolstice'],
  ['腊', /腊八(?:节)?(?!粥|蒜)/uy, 'laba'],
  ['小', /小年(?:夜)?(?!轻|纪)/uy, 'littleNewYear'],
  ['平圣', /平安夜|圣诞前夜/uy, 'christmasEve'],
  ['圣', /圣诞(?:节)?(?!老人|树|礼|卡|歌|帽|袜|装|快乐|大餐)/uy, 'christmas'],
  ['情', /情人节/uy, 'valentine'],
  ['妇三女', /妇女节|三八节|女神节/uy, 'womensDay'],
  ['儿六', /儿童节|六一(?:儿童节|节)?(?!路|班|二|\d)/uy, 'childrensDay'],
  ['教', /教师节/uy, 'teachersDay'],
  ['母', /母亲节/uy, 'mothersDay'],
  ['父', /父亲节/uy, 'fathersDay'],
  ['感', /感恩节/uy, 'thanksgiving'],
  ['万', /万圣节(?:前夜)?/uy, 'halloween'],
  ['复', /复活节/uy, 'easter'],
  ['愚', /愚人节/uy, 'aprilFools'],
  ['双光', /双(?:十一|11)|光棍节/uy, 'veteransDay'],
  ['跨', /跨年夜?/uy, 'newYearsEve'],
];
const lead = /(上个?|这个?|下个?)/uy;

/** 中秋, 去年国庆, 春节前, 圣诞节前一天, 大年初三, 腊月二十三, 十二月初三. */
export function festivalAt(input: ChineseInput, at: number): Parsed | null {
  const year = yearAt(input, at);
  const relative = !year && isHead(input, at, '上这下') ? matchAt(input, at, lead) : null;
  const start = year ? skipOf(input, year.next) : at + (relative?.[0].length ?? 0);
  const named = lunarDateAt(input, start) ?? festivalNameAt(input, start);
  if (!named || (!year && isAfter(input, at, '每'))) return null;
  const span = year
    ? named.festival(year.year)
    : relativeFestival(input, { at, next: named.next, festival: named.festival, lead: relative?.[1] });
  return span && besideFestival(input, { span, next: named.next });
}

function skipOf(input: ChineseInput, at: number): number {
  return input.text.charAt(at) === '的' ? at + 1 : at;
}

interface Named {
  festival: Festival;
  next: number;
}

function festivalNameAt(input: ChineseInput, at: number): Named | null {
  const head = input.text.charAt(at);
  if (head === '') return null;
  for (const [heads, pattern, name] of names) {
    const match = heads.includes(head) ? matchAt(input, at, pattern) : null;
    if (!match) continue;
    if (/^[五六十]一/u.test(match[0]) && isAfter(input, at, '〇一二三四五六七八九十0123456789第')) return null;
    if (match[0].startsWith('过年') && isAfter(input, at, '不超经')) return null;
    return { festival: festivals[name], next: at + match[0].length };
  }
  return null;
}

const newYearDay = /大年(初[一二三四五六七八九十]|十[一二三四五])/uy;
const lunarDate =
  /(农历|阴历|旧历)?(正|冬|腊|十一|十二|[一二三四五六七八九十])月(初[一二三四五六七八九十]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十|十[一二三四五六七八九]?)(?!号|日|几|多|个)/uy;
const lunarMonths: Record<string, number> = { 正: 1, 冬: 11, 腊: 12 };

/** A date of the Chinese calendar: said to be one, or told by 正月, 腊月, 初. */
function lunarDateAt(input: ChineseInput, at: number): Named | null {
  const day = isHead(input, at, '大') ? matchAt(input, at, newYearDay) : null;
  if (day) return { festival: lunarFestival(1, lunarDateNumber(day[1] ?? '')), next: at + day[0].length };
  const match = isHead(input, at, '农阴旧正冬腊一二三四五六七八九十') ? matchAt(input, at, lunarDate) : null;
  if (!match) return null;
  const [, calendar, monthWord = '', dateWord = ''] = match;
  const isLunar =
    calendar !== undefined || monthWord in lunarMonths || dateWord.startsWith('初') || dateWord.startsWith('廿');
  const month = lunarMonths[monthWord] ?? chineseNumber(monthWord);
  if (!isLunar || month === null) return null;
  return { festival: lunarFestival(month, lunarDateNumber(dateWord)), next: at + match[0].length };
}

function lunarFestival(month: number, date: number): Festival {
  return (year) => {
    const day = lunarDay(year, month, date);
    return day === null ? null : daySpan(day);
  };
}

function lunarDateNumber(words: string): number {
  return chineseNumber(words.replace('初', '')) ?? 0;
}

function relativeFestival(
  input: ChineseInput,
  { at, next, festival, lead: word }: { at: number; next: number; festival: Festival; lead: string | undefined },
): TimeSpan | null {
  const { reference } = input;
  const midnight = reference.day * minutesPerDay;
  if (word?.startsWith('上')) return lastOccurrence(festival, reference, midnight);
  if (word?.startsWith('下')) return nextOccurrence(festival, reference, midnight + minutesPerDay);
  if (word) return festival(reference.year);
  return yearlyOccurrence(festival, reference, clauseDirection(input, at, next));
}

const beforeAmount = /(?:之|以)?(前|后)(?=[一二两三四五六七八九十几\d]+(?:天|周|个星期|个月|个礼拜)|一晚|夜)/uy;
const unitBehind = /(天|周|个星期|个礼拜|晚|夜)(?:的)?(?=晚上|早上|下午|上午|)/uy;
const beside = /(?:的)?(?:之|以)?(前夕|前后|前|后|过后)(?!面|台|来|往|途|者|果|悔)/uy;
const during = /(?:期间|那天|当天|那几天|假期|长假|的时候|那会儿?|这天)/uy;

/** What is said behind a feast: 前一天, 前夕, 前, 后, 期间, 晚上. */
function besideFestival(input: ChineseInput, feast: Parsed): Parsed {
  const counted = countedDays(input, feast);
  if (counted) return counted;
  const { from, to } = feast.span;
  const word = matchAt(input, feast.next, beside);
  if (word) {
    const next = feast.next + word[0].length;
    const fortnight = 14 * minutesPerDay;
    const around = { from: from - 3 * minutesPerDay, to: to + 3 * minutesPerDay };
    const bounds =
      word[1] === '前后'
        ? around
        : word[1]?.startsWith('前')
          ? { from: from - fortnight, to: from }
          : { from: to, to: to + fortnight };
    return { span: { ...bounds, precision: 'range', certain: false }, next };
  }
  const stay = matchAt(input, feast.next, during);
  const base = stay ? { span: feast.span, next: feast.next + stay[0].length } : feast;
  const part = partOfDayAt(input, base.next);
  if (part && to - from > minutesPerDay) return base;
  return withTimeOfDay(input, base);
}

function countedDays(input: ChineseInput, feast: Parsed): Parsed | null {
  const side = matchAt(input, feast.next, beforeAmount);
  if (!side) return null;
  const at = feast.next + side[0].length;
  const isNight = matchAt(input, at, /一晚|夜/uy);
  const first = feast.span.from / minutesPerDay;
  const last = feast.span.to / minutesPerDay - 1;
  const before = side[1] === '前';
  if (isNight) return { span: partOfDay(before ? first - 1 : last + 1, 1_080, 1_800), next: at + isNight[0].length };
  const amount = amountAt(input, at);
  const unit = amount && matchAt(input, amount.next, unitBehind);
  if (!amount || !unit) return null;
  const next = amount.next + unit[0].length;
  if (unit[1] !== '天') {
    const days = amount.high * 7;
    return { span: uncertain(before ? daySpan(first - days, days, 'range') : daySpan(last + 1, days, 'range')), next };
  }
  if (amount.high === 1)
    return { span: { ...daySpan(before ? first - 1 : last + 1), certain: feast.span.certain }, next };
  const span = before ? daySpan(first - amount.high, amount.high, 'range') : daySpan(last + 1, amount.high, 'range');
  return { span: amount.vague ? uncertain(span) : span, next };
}

const newYearSide = /年(前|后)(?!面|台|来|往|途|者|果|悔|代)/uy;

/** 年前, 年后: around the next or the last Spring Festival. */
export function aroundNewYearAt(input: ChineseInput, at: number): Parsed | null {
  const match = matchAt(input, at, newYearSide);
  if (
    !match ||
    isAfter(input, at, '〇零一二两三四五六七八九十百千万几多半数整去今明后前当每往来近早同某那这0123456789')
  )
    return null;
  const next = at + match[0].length;
  const span = yearlyOccurrence(festivals.springFestival, input.reference, clauseDirection(input, at, next));
  if (!span) return null;
  const days = 21 * minutesPerDay;
  const bounds = match[1] === '前' ? { from: span.from - days, to: span.from } : { from: span.to, to: span.to + days };
  return { span: { ...bounds, precision: 'range', certain: false }, next };
}

const bareMidAutumn = /八月十五(?!号|日)/uy;
const monthDay = /五四(?:青年节)|植树节|建军节|建党节/uy;
const fixedDays: Record<string, [number, number]> = {
  五四青年节: [5, 4],
  植树节: [3, 12],
  建军节: [8, 1],
  建党节: [7, 1],
};

/** 八月十五 without 号 is the Mid-Autumn Festival; the lesser days of the state calendar. */
export function otherFeastAt(input: ChineseInput, at: number): Parsed | null {
  const match = matchAt(input, at, bareMidAutumn) ?? matchAt(input, at, monthDay);
  if (!match) return null;
  const next = at + match[0].length;
  const fixed = fixedDays[match[0]];
  const festival: Festival = fixed ? (year) => dateSpan(year, fixed[0], fixed[1]) : festivals.midAutumn;
  const span = yearlyOccurrence(festival, input.reference, clauseDirection(input, at, next));
  return span && { span: fixed ? span : uncertain(span), next };
}
