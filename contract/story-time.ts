import type { Locale } from './common.ts';

/** A story's clock: the day it has come to, from 1, and the minute of that day. */
export interface StoryClock {
  day: number;
  /** 0 to 1439. */
  minute: number;
}

const MINUTES_A_DAY = 1440;
const LAST_DAY = 9_999_999;
const CLOCK = /^(\d{1,7}) ([01]\d|2[0-3]):([0-5]\d)$/;

/** Reads `3 18:30` as the evening of the third day; null for words such as “the winter after the flood”. */
export function readStoryClock(time: string): StoryClock | null {
  const [, day, hours, minutes] = CLOCK.exec(time.trim()) ?? [];
  if (day === undefined || Number(day) < 1) return null;
  return { day: Number(day), minute: Number(hours) * 60 + Number(minutes) };
}

export function writeStoryClock({ day, minute }: StoryClock): string {
  return `${day} ${hourOf(minute)}`;
}

/** So many minutes later, or earlier; never before the first day begins. */
export function advanceStoryClock({ day, minute }: StoryClock, minutes: number): StoryClock {
  const all = Math.max(0, (day - 1) * MINUTES_A_DAY + minute + Math.trunc(minutes));
  return { day: Math.min(LAST_DAY, Math.floor(all / MINUTES_A_DAY) + 1), minute: all % MINUTES_A_DAY };
}

/** A story's time as people read it: `Day 3, 18:30`, `第 3 天 18:30`, or its author's words. */
export function tellStoryTime(time: string, locale: Locale): string {
  const clock = readStoryClock(time);
  if (!clock) return time.trim();
  const hour = hourOf(clock.minute);
  return locale === 'zh-CN' ? `第 ${clock.day} 天 ${hour}` : `Day ${clock.day}, ${hour}`;
}

function hourOf(minute: number): string {
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}
