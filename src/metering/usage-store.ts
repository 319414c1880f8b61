import { sql, type SelectQueryBuilder } from 'kysely';
import type {
  MeteredDoor,
  MeteredKind,
  MeteredOutcome,
  MeteredPurpose,
  MeteredState,
  Usage,
} from '../../contract/metering.ts';
import type { UsageDimension } from '../../contract/platform-books.ts';
import { beyondRow } from '../storage/beyond-row.ts';
import type { Tables } from '../storage/schema.ts';
import type { Db } from '../storage/storage.ts';
import type { MeteredCallRow } from './operation.ts';

/** What narrows calls. Times are those of their beginning: from `from` on, before `to`. */
export interface CallFilter {
  from: number;
  to: number;
  userId?: string | undefined;
  keyId?: string | undefined;
  teamId?: string | undefined;
  characterId?: string | undefined;
  model?: string | undefined;
  door?: MeteredDoor | undefined;
  purpose?: MeteredPurpose | undefined;
  kind?: MeteredKind | undefined;
}

export interface UsageSum extends Usage {
  /** The number of the bucket that calls began in; null where there are no buckets. */
  bucket: number | null;
  key: string | null;
  calls: number;
  failed: number;
  cost: number;
}

const COLUMN = {
  key: 'keyId',
  model: 'model',
  ref: 'ref',
  character: 'characterId',
  user: 'userId',
  team: 'teamId',
  door: 'door',
  purpose: 'purpose',
  kind: 'kind',
} as const satisfies Record<UsageDimension, string>;
const EQUAL_COLUMNS = ['userId', 'keyId', 'teamId', 'characterId', 'model', 'door', 'purpose', 'kind'] as const;

/** Sums of calls that have ended, by a column and by buckets of `bucketInMs`. */
export async function sumUsage(
  db: Db,
  { filter, by, bucketInMs }: { filter: CallFilter; by: UsageDimension | undefined; bucketInMs: number | null },
): Promise<UsageSum[]> {
  const bucket = sql<number | null>`${bucketInMs === null ? sql.lit(null) : sql`"startedAt" / ${sql.lit(bucketInMs)}`}`;
  const key = sql<string | null>`${by === undefined ? sql.lit(null) : sql.ref(COLUMN[by])}`;
  const sum = (column: keyof Usage | 'cost') => sql<number>`cast(sum(${sql.ref(column)}) as bigint)`.as(column);
  let query = narrow(db.selectFrom('meteredCall'), filter)
    .where('state', '!=', 'held')
    .select([
      bucket.as('bucket'),
      key.as('key'),
      sql<number>`cast(count(*) as bigint)`.as('calls'),
      sql<number>`cast(sum(case when "outcome" = 'failed' then 1 else 0 end) as bigint)`.as('failed'),
      sum('cost'),
      sum('inputTokens'),
      sum('cachedInputTokens'),
      sum('outputTokens'),
      sum('characters'),
      sum('audioInMs'),
      sum('images'),
      sum('videoInMs'),
    ]);
  if (bucketInMs !== null) query = query.groupBy(bucket);
  if (by !== undefined) query = query.groupBy(key);
  const rows = await query.execute();
  return rows.filter(({ calls }) => calls > 0);
}

/** Newest first; those after `before` in that order. */
export async function listCalls(
  db: Db,
  {
    filter,
    state,
    outcome,
    before,
    limit,
  }: {
    filter: CallFilter;
    state?: MeteredState | undefined;
    outcome?: MeteredOutcome | undefined;
    before: { startedAt: number; id: string } | null;
    limit: number;
  },
): Promise<MeteredCallRow[]> {
  let query = narrow(db.selectFrom('meteredCall'), filter).selectAll();
  if (state) query = query.where('state', '=', state);
  if (outcome) query = query.where('outcome', '=', outcome);
  if (before) {
    const place = { at: before.startedAt, id: before.id };
    query = query.where(beyondRow(place, { than: '<', column: 'startedAt' }));
  }
  return query.orderBy('startedAt', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

function narrow<O>(
  query: SelectQueryBuilder<Tables, 'meteredCall', O>,
  filter: CallFilter,
): SelectQueryBuilder<Tables, 'meteredCall', O> {
  let narrowed = query.where('startedAt', '>=', filter.from).where('startedAt', '<', filter.to);
  for (const column of EQUAL_COLUMNS) {
    const value = filter[column];
    if (value !== undefined) narrowed = narrowed.where(column, '=', value);
  }
  return narrowed;
}

type Named = 'key' | 'user' | 'team' | 'character';

/** How people call what usage is shown by. */
export async function namesOf(db: Db, by: Named, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await selectNames(db, by, ids);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function selectNames(db: Db, by: Named, ids: readonly string[]) {
  if (by === 'key') return db.selectFrom('apiKey').select(['id', 'name']).where('id', 'in', ids).execute();
  if (by === 'user') return db.selectFrom('user').select(['id', 'name']).where('id', 'in', ids).execute();
  if (by === 'team') return db.selectFrom('team').select(['id', 'name']).where('id', 'in', ids).execute();
  return db.selectFrom('character').select(['id', 'slug as name']).where('id', 'in', ids).execute();
}

/** API keys of a person. */
export async function keyIdsOf(db: Db, userId: string): Promise<string[]> {
  return (await db.selectFrom('apiKey').select('id').where('userId', '=', userId).execute()).map(({ id }) => id);
}
