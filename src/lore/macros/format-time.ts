import type { ZonedTime } from './zoned-time.ts';

const DAY_MS = 86_400_000;
/** Moment's tokens (momentjs.com, "Format"), longest first, and `[words as they are]`. */
const TOKENS =
  /\[[^[\]]*\]|\\.|LTS|LT|LLLL|LLL|LL|L|llll|lll|ll|l|YYYYYY|YYYY|YY|Y|Qo|Q|MMMM|MMM|MM|Mo|M|DDDD|DDDo|DDD|DD|Do|D|dddd|ddd|dd|do|d|e|E|wo|ww|w|Wo|WW|W|gggg|gg|GGGG|GG|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|A|a|ZZ|Z|X|x/g;

const longForms = {
  en: {
    LT: 'h:mm A',
    LTS: 'h:mm:ss A',
    L: 'MM/DD/YYYY',
    LL: 'MMMM D, YYYY',
    LLL: 'MMMM D, YYYY h:mm A',
    LLLL: 'dddd, MMMM D, YYYY h:mm A',
    l: 'M/D/YYYY',
    ll: 'MMM D, YYYY',
    lll: 'MMM D, YYYY h:mm A',
    llll: 'ddd, MMM D, YYYY h:mm A',
  },
  zh: {
    LT: 'HH:mm',
    LTS: 'HH:mm:ss',
    L: 'YYYY/MM/DD',
    LL: 'YYYY年M月D日',
    LLL: 'YYYY年M月D日Ah点mm分',
    LLLL: 'YYYY年M月D日ddddAh点mm分',
    l: 'YYYY/M/D',
    ll: 'YYYY年M月D日',
    lll: 'YYYY年M月D日 HH:mm',
    llll: 'YYYY年M月D日dddd HH:mm',
  },
} as const;
type LongForm = keyof (typeof longForms)['en'];

/** Writes a time as a pattern of Moment's tokens asks; what is no token stays. */
export function formatTime(time: ZonedTime, pattern: string, locale = 'en'): string {
  const language = locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  const forms: Readonly<Record<string, string>> = longForms[language];
  const write = (token: string): string => {
    if (token.startsWith('[')) return token.slice(1, -1);
    if (token.startsWith('\\')) return token.slice(1);
    const form = forms[token as LongForm];
    return form === undefined ? writeToken(time, token, locale) : form.replace(TOKENS, write);
  };
  return pattern.replace(TOKENS, write);
}

function writeToken(time: ZonedTime, token: string, locale: string): string {
  return dateToken(time, token) ?? nameToken(time, token, locale) ?? weekToken(time, token) ?? clockToken(time, token);
}

function dateToken(time: ZonedTime, token: string): string | undefined {
  const quarter = Math.ceil(time.month / 3);
  const day = dayOfYear(time);
  const values: Record<string, string> = {
    YYYYYY: `${time.year < 0 ? '-' : '+'}${pad(Math.abs(time.year), 6)}`,
    YYYY: pad(time.year, 4),
    YY: pad(((time.year % 100) + 100) % 100, 2),
    Y: String(time.year),
    Q: String(quarter),
    Qo: ordinal(quarter),
    M: String(time.month),
    MM: pad(time.month, 2),
    Mo: ordinal(time.month),
    D: String(time.day),
    DD: pad(time.day, 2),
    Do: ordinal(time.day),
    DDD: String(day),
    DDDD: pad(day, 3),
    DDDo: ordinal(day),
    d: String(time.weekday),
    do: ordinal(time.weekday),
    e: String(time.weekday),
    E: String(time.weekday || 7),
  };
  return values[token];
}

function nameToken(time: ZonedTime, token: string, locale: string): string | undefined {
  const date = new Date(0);
  date.setUTCFullYear(time.year, time.month - 1, time.day);
  const name = (options: Intl.DateTimeFormatOptions) => {
    try {
      return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(date);
    } catch {
      return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(date);
    }
  };
  switch (token) {
    case 'MMMM':
      return name({ month: 'long' });
    case 'MMM':
      return name({ month: 'short' });
    case 'dddd':
      return name({ weekday: 'long' });
    case 'ddd':
      return name({ weekday: 'short' });
    case 'dd':
      return locale.startsWith('zh') ? name({ weekday: 'narrow' }) : name({ weekday: 'short' }).slice(0, 2);
    default:
      return undefined;
  }
}

function weekToken(time: ZonedTime, token: string): string | undefined {
  const lower = token.toLowerCase();
  if (!/^(?:w[wo]?|gg(?:gg)?)$/.test(lower)) return undefined;
  // Capitals are ISO weeks (Monday, the one with the first Thursday); small ones begin on Sunday with 1 January.
  const { week, year } = token === lower ? weekOf(time, { first: 0, holds: 6 }) : weekOf(time, { first: 1, holds: 4 });
  if (lower === 'w') return String(week);
  if (lower === 'ww') return pad(week, 2);
  if (lower === 'wo') return ordinal(week);
  return lower === 'gg' ? pad(year % 100, 2) : pad(year, 4);
}

/** Weeks begin on weekday `first`; the first of a year is the one that holds its day `holds` after the week's begin. */
function weekOf(time: ZonedTime, { first, holds }: { first: number; holds: number }): { week: number; year: number } {
  const since = (time.weekday - first + 7) % 7;
  const today = utcDay(time.year, time.month, time.day);
  // The day of this week that decides to which year it belongs.
  const deciding = new Date((today - since + (first === 1 ? holds - 1 : holds)) * DAY_MS);
  const year = deciding.getUTCFullYear();
  const yearDay = Math.floor(deciding.getTime() / DAY_MS) - utcDay(year, 1, 1);
  return { week: Math.floor(yearDay / 7) + 1, year };
}

function clockToken(time: ZonedTime, token: string): string {
  const half = time.hour % 12 || 12;
  const sign = time.offset < 0 ? '-' : '+';
  const zone = [pad(Math.floor(Math.abs(time.offset) / 60), 2), pad(Math.abs(time.offset) % 60, 2)];
  const values: Record<string, string> = {
    H: String(time.hour),
    HH: pad(time.hour, 2),
    h: String(half),
    hh: pad(half, 2),
    k: String(time.hour || 24),
    kk: pad(time.hour || 24, 2),
    m: String(time.minute),
    mm: pad(time.minute, 2),
    s: String(time.second),
    ss: pad(time.second, 2),
    A: time.hour < 12 ? 'AM' : 'PM',
    a: time.hour < 12 ? 'am' : 'pm',
    Z: `${sign}${zone.join(':')}`,
    ZZ: `${sign}${zone.join('')}`,
    X: String(Math.floor(time.epoch / 1000)),
    x: String(time.epoch),
  };
  return values[token] ?? pad(time.millisecond, 3).padEnd(9, '0').slice(0, token.length);
}

function dayOfYear({ year, month, day }: ZonedTime): number {
  return utcDay(year, month, day) - utcDay(year, 1, 1) + 1;
}

function utcDay(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.floor(date.getTime() / DAY_MS);
}

function pad(value: number, width: number): string {
  return `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(width, '0')}`;
}

function ordinal(value: number): string {
  const tens = value % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${ending}`;
}
