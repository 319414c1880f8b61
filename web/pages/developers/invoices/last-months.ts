const SHOWN = 24;

/** This month in the house's time zone and those before it, as `2026-11`, newest first. */
export function lastMonths(now: number, timeZone: string): string[] {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric' }).formatToParts(now);
  const partOf = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const newest = partOf('year') * 12 + partOf('month') - 1;
  return Array.from({ length: SHOWN }, (_, back) => {
    const month = newest - back;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}
