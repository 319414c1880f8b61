import type { Usage, UsageUnit } from '../../../../contract/metering.ts';
import type { UsageDimension, UsageQuery, UsageReport } from '../../../../contract/platform-books.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import { createHouseCalendar, type HouseCalendar, type Span } from '../../../metering/house-calendar.ts';
import { namesOf, sumUsage, type UsageSum } from '../../../metering/usage-store.ts';
import type { BooksContext } from './books-context.ts';
import { callFilterOf } from './call-filter.ts';

/** Days and hours of every zone begin at one of these. */
const BUCKET_IN_MS = 15 * 60_000;
/** Rows of one report at most: more is for exports. */
const MOST_SPANS = { hour: 24 * 62, day: 800, month: 240 } as const;
const SPAN_IN_MS = { hour: 3_600_000, day: 24 * 3_600_000, month: 28 * 24 * 3_600_000 } as const;
const UNITS = Object.keys(NO_USAGE) as UsageUnit[];

type Row = UsageReport['rows'][number];
type Sums = UsageReport['total'];

/** What was used and what it cost, added up. */
export class UsageReports {
  readonly #context: Pick<BooksContext, 'storage' | 'clock' | 'teams'>;

  constructor(context: Pick<BooksContext, 'storage' | 'clock' | 'teams'>) {
    this.#context = context;
  }

  async report(actor: Actor, query: UsageQuery): Promise<UsageReport> {
    const { storage } = this.#context;
    const { by, per } = query;
    const filter = await callFilterOf(this.#context, actor, query);
    if (per && (filter.to - filter.from) / SPAN_IN_MS[per] > MOST_SPANS[per]) {
      throw new InvalidInputError('That is too long a time for so short steps. Ask for less, or for longer steps.', {
        field: 'per',
      });
    }
    const { currency, timeZone } = await readBooksSettings(storage.db);
    const sums = await sumUsage(storage.db, { filter, by, bucketInMs: per ? BUCKET_IN_MS : null });
    const rows = mergeSpans(sums, { calendar: createHouseCalendar(timeZone), per });
    await this.#nameRows(rows, by);
    const { from, to } = filter;
    return { from, to, timeZone, currency, rows, total: rows.reduce<Sums>((total, row) => plus(total, row), NOTHING) };
  }

  async #nameRows(rows: Row[], by: UsageDimension | undefined): Promise<void> {
    for (const row of rows) row.label = row.key;
    if (by !== 'key' && by !== 'user' && by !== 'team' && by !== 'character') return;
    const keys = [...new Set(rows.flatMap(({ key }) => (key === null ? [] : [key])))];
    const names = await namesOf(this.#context.storage.db, by, keys);
    for (const row of rows) if (row.key !== null) row.label = names.get(row.key) ?? row.key;
  }
}

const NOTHING: Sums = { calls: 0, failed: 0, usage: NO_USAGE, cost: 0 };

/** Buckets become spans of the house's calendar, in order of time, then cost. */
function mergeSpans(
  sums: readonly UsageSum[],
  { calendar, per }: { calendar: HouseCalendar; per: Span | undefined },
): Row[] {
  const rows = new Map<string, Row>();
  const starts = new Map<number, number>();
  const startOf = (bucket: number, span: Span): number => {
    const known = starts.get(bucket);
    if (known !== undefined) return known;
    const start = calendar.startOf(bucket * BUCKET_IN_MS, span);
    starts.set(bucket, start);
    return start;
  };
  for (const { bucket, key, calls, failed, cost, ...usage } of sums) {
    const at = per === undefined || bucket === null ? null : startOf(bucket, per);
    const id = JSON.stringify([at, key]);
    const sum = plus(rows.get(id) ?? NOTHING, { calls, failed, cost, usage });
    rows.set(id, { ...sum, at, key, label: null });
  }
  return [...rows.values()].toSorted((left, right) => (left.at ?? 0) - (right.at ?? 0) || right.cost - left.cost);
}

function plus(left: Sums, right: Sums): Sums {
  const usage = Object.fromEntries(UNITS.map((unit) => [unit, left.usage[unit] + right.usage[unit]])) as Usage;
  return {
    calls: left.calls + right.calls,
    failed: left.failed + right.failed,
    cost: left.cost + right.cost,
    usage,
  };
}
