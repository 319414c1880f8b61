import type { UsageDimension, UsageReport } from '../../../../contract/platform-books.ts';

const DAY_IN_MS = 86_400_000;

export const USAGE_SPANS = { day: DAY_IN_MS, week: 7 * DAY_IN_MS, month: 30 * DAY_IN_MS, quarter: 90 * DAY_IN_MS };
export type UsageSpan = keyof typeof USAGE_SPANS;

export const USAGE_MEASURES = ['cost', 'calls', 'tokens'] as const;
export type UsageMeasure = (typeof USAGE_MEASURES)[number];

export const USAGE_GROUPS = [
  'model',
  'key',
  'character',
  'door',
  'purpose',
  'kind',
  'team',
  'user',
] as const satisfies readonly UsageDimension[];
export type UsageGroup = (typeof USAGE_GROUPS)[number];

type Row = UsageReport['rows'][number];

/** More colours than these are not told apart. */
const MOST_SERIES = 6;
/** Stands for what has no name of its own in the chart. */
export const REST = '';

export interface UsageSums {
  calls: number;
  failed: number;
  inputTokens: number;
  outputTokens: number;
  cost: number;
}

export interface UsageGroupSums extends UsageSums {
  /** Null where the dimension does not apply, such as calls without a key. */
  name: string | null;
}

export function measureOf(measure: UsageMeasure, { cost, calls, inputTokens, outputTokens }: UsageSums): number {
  if (measure === 'cost') return cost;
  return measure === 'calls' ? calls : inputTokens + outputTokens;
}

function sumsOf({ calls, failed, cost, usage }: Row): UsageSums {
  return { calls, failed, cost, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
}

/** One row for each name, the largest first. */
export function groupRows(rows: readonly Row[], measure: UsageMeasure): UsageGroupSums[] {
  const groups = new Map<string | null, UsageGroupSums>();
  for (const row of rows) {
    const before = groups.get(row.key);
    const sums = sumsOf(row);
    groups.set(row.key, {
      name: row.label ?? row.key,
      calls: sums.calls + (before?.calls ?? 0),
      failed: sums.failed + (before?.failed ?? 0),
      cost: sums.cost + (before?.cost ?? 0),
      inputTokens: sums.inputTokens + (before?.inputTokens ?? 0),
      outputTokens: sums.outputTokens + (before?.outputTokens ?? 0),
    });
  }
  return [...groups.values()].toSorted((a, b) => measureOf(measure, b) - measureOf(measure, a));
}

export interface ChartPoint {
  at: number;
  /** By the names of the series. */
  values: Record<string, number>;
}

/** What is drawn: a point for each span of time, its parts by name; the small ones together as `REST`. */
export function chartOf(
  rows: readonly Row[],
  measure: UsageMeasure,
  nameOf: (name: string | null) => string,
): { series: string[]; points: ChartPoint[] } {
  const named = groupRows(rows, measure).map(({ name }) => nameOf(name));
  const own = named.slice(0, MOST_SERIES);
  const series = named.length > MOST_SERIES ? [...own, REST] : own;
  const points = new Map<number, ChartPoint>();
  for (const row of rows) {
    if (row.at === null) continue;
    const point = points.get(row.at) ?? { at: row.at, values: Object.fromEntries(series.map((name) => [name, 0])) };
    const name = nameOf(row.label ?? row.key);
    const shown = own.includes(name) ? name : REST;
    point.values[shown] = (point.values[shown] ?? 0) + measureOf(measure, sumsOf(row));
    points.set(row.at, point);
  }
  return { series, points: [...points.values()].toSorted((a, b) => a.at - b.at) };
}

/** As spreadsheets read it (RFC 4180); money in whole units. */
export function usageCsv(report: UsageReport): string {
  const head = ['from', 'key', 'label', 'calls', 'failed', 'inputTokens', 'outputTokens', 'characters', 'audioInMs'];
  const lines = report.rows.map(({ at, key, label, calls, failed, usage, cost }) => [
    at === null ? '' : new Date(at).toISOString(),
    key ?? '',
    label ?? '',
    calls,
    failed,
    usage.inputTokens,
    usage.outputTokens,
    usage.characters,
    usage.audioInMs,
    cost / 1_000_000_000,
  ]);
  return [[...head, `cost ${report.currency}`], ...lines].map((line) => line.map(csvField).join(',')).join('\r\n');
}

function csvField(value: string | number): string {
  // A spreadsheet must not take a name for a formula.
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
