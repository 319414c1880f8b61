import { mondayOf, weekdayAfter, weekdayBefore } from '../civil-days.ts';
import { daySpan, minutesPerDay, uncertain, type TimeSpan } from '../time-span.ts';
import { clockAt, clockWithin, partOfDayAt, spanOfPart } from './english-clock.ts';
import { bareDateAt, monthDateAt } from './english-dates.ts';
import { directionAround, isJoined, isWord, wordAt, type EnglishInput, type Parsed } from './english-input.ts';
import { numericDateAt } from './numeric-dates.ts';

const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const shortWeekdays: Record<string, number> = {
  mon: 1,
  tue: 2,
  tues: 2,
  wed: 3,
  weds: 3,
  thu: 4,
  thur: 4,
  thurs: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};

/** A day, with its part and its hour where they are said: "yesterday morning", "Tuesday at 5pm", "5pm on Tuesday". */
export function dayAt(input: EnglishInput, at: number): Parsed | null {
  const day = plainDayAt(input, at);
  if (day) return withTimeOfDay(input, day);
  return partBeforeDayAt(input, at) ?? clockBeforeDayAt(input, at);
}

function plainDayAt(input: EnglishInput, at: number): Parsed | null {
  return (
    relativeDayAt(input, at) ??
    weekdayAt(input, at) ??
    monthDateAt(input, at) ??
    numericDateAt(input, at) ??
    bareDateAt(input, at)
  );
}

/** today, yesterday, tomorrow, last night, this morning, tonight, the day before yesterday, the day after tomorrow. */
function relativeDayAt(input: EnglishInput, at: number): Parsed | null {
  const { day } = input.reference;
  switch (wordAt(input, at)) {
    case 'today':
      return { span: daySpan(day), next: at + 1 };
    case 'yesterday':
      return { span: daySpan(day - 1), next: at + 1 };
    case 'tomorrow':
    case 'tmrw':
    case 'tmr':
      return { span: daySpan(day + 1), next: at + 1 };
    case 'tonight':
      return { span: spanOfPart(day, 'night'), next: at + 1 };
    case 'last':
      // "the last night of the trip" is none of these.
      return isWord(input, at + 1, 'night', 'evening') && !isWord(input, at + 2, 'of')
        ? { span: spanOfPart(day - 1, isWord(input, at + 1, 'night') ? 'night' : 'evening'), next: at + 2 }
        : null;
    case 'this': {
      const part = partOfDayAt(input, at + 1);
      return part && { span: spanOfPart(day, part), next: at + 2 };
    }
    case 'earlier':
      return isWord(input, at + 1, 'today') ? { span: daySpan(day), next: at + 2 } : null;
    default:
      return dayBesideDay(input, at);
  }
}

/** "the day before yesterday", "the night before last", "two days after tomorrow" is not said. */
function dayBesideDay(input: EnglishInput, at: number): Parsed | null {
  const start = isWord(input, at, 'the') ? at + 1 : at;
  const { day } = input.reference;
  if (isWord(input, start, 'night') && isWord(input, start + 1, 'before') && isWord(input, start + 2, 'last'))
    return { span: spanOfPart(day - 2, 'night'), next: start + 3 };
  if (!isWord(input, start, 'day')) return null;
  if (isWord(input, start + 1, 'before') && isWord(input, start + 2, 'yesterday'))
    return { span: daySpan(day - 2), next: start + 3 };
  if (isWord(input, start + 1, 'after') && isWord(input, start + 2, 'tomorrow'))
    return { span: daySpan(day + 2), next: start + 3 };
  return null;
}

/** The number of a weekday, 1 to 7; short names only with a capital and a word that leads to them. */
export function weekdayNameAt(input: EnglishInput, at: number): number | null {
  const full = weekdays.indexOf(wordAt(input, at));
  if (full >= 0) return full + 1;
  const short = shortWeekdays[wordAt(input, at)];
  if (short === undefined || input.tokens[at]?.capital !== true) return null;
  return isWord(input, at - 1, 'on', 'last', 'next', 'this', 'by', 'until', 'since', 'from', 'to') ? short : null;
}

/**
 * "last Tuesday" is the nearest one before today, "this Tuesday" the one of this week (Monday to Sunday), "next Tuesday"
 * the one of next week; a bare one lies on the side of which the sentence tells, the past where it tells of none.
 */
function weekdayAt(input: EnglishInput, at: number): Parsed | null {
  const { reference } = input;
  const lead = weekdayLead(input, at);
  const weekday = weekdayNameAt(input, lead.next);
  if (weekday === null) return null;
  if (isWord(input, at - 1, 'every', 'each', 'most', 'any', 'usual', 'black', 'good', 'ash', 'cyber')) return null;
  if (isWord(input, at - 2, 'every') && isWord(input, at - 1, 'second', 'other')) return null;
  const next = lead.next + 1;
  const week = weekTail(input, next);
  if (week && lead.word === '')
    return { span: daySpan(mondayOf(reference) + week.weeks * 7 + weekday - 1), next: week.next };
  const beyond = lead.the ? beyondTail(input, next) : null;
  if (beyond !== null) {
    const day = beyond < 0 ? weekdayBefore(reference, weekday) - 7 : mondayOf(reference) + 14 + weekday - 1;
    return { span: daySpan(day), next: next + 2 };
  }
  return { span: weekdaySpan(input, { at, next, weekday, lead: lead.word }), next };
}

function weekdayLead(input: EnglishInput, at: number): { word: string; the: boolean; next: number } {
  const the = isWord(input, at, 'the');
  const start = the ? at + 1 : at;
  const word = wordAt(input, start);
  if (word === 'this' && isWord(input, start + 1, 'past', 'last')) return { word: 'last', the, next: start + 2 };
  if (word === 'this' && isWord(input, start + 1, 'coming')) return { word: 'coming', the, next: start + 2 };
  if (['last', 'next', 'this', 'coming', 'past', 'upcoming', 'previous'].includes(word))
    return { word, the, next: start + 1 };
  return { word: '', the, next: start };
}

function weekTail(input: EnglishInput, at: number): { weeks: number; next: number } | null {
  const start = isWord(input, at, 'of') ? at + 1 : at;
  const weeks = { last: -1, this: 0, next: 1 }[wordAt(input, start)];
  return weeks !== undefined && isWord(input, start + 1, 'week') ? { weeks, next: start + 2 } : null;
}

/** "… before last" is -1, "… after next" 1. */
function beyondTail(input: EnglishInput, at: number): number | null {
  if (isWord(input, at, 'before') && isWord(input, at + 1, 'last')) return -1;
  return isWord(input, at, 'after') && isWord(input, at + 1, 'next') ? 1 : null;
}

function weekdaySpan(
  input: EnglishInput,
  { at, next, weekday, lead }: { at: number; next: number; weekday: number; lead: string },
): TimeSpan {
  const { reference } = input;
  switch (lead) {
    case 'last':
    case 'past':
    case 'previous':
      return daySpan(weekdayBefore(reference, weekday));
    case 'coming':
    case 'upcoming':
      return daySpan(weekdayAfter(reference, weekday));
    case 'this':
      return daySpan(mondayOf(reference) + weekday - 1);
    case 'next':
      return daySpan(mondayOf(reference) + 7 + weekday - 1);
    default: {
      // "It's Friday", said on one.
      if (weekday === reference.weekday && isWord(input, at - 1, 'its', 'is', 'today')) return daySpan(reference.day);
      const direction = directionAround(input, at, next);
      const day = direction === 'future' ? weekdayAfter(reference, weekday) : weekdayBefore(reference, weekday);
      return direction === 'unknown' ? uncertain(daySpan(day)) : daySpan(day);
    }
  }
}

/** A part of the day, then an hour: "yesterday morning at 9", "May 7 at night", "on Friday, at 5pm". */
function withTimeOfDay(input: EnglishInput, day: Parsed): Parsed {
  let { span, next } = day;
  const whole = span.to - span.from === minutesPerDay;
  const lead =
    isWord(input, next, 'in') && isWord(input, next + 1, 'the')
      ? next + 2
      : isWord(input, next, 'at') && isWord(input, next + 1, 'night')
        ? next + 1
        : next;
  const part = whole ? partOfDayAt(input, lead) : null;
  if (part) {
    span = { ...spanOfPart(span.from / minutesPerDay, part), certain: span.certain };
    next = lead + 1;
  }
  return withClock(input, { span, next });
}

function withClock(input: EnglishInput, day: Parsed): Parsed {
  const isStamp = isWord(input, day.next, 't') && isJoined(input, day.next);
  let at = isStamp || isWord(input, day.next, ',') ? day.next + 1 : day.next;
  const around = isWord(input, at, 'at', 'around', 'about');
  if (around) at += 1;
  const clock = clockAt(input, at, around);
  if (!clock) return day;
  const zoned = isWord(input, clock.next, 'z', '+', ':') && isJoined(input, clock.next);
  return zoned ? day : { span: clockWithin(day.span, clock), next: clock.next };
}

/** "the morning of May 7", "the night of the 3rd of June". */
function partBeforeDayAt(input: EnglishInput, at: number): Parsed | null {
  const start = isWord(input, at, 'the') ? at + 1 : at;
  const part = partOfDayAt(input, start);
  if (!part || start === at || !isWord(input, start + 1, 'of')) return null;
  const day = plainDayAt(input, start + 2);
  if (!day || day.span.to - day.span.from !== minutesPerDay) return null;
  return { span: { ...spanOfPart(day.span.from / minutesPerDay, part), certain: day.span.certain }, next: day.next };
}

/** "5pm yesterday", "noon on Friday"; alone ("at 5pm") an hour is today's, uncertain. */
function clockBeforeDayAt(input: EnglishInput, at: number): Parsed | null {
  const afterAt = isWord(input, at - 1, 'at');
  const clock = clockAt(input, at, false) ?? (afterAt ? clockAt(input, at, true) : null);
  if (!clock) return null;
  const start = isWord(input, clock.next, 'on', ',') ? clock.next + 1 : clock.next;
  const day = plainDayAt(input, start);
  if (day) {
    const part = partOfDayAt(input, day.next);
    const span =
      part && day.span.to - day.span.from === minutesPerDay
        ? { ...spanOfPart(day.span.from / minutesPerDay, part), certain: day.span.certain }
        : day.span;
    return { span: clockWithin(span, clock), next: part ? day.next + 1 : day.next };
  }
  if (!afterAt || isWord(input, at, 'noon', 'midday', 'midnight') || !(clock.exact || clock.precision === 'minute'))
    return null;
  return { span: uncertain(clockWithin(daySpan(input.reference.day), clock)), next: clock.next };
}
