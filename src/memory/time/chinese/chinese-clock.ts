import { minutesPerDay, partOfDay, type TimeSpan } from '../time-span.ts';
import { matchAt, type ChineseInput } from './chinese-input.ts';
import { chineseNumber, numeral } from './chinese-numbers.ts';

/** Parts of the day, from and to in minutes after its midnight. */
const partMinutes: readonly (readonly [RegExp, number, number])[] = [
  [/(?:的)?(?:凌晨)/uy, 0, 6 * 60],
  [/(?:的)?(?:大?清早|一?大早上?|清晨|早上|早晨|早间|一早)/uy, 5 * 60, 11 * 60],
  [/(?:的)?(?:上午)/uy, 8 * 60, 12 * 60],
  [/(?:的)?(?:中午|正午)/uy, 11 * 60, 14 * 60],
  [/(?:的)?(?:下午|午后)/uy, 12 * 60, 18 * 60],
  [/(?:的)?(?:傍晚|黄昏)/uy, 17 * 60, 20 * 60],
  [/(?:的)?(?:半夜|深夜|大半夜|午夜)/uy, 22 * 60, 30 * 60],
  [/(?:的)?(?:晚上|晚间|夜里|夜晚|当晚|那晚|夜间)/uy, 18 * 60, 30 * 60],
];

export function partOfDayAt(input: ChineseInput, at: number): { from: number; to: number; next: number } | null {
  for (const [pattern, from, to] of partMinutes) {
    const match = matchAt(input, at, pattern);
    if (match) return { from, to, next: at + match[0].length };
  }
  return null;
}

const chineseClock = new RegExp(
  `(?:的)?(${numeral})(?:点钟?|时(?!候|间|代|常|不时|刻|期|装|髦))(半|一刻|三刻|整|(?:(?:过|零)?(${numeral})分?(?!之|钟|天|年|个|月|号|位|次|遍|块|元|米)))?`,
  'uy',
);
const colonClock = /\s?(\d{1,2})[:：](\d{2})(?![:：\d])/uy;
const looseHour = /点(?:儿|也|都|建议|意见|东西|的|不|没|小|吃|水|时间|钱|问题|原因|用|办法|事)/uy;

/** 三点, 下午3点半, 15:30, 八点一刻; `partFrom`, `partTo` are the part of the day said before it. */
export function clockSpan(
  input: ChineseInput,
  at: number,
  within: { day: number; part: { from: number; to: number } | null; certain: boolean },
): { span: TimeSpan; next: number } | null {
  const colon = matchAt(input, at, colonClock);
  if (colon) {
    const minute = Number(colon[1]) * 60 + Number(colon[2]);
    if (Number(colon[1]) > 23 || Number(colon[2]) > 59) return null;
    return {
      span: hourSpan({ ...within, minute, length: 1, exact: within.part === null }),
      next: at + colon[0].length,
    };
  }
  const spoken = matchAt(input, at, chineseClock);
  if (!spoken) return null;
  const hour = chineseNumber(spoken[1] ?? '');
  const isLoose =
    within.part === null &&
    matchAt(input, at + (spoken[0].startsWith('的') ? 1 : 0) + (spoken[1]?.length ?? 0), looseHour) !== null;
  if (hour === null || hour > 24 || isLoose) return null;
  const minutes = minutesOf(spoken[2], spoken[3]);
  if (minutes === null) return null;
  const length = spoken[2] === undefined || spoken[2] === '整' ? 60 : 1;
  return {
    span: hourSpan({ ...within, minute: hour * 60 + minutes, length, exact: hour > 12 || hour === 0 }),
    next: at + spoken[0].length,
  };
}

function minutesOf(words: string | undefined, digits: string | undefined): number | null {
  if (words === undefined || words === '整') return 0;
  if (words === '半') return 30;
  if (words === '一刻') return 15;
  if (words === '三刻') return 45;
  const minutes = chineseNumber(digits ?? '');
  return minutes !== null && minutes < 60 ? minutes : null;
}

/** An hour of twelve goes where the part of the day puts it; without one, 1 to 6 are the afternoon's, and uncertain. */
function hourSpan({
  day,
  part,
  minute,
  length,
  exact,
  certain,
}: {
  day: number;
  part: { from: number; to: number } | null;
  minute: number;
  length: number;
  exact: boolean;
  certain: boolean;
}): TimeSpan {
  const precision = length === 1 ? 'minute' : 'hour';
  const midnight = day * minutesPerDay;
  const choices = exact ? [minute, minute + minutesPerDay] : [minute, minute + 720, minute + minutesPerDay];
  const fitting = part && choices.find((each) => each >= part.from && each < part.to);
  const chosen = fitting ?? (!exact && minute < 7 * 60 && minute >= 60 && !part ? minute + 720 : minute);
  return {
    from: midnight + chosen,
    to: midnight + chosen + length,
    precision,
    certain: certain && (exact || typeof fitting === 'number'),
  };
}

/** A day with the part and the hour behind it, where they are said. */
export function withTimeOfDay(
  input: ChineseInput,
  day: { span: TimeSpan; next: number },
): { span: TimeSpan; next: number } {
  if (day.span.to - day.span.from !== minutesPerDay) return day;
  const number = day.span.from / minutesPerDay;
  const part = partOfDayAt(input, day.next);
  const clock = clockSpan(input, part?.next ?? day.next, { day: number, part, certain: day.span.certain });
  if (clock) return clock;
  if (!part) return day;
  return { span: { ...partOfDay(number, part.from, part.to), certain: day.span.certain }, next: part.next };
}
