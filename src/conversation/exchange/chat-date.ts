const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** The year 2100: later times are mistakes. */
const LATEST = 4_102_444_800_000;
/** Numbers below this are seconds: as milliseconds they would lie in early 1970. */
const SECONDS_BELOW = 100_000_000_000;

/**
 * Milliseconds since the epoch of any form a chat file writes, or null: numbers (ms or s), ISO 8601,
 * `June 19, 2023 2:20pm` (local time), `2024-7-12@01h31m37s` and `2024-6-5 @14h 56m 50s 682ms` (read as UTC, as
 * SillyTavern does).
 */
export function parseChatDate(value: unknown): number | null {
  if (typeof value === 'number') return inRange(value < SECONDS_BELOW ? value * 1000 : value);
  if (typeof value !== 'string' || value.length > 100) return null;
  const text = value.trim();
  if (/^\d{9,16}(?:\.\d+)?$/.test(text)) return parseChatDate(Number(text));
  return stamped(text) ?? spoken(text) ?? iso(text);
}

function inRange(time: number): number | null {
  return Number.isFinite(time) && time > 0 && time <= LATEST ? Math.round(time) : null;
}

function stamped(text: string): number | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})\s*@\s*(\d{1,2})h\s*(\d{1,2})m(?:\s*(\d{1,2})s)?(?:\s*(\d{1,3})ms)?$/.exec(
    text,
  );
  if (!match) return null;
  const [year, month, day, hour, minute, second, millisecond] = match.slice(1).map((part) => Number(part ?? 0));
  return inRange(
    Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0, millisecond ?? 0),
  );
}

function spoken(text: string): number | null {
  const match = /^([a-z]{3,9})\.? (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([ap]m)?$/i.exec(text);
  if (!match) return null;
  const [, monthName = '', day = '1', year = '0', hour = '0', minute = '0', second = '0', half] = match;
  const month = MONTHS.findIndex((name) => name.startsWith(monthName.toLowerCase()));
  if (month < 0) return null;
  const twelve = Number(hour) % 12;
  const hours = half === undefined ? Number(hour) : half.toLowerCase() === 'pm' ? twelve + 12 : twelve;
  return inRange(new Date(Number(year), month, Number(day), hours, Number(minute), Number(second)).getTime());
}

function iso(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.,]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return null;
  return inRange(Date.parse(text.replace(' ', 'T')));
}
