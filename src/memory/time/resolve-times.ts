import { chineseTimes } from './chinese/chinese-times.ts';
import { englishTimes } from './english/english-times.ts';
import type { FoundTime, TimePrecision } from './time-span.ts';
import { createZoneClock } from './zone-clock.ts';

/** A time that a text speaks of. */
export interface ResolvedTime {
  /** Epoch ms. */
  start: number;
  /** Epoch ms, exclusive; later than `start`. */
  end: number;
  /** The expression as written. */
  words: string;
  /** Where it begins, in UTF-16 code units. */
  index: number;
  precision: TimePrecision;
  /** False where the words leave a doubt: "a few days ago", 5/7, a bare month in a sentence without tense. */
  certain: boolean;
}

/** Longer than anything one says in a conversation; what stands beyond is not looked at. UTF-16 code units. */
const longestText = 32_768;
/** A text that names more times than this is a table, not something said. */
const mostTimes = 200;
/** Instants outside the years 1000 to 2999 are no dates of conversations. Epoch ms. */
const earliest = Date.UTC(1000, 0, 1);
const latest = Date.UTC(3000, 0, 1);

/**
 * Finds what a text says of time, in English, Chinese or both, and resolves it against the moment at which it was said.
 *
 * Readings, where there are several: weeks begin on Monday. "last Tuesday" is the nearest Tuesday before today, "this
 * Tuesday" the one of this week, "next Tuesday" the one of next week; 上周二, 这周二 and 下周二 are those of last, this and
 * next week. A bare weekday, date or feast lies on the side that the tense of its sentence tells; where it tells none, a
 * weekday is the last one (in Chinese that of this week) and a date or feast the nearest, and both are uncertain.
 * "last week", "last month", "last year" are calendar units; "two weeks ago" the seven days around that day. "last summer"
 * began in the year before. Seasons are those of the northern half, by whole months. Nights run from 18:00 to 6:00.
 * 5/7 is read month first in the Americas and day first elsewhere, and is uncertain. Two-digit years lie at most ten
 * years ahead. Wall-clock times that a zone skips move on; of two equal ones the first is meant.
 *
 * Never throws: an unknown zone is read as UTC, and without a valid moment nothing is found. Linear in the text, of which
 * the first 32,768 code units and 200 expressions are read. In order of `index`, without overlaps.
 */
export function resolveTimes(text: string, context: { at: number; timeZone: string }): ResolvedTime[] {
  if (!(context.at >= earliest && context.at < latest)) return [];
  const clock = createZoneClock(context.timeZone);
  const reference = clock.reference(context.at);
  const read = text.slice(0, longestText);
  const found = withoutOverlaps([
    ...englishTimes(read, reference, mostTimes),
    ...chineseTimes(read, reference, mostTimes),
  ]);
  const times: ResolvedTime[] = [];
  for (const { index, end, span } of found.slice(0, mostTimes)) {
    const start = clock.instant(span.from);
    const stop = clock.instant(span.to);
    if (!(start >= earliest && stop <= latest && start < stop)) continue;
    times.push({
      start,
      end: stop,
      words: text.slice(index, end),
      index,
      precision: span.precision,
      certain: span.certain,
    });
  }
  return times;
}

/** Of two that overlap the longer stays. */
function withoutOverlaps(found: FoundTime[]): FoundTime[] {
  const sorted = found.toSorted((a, b) => a.index - b.index || b.end - a.end);
  const kept: FoundTime[] = [];
  for (const time of sorted) {
    const last = kept.at(-1);
    if (!last || time.index >= last.end) kept.push(time);
    else if (time.end - time.index > last.end - last.index) kept[kept.length - 1] = time;
  }
  return kept;
}
