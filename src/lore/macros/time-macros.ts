import { formatTime } from './format-time.ts';
import { humanizeDuration } from './humanize-duration.ts';
import type { MacroContext } from './macro-context.ts';
import { plain, type MacroDefinition, type MacroTable } from './macro-definition.ts';
import { offsetTime, zonedTime } from './zoned-time.ts';

/** The longest pattern of a time, in UTF-16 units. */
const MAX_PATTERN = 1000;

function shown(context: MacroContext, pattern: string): string {
  return formatTime(zonedTime(context.now, context.timeZone), pattern.slice(0, MAX_PATTERN), context.locale);
}

function formatted(pattern: string): MacroDefinition {
  return plain(({ context }) => shown(context, pattern), { volatile: true });
}

/** `UTC+2`, `UTC-5:30`, `+2`; null for anything else. */
function offsetOf(written: string): number | null {
  const form = /^(?:utc|gmt)?\s*([+-]?)(\d{1,2})(?::?(\d{2}))?$/i.exec(written.trim());
  if (!form) return null;
  return (form[1] === '-' ? -1 : 1) * (Number(form[2]) * 60 + Number(form[3] ?? 0));
}

const time: MacroDefinition = {
  takes: [0, 1],
  volatile: true,
  run: ({ context, count, argument }) => {
    const offset = count === 0 ? null : offsetOf(argument(0));
    if (offset === null) return shown(context, 'LT');
    return formatTime(offsetTime(context.now, offset), 'LT', context.locale);
  },
};

const idle: MacroDefinition = plain(
  ({ context: { chat, now, locale = 'en' } }) => {
    if (chat?.lastUserMessageAt === undefined) return locale.startsWith('zh') ? '刚刚' : 'just now';
    return humanizeDuration(now - chat.lastUserMessageAt, { locale });
  },
  { volatile: true },
);

/** Both times are read alike, so the machine's own zone does not matter. */
function timeOf(written: string): number {
  const text = written.trim();
  return /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
}

/** When it is. Words and forms are Moment's, as SillyTavern has them. */
export const timeMacros: MacroTable = {
  time,
  date: formatted('LL'),
  weekday: formatted('dddd'),
  isotime: formatted('HH:mm'),
  isodate: formatted('YYYY-MM-DD'),
  datetimeformat: {
    takes: [1, 1],
    volatile: true,
    run: ({ context, argument }) => shown(context, argument(0)),
  },
  idleduration: idle,
  idle_duration: idle,
  timediff: {
    takes: [2, 2],
    run: ({ context, argument }) => {
      const difference = timeOf(argument(0)) - timeOf(argument(1));
      if (Number.isNaN(difference)) return '';
      return humanizeDuration(difference, { locale: context.locale ?? 'en', signed: true });
    },
  },
};
