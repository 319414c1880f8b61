import { sql } from 'kysely';
import type { Usage } from '../../contract/metering.ts';
import type { Db } from '../storage/storage.ts';

export interface BillSum extends Usage {
  model: string;
  ref: string | null;
  calls: number;
  cost: number;
}

interface AccountSpan {
  accountId: string;
  from: number;
  to: number;
}

/** Calls of an account that ended in a span, by model. */
export async function sumBills(db: Db, { accountId, from, to }: AccountSpan): Promise<BillSum[]> {
  const sum = (column: keyof Usage | 'cost') => sql<number>`cast(sum(${sql.ref(column)}) as bigint)`.as(column);
  return db
    .selectFrom('meteredCall')
    .where('accountId', '=', accountId)
    .where('endedAt', '>=', from)
    .where('endedAt', '<', to)
    .where('state', 'in', ['settled', 'expired'])
    .select([
      'model',
      'ref',
      sql<number>`cast(count(*) as bigint)`.as('calls'),
      sum('cost'),
      sum('inputTokens'),
      sum('cachedInputTokens'),
      sum('outputTokens'),
      sum('characters'),
      sum('audioInMs'),
      sum('images'),
      sum('videoInMs'),
    ])
    .groupBy(['model', 'ref'])
    .orderBy('model')
    .orderBy('ref')
    .execute();
}

/** What happened to an account before a span, and in it: bills, and everything else. */
export async function sumLines(
  db: Db,
  { accountId, from, to }: AccountSpan,
): Promise<{ opening: number; billed: number; credits: number }> {
  const sum = (condition: ReturnType<typeof sql>) =>
    sql<number>`cast(coalesce(sum(case when ${condition} then "amount" else 0 end), 0) as bigint)`;
  const row = await db
    .selectFrom('ledgerLine')
    .innerJoin('ledgerEntry', 'ledgerEntry.id', 'ledgerLine.entryId')
    .where('ledgerLine.accountId', '=', accountId)
    .where('ledgerEntry.createdAt', '<', to)
    .select([
      sum(sql`"ledgerEntry"."createdAt" < ${sql.lit(from)}`).as('opening'),
      sum(sql`"ledgerEntry"."createdAt" >= ${sql.lit(from)} and "kind" = 'settle'`).as('billed'),
      sum(sql`"ledgerEntry"."createdAt" >= ${sql.lit(from)} and "kind" <> 'settle'`).as('credits'),
    ])
    .executeTakeFirst();
  return row ?? { opening: 0, billed: 0, credits: 0 };
}
