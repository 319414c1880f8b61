import { mondayOf, weekdayAfter, weekdayBefore, weekendSpan, weekSpan } from '../civil-days.ts';
import { daySpan, partOfDay, uncertain } from '../time-span.ts';
import { clockSpan, withTimeOfDay } from './chinese-clock.ts';
import { directionAround, isAfter, matchAt, type ChineseInput, type Parsed } from './chinese-input.ts';

const dayWord = /(大前|大后|今|昨|前|明|后)(?:天|日|儿个?)/uy;
const dayShifts: Record<string, number> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 明: 1, 后: 2, 大后: 3 };
const shortPart = /(今|昨|前|明|后)(早|晨|晚|夜)(?!会|餐|饭|安|年|期)上?/uy;

/** 今天, 昨天下午三点, 大前天, 明晚八点, 昨晚. */
export function relativeDayAt(input: ChineseInput, at: number): Parsed | null {
  const short = matchAt(input, at, shortPart);
  if (short && !isPartOfWord(input, at, short[1] ?? '')) {
    const day = input.reference.day + (dayShifts[short[1] ?? ''] ?? 0);
    const isEvening = short[2] === '晚' || short[2] === '夜';
    const part = isEvening ? { from: 18 * 60, to: 30 * 60 } : { from: 5 * 60, to: 11 * 60 };
    const next = at + short[0].length;
    return clockSpan(input, next, { day, part, certain: true }) ?? { span: partOfDay(day, part.from, part.to), next };
  }
  const word = matchAt(input, at, dayWord);
  if (!word || isPartOfWord(input, at, word[1] ?? '')) return null;
  const shift = dayShifts[word[1] ?? ''] ?? 0;
  return withTimeOfDay(input, { span: daySpan(input.reference.day + shift), next: at + word[0].length });
}

/** 以前天天, 之后天气, 如今天下 hold days only by chance. */
function isPartOfWord(input: ChineseInput, at: number, word: string): boolean {
  if (word === '前' || word === '后') return isAfter(input, at, '以之从然最向目年天月周期午先空大');
  return word === '今' ? isAfter(input, at, '如至当') : word === '明' && isAfter(input, at, '文发聪证说透光黎');
}

const weekLead = /(上{1,3}|这|本|下{1,3})(?:一)?(?:个)?(?:周|星期|礼拜)(?!围|年|岁|边|转|旋|期)/uy;
const weekName = /(?:周|星期|礼拜)/uy;
const dayOfWeek = /([一二三四五六日天1-6七7])(?!\d|个|点钟)/uy;
const weekNumbers: Record<string, number> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7, 七: 7 };

/** 上周三 is the Wednesday of last week (Monday to Sunday), 下周 the next one, a bare 周五 the one the sentence looks to. */
export function weekAt(input: ChineseInput, at: number): Parsed | null {
  const lead = matchAt(input, at, weekLead);
  if (
    lead &&
    !isAfter(input, at, '马晚早身路街桌海脸手天一地乡楼底剩余线网以') &&
    !(lead[1]?.startsWith('本') && isAfter(input, at, '资成基根版书'))
  ) {
    const weeks = weeksOf(lead[1] ?? '');
    const next = at + lead[0].length;
    if (input.text.charAt(next) === '末') return { span: weekendSpan(input.reference, weeks), next: next + 1 };
    const day = weekdayNumber(input, next);
    if (day === null) return { span: weekSpan(input.reference, weeks), next };
    return withTimeOfDay(input, { span: daySpan(mondayOf(input.reference) + weeks * 7 + day - 1), next: next + 1 });
  }
  const name = matchAt(input, at, weekName);
  if (!name || isAfter(input, at, '每隔个〇零一二两三四五六七八九十几半多整数0123456789姓小老')) return null;
  const next = at + name[0].length;
  if (name[0] === '周' && input.text.charAt(next) === '末') return weekend(input, at, next + 1);
  const day = weekdayNumber(input, next);
  return day === null ? null : withTimeOfDay(input, bareWeekday(input, { at, next: next + 1, day }));
}

function weeksOf(lead: string): number {
  if (lead.startsWith('上')) return -lead.length;
  return lead.startsWith('下') ? lead.length : 0;
}

function weekdayNumber(input: ChineseInput, at: number): number | null {
  const match = matchAt(input, at, dayOfWeek);
  return match ? (weekNumbers[match[1] ?? ''] ?? Number(match[1])) : null;
}

function weekend(input: ChineseInput, at: number, next: number): Parsed | null {
  if (isAfter(input, at, '个') || input.text.slice(Math.max(0, at - 2), at).includes('每')) return null;
  const direction = directionAround(input, at, next);
  const inWeekend = input.reference.weekday >= 6;
  const span = weekendSpan(input.reference, direction === 'past' && !inWeekend ? -1 : 0);
  return { span: direction === 'unknown' ? uncertain(span) : span, next };
}

function bareWeekday(input: ChineseInput, { at, next, day }: { at: number; next: number; day: number }): Parsed {
  const { reference } = input;
  const direction = directionAround(input, at, next);
  if (direction === 'past') return { span: daySpan(weekdayBefore(reference, day)), next };
  if (direction === 'future') return { span: daySpan(weekdayAfter(reference, day)), next };
  return { span: uncertain(daySpan(mondayOf(reference) + day - 1)), next };
}
