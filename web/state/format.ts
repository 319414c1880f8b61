import i18next from 'i18next';

const formatters = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${i18next.language}:${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known instanceof Intl.DateTimeFormat) return known;
  const made = new Intl.DateTimeFormat(i18next.language, options);
  formatters.set(key, made);
  return made;
}

export function formatNumber(value: number, fractionDigits = 0): string {
  return new Intl.NumberFormat(i18next.language, { maximumFractionDigits: fractionDigits }).format(value);
}

export function formatDateTime(time: number): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

/** For lists: "now" within a minute, the hour today, the weekday within six days, else the date. Null means now. */
export function formatRecent(time: number, now: number): string | null {
  const age = now - time;
  if (age < 60_000) return null;
  const sameDay = new Date(time).toDateString() === new Date(now).toDateString();
  if (sameDay) return dateFormat({ hour: '2-digit', minute: '2-digit', hour12: false }).format(time);
  if (age < 6 * 86_400_000) return dateFormat({ weekday: 'short' }).format(time);
  if (age < 300 * 86_400_000) return dateFormat({ month: 'short', day: 'numeric' }).format(time);
  return dateFormat({ year: 'numeric', month: 'short' }).format(time);
}

/** Decimal units, as sellers of disks and hubs of models use them. */
export function formatBytes(bytes: number): string {
  if (bytes >= 100_000_000) return i18next.t('common:size.gb', { value: formatNumber(bytes / 1e9, 2) });
  if (bytes < 1_000_000) return i18next.t('common:size.kb', { value: formatNumber(Math.ceil(bytes / 1e3), 0) });
  return i18next.t('common:size.mb', { value: formatNumber(bytes / 1e6, bytes < 10_000_000 ? 1 : 0) });
}
