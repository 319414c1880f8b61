import {
  lastWeekend,
  monthSpan,
  partOfPeriod,
  seasonSpan,
  weekendSpan,
  weekSpan,
  yearlyOccurrence,
  yearSpan,
  type PartOfPeriod,
  type SeasonName,
} from '../civil-days.ts';
import { daySpan, minutesPerDay, partOfDay, uncertain, type TimeSpan } from '../time-span.ts';
import { decadeAt, monthNameAt, yearAt, yearTailAt } from './english-dates.ts';
import { directionAround, isWord, wordAt, yearlyDirection, type EnglishInput, type Parsed } from './english-input.ts';

const seasons: Record<string, SeasonName> = {
  spring: 'spring',
  summer: 'summer',
  autumn: 'autumn',
  fall: 'autumn',
  winter: 'winter',
};

/** Weeks, months, years, weekends, seasons, decades, and their beginnings, middles and ends. */
export function periodAt(input: EnglishInput, at: number): Parsed | null {
  return countedPartAt(input, at) ?? partOfPeriodAt(input, at) ?? wholePeriodAt(input, at);
}

function wholePeriodAt(input: EnglishInput, at: number): Parsed | null {
  return (
    unitAt(input, at) ??
    beyondUnitAt(input, at) ??
    seasonAt(input, at) ??
    weekendAt(input, at) ??
    monthNameAt(input, at) ??
    yearAt(input, at) ??
    decadeWithArticle(input, at)
  );
}

function decadeWithArticle(input: EnglishInput, at: number): Parsed | null {
  const decade = isWord(input, at, 'the') ? decadeAt(input, at + 1) : null;
  return decade ?? (isWord(input, at - 1, 'early', 'late', 'mid', '-') ? decadeAt(input, at) : null);
}

const units = ['week', 'month', 'year', 'weekend'] as const;
type Unit = (typeof units)[number];

function unitName(word: string): Unit | null {
  return units.find((unit) => unit === word) ?? null;
}

/** "last week", "this month", "next year", "the coming weekend". */
function unitAt(input: EnglishInput, at: number): Parsed | null {
  const start = isWord(input, at, 'the') ? at + 1 : at;
  const past = isWord(input, start, 'this') && isWord(input, start + 1, 'past', 'last');
  const coming = isWord(input, start, 'this') && isWord(input, start + 1, 'coming');
  const lead = past ? 'last' : coming ? 'coming' : wordAt(input, start);
  const unit = unitName(wordAt(input, past || coming ? start + 2 : start + 1));
  if (!unit) return null;
  const next = (past || coming ? start + 2 : start + 1) + 1;
  const isPlainLast = lead === 'last' && start === at;
  if (lead === 'past' || lead === 'previous' || (lead === 'last' && (isPlainLast || unit === 'weekend' || past)))
    return { span: shiftedUnit(input, unit, -1), next };
  // "the last week" of something is not last week, but it mostly is.
  if (lead === 'last' && !isWord(input, next, 'of')) return { span: uncertain(shiftedUnit(input, unit, -1)), next };
  if (lead === 'this' || (lead === 'current' && start > at)) return { span: shiftedUnit(input, unit, 0), next };
  if (lead === 'next' || lead === 'coming' || lead === 'upcoming') {
    if (start > at && lead === 'next') return null;
    return { span: shiftedUnit(input, unit, unit === 'weekend' && lead !== 'next' ? 0 : 1), next };
  }
  return null;
}

/** "the week before last", "the year after next". */
function beyondUnitAt(input: EnglishInput, at: number): Parsed | null {
  const start = isWord(input, at, 'the') ? at + 1 : at;
  const unit = unitName(wordAt(input, start));
  if (!unit) return null;
  if (isWord(input, start + 1, 'before') && isWord(input, start + 2, 'last'))
    return { span: shiftedUnit(input, unit, -2), next: start + 3 };
  if (isWord(input, start + 1, 'after') && isWord(input, start + 2, 'next'))
    return { span: shiftedUnit(input, unit, 2), next: start + 3 };
  return null;
}

function shiftedUnit(input: EnglishInput, unit: Unit, by: number): TimeSpan {
  const { reference } = input;
  switch (unit) {
    case 'week':
      return weekSpan(reference, by);
    case 'month':
      return monthSpan(reference.year, reference.month + by);
    case 'year':
      return yearSpan(reference.year + by);
    default:
      // Early in the week "next weekend" is often the coming one.
      return by === 1 && reference.weekday <= 3 ? uncertain(weekendSpan(reference, by)) : weekendSpan(reference, by);
  }
}

/** "the weekend", "over the weekend", "this weekend" is a unit: the last one unless the sentence looks ahead. */
function weekendAt(input: EnglishInput, at: number): Parsed | null {
  if (!isWord(input, at, 'the') || !isWord(input, at + 1, 'weekend')) return null;
  if (!isWord(input, at - 1, 'over', 'on', 'at', 'during', 'for', 'in')) return null;
  const direction = directionAround(input, at, at + 2);
  const inWeekend = input.reference.weekday >= 6;
  const span = direction === 'future' || inWeekend ? weekendSpan(input.reference, 0) : lastWeekend(input.reference);
  return { span: direction === 'unknown' ? uncertain(span) : span, next: at + 2 };
}

/**
 * "last summer" is the one that began in the year before this one (in January last winter is the one before the present
 * one), "this summer" the one of this year; a bare one is chosen by the sentence.
 */
function seasonAt(input: EnglishInput, at: number): Parsed | null {
  const the = isWord(input, at, 'the') ? at + 1 : at;
  const lead = isWord(input, the, 'last', 'this', 'next', 'past', 'coming') ? wordAt(input, the) : '';
  const start = lead ? the + 1 : the;
  const season = seasons[wordAt(input, start)];
  if (!season) return null;
  const { reference } = input;
  const next = start + 1;
  const tail = yearTailAt(input, next);
  if (tail) return { span: seasonSpan(tail.year, season), next: tail.next };
  const current = season === 'winter' && reference.month <= 2 ? reference.year - 1 : reference.year;
  if (isWord(input, next, 'before') && isWord(input, next + 1, 'last'))
    return { span: seasonSpan(current - 2, season), next: next + 2 };
  if (lead === 'last' || lead === 'past') {
    const span = seasonSpan(current - 1, season);
    const endedThisYear = seasonSpan(reference.year, season).to <= reference.now;
    return { span: endedThisYear ? uncertain(span) : span, next };
  }
  if (lead === 'this') return { span: seasonSpan(current, season), next };
  if (lead === 'next' || lead === 'coming') return { span: nextSeason(input, season, lead), next };
  if (!isSeasonMeant(input, at, start)) return null;
  const span = yearlyOccurrence((year) => seasonSpan(year, season), reference, yearlyDirection(input, at, next));
  return span && { span: uncertain(span), next };
}

function nextSeason(input: EnglishInput, season: SeasonName, lead: string): TimeSpan {
  const { reference } = input;
  const thisYear = seasonSpan(reference.year, season);
  if (thisYear.from <= reference.now) return seasonSpan(reference.year + 1, season);
  return lead === 'coming' ? thisYear : seasonSpan(reference.year, season);
}

/** "in spring", "over the summer", "since fall"; not "the fall", "a spring" or "they fall". */
function isSeasonMeant(input: EnglishInput, at: number, start: number): boolean {
  const before = wordAt(input, at - 1);
  const isPlain = [
    'in',
    'during',
    'over',
    'since',
    'until',
    'till',
    'by',
    'early',
    'late',
    'mid',
    'of',
    '-',
    'before',
    'after',
    'through',
    'around',
  ].includes(before);
  if (!isPlain) return false;
  return !(
    isWord(input, start, 'fall', 'spring') &&
    at === start &&
    !['in', 'since', 'early', 'late', 'mid', 'until', 'till', 'by'].includes(before)
  );
}

const partWords: Record<string, PartOfPeriod> = {
  early: 'early',
  earlier: 'early',
  mid: 'middle',
  late: 'late',
  later: 'late',
};
const partNouns: Record<string, PartOfPeriod> = {
  beginning: 'beginning',
  start: 'beginning',
  middle: 'middle',
  end: 'end',
};

/** "early May", "mid-June", "late last year", "the end of the month", "at the beginning of 2023". */
function partOfPeriodAt(input: EnglishInput, at: number): Parsed | null {
  const lead = isWord(input, at, 'the') ? at + 1 : at;
  const part = partWords[wordAt(input, lead)];
  if (part) {
    const start = isWord(input, lead + 1, '-', 'in') ? lead + 2 : lead + 1;
    const whole = wholePeriodAt(input, start);
    // "earlier this week" may be any day of it up to now.
    if (!whole || isWord(input, lead, 'earlier', 'later')) return whole && sinceOrUntilNow(input, lead, whole);
    return { span: partOfPeriod(whole.span, part), next: whole.next };
  }
  const noun = partNouns[wordAt(input, lead)];
  if (!noun || !isWord(input, lead + 1, 'of')) return null;
  const whole = currentUnitAt(input, lead + 2) ?? wholePeriodAt(input, lead + 2);
  return whole && { span: partOfPeriod(whole.span, noun), next: whole.next };
}

const countedParts: Record<string, number> = { first: 0, second: 1, third: 2, fourth: 3, last: -1 };
const countedUnits: Record<string, number> = { day: 1, night: 1, evening: 1, week: 7 };

/** "the first week of May", "the last evening of April", "the second day of last month". */
function countedPartAt(input: EnglishInput, at: number): Parsed | null {
  const start = isWord(input, at, 'the') ? at + 1 : at;
  const nth = countedParts[wordAt(input, start)];
  const days = countedUnits[wordAt(input, start + 1)];
  if (nth === undefined || days === undefined || !isWord(input, start + 2, 'of')) return null;
  const whole = currentUnitAt(input, start + 3) ?? wholePeriodAt({ ...input, monthsMeant: true }, start + 3);
  if (!whole) return null;
  const first = whole.span.from / minutesPerDay;
  const end = whole.span.to / minutesPerDay;
  const from = nth < 0 ? end - days : first + nth * days;
  if (from < first || from + days > end) return null;
  const part = wordAt(input, start + 1);
  const span =
    part === 'night' || part === 'evening'
      ? partOfDay(from, part === 'night' ? 18 * 60 : 17 * 60, part === 'night' ? 30 * 60 : 24 * 60)
      : daySpan(from, days, days === 7 ? 'week' : 'day');
  return { span: { ...span, certain: whole.span.certain }, next: whole.next };
}

function sinceOrUntilNow(input: EnglishInput, at: number, whole: Parsed): Parsed {
  const { now } = input.reference;
  const { from, to } = whole.span;
  if (from >= now || to <= now) return whole;
  const cut = isWord(input, at, 'earlier') ? { from, to: now } : { from: now, to };
  return cut.from < cut.to ? { span: { ...whole.span, ...cut, precision: 'range' }, next: whole.next } : whole;
}

/** "(the end of) the month": this one. */
function currentUnitAt(input: EnglishInput, at: number): Parsed | null {
  const unit = isWord(input, at, 'the') ? unitName(wordAt(input, at + 1)) : null;
  return unit && { span: shiftedUnit(input, unit, 0), next: at + 2 };
}
