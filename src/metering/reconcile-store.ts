import { sql } from 'kysely';
import type { BookDifference } from '../../contract/platform-books.ts';
import type { Db } from '../storage/storage.ts';

type Found = Omit<BookDifference, 'check'>;

const QUERIES: Record<Exclude<BookDifference['check'], 'budget-held'>, string> = {
  // Lines of every entry sum to zero.
  'entry-balance': `select "entryId" as "id", 0 as "expected", cast(sum("amount") as bigint) as "found"
    from "ledgerLine" group by "entryId" having sum("amount") <> 0`,
  // What an account says it has is what happened to it.
  'account-balance': `select a."id", cast(coalesce(sum(l."amount"), 0) as bigint) as "expected", a."balance" as "found"
    from "ledgerAccount" a left join "ledgerLine" l on l."accountId" = a."id"
    group by a."id", a."balance" having coalesce(sum(l."amount"), 0) <> a."balance"`,
  // What is set aside is what calls under way have set aside.
  'account-held': `select a."id", cast(coalesce(sum(c."held"), 0) as bigint) as "expected", a."held" as "found"
    from "ledgerAccount" a left join "meteredCall" c on c."accountId" = a."id" and c."state" = 'held'
    group by a."id", a."held" having coalesce(sum(c."held"), 0) <> a."held"`,
  // Every call that cost something was billed once, at that cost; nothing else was.
  bill: `select c."id", c."cost" as "expected", cast(sum(case when l."accountId" = 'house:revenue' then l."amount" else 0 end) as bigint) as "found"
    from "meteredCall" c
    left join "ledgerEntry" e on e."callId" = c."id"
    left join "ledgerLine" l on l."entryId" = e."id"
    group by c."id", c."cost", c."state"
    having sum(case when l."accountId" = 'house:revenue' then l."amount" else 0 end) <> c."cost" or (c."cost" <> 0 and c."state" not in ('settled', 'expired'))
    union all
    select e."id", 0 as "expected", 1 as "found" from "ledgerEntry" e
    left join "meteredCall" c on c."id" = e."callId" where e."kind" = 'settle' and c."id" is null`,
  // Nobody pays more than was set aside.
  'over-hold': `select "id", "held" as "expected", "cost" as "found" from "meteredCall" where "cost" > "held"`,
  'trial-balance': `select 'all' as "id", 0 as "expected", cast(sum("balance") as bigint) as "found"
    from "ledgerAccount" having sum("balance") <> 0`,
};

/** Compares the books with themselves; empty where everything agrees. Reads everything there is. */
export async function findDifferences(db: Db): Promise<BookDifference[]> {
  const differences: BookDifference[] = [];
  for (const [check, query] of Object.entries(QUERIES)) {
    const { rows } = await sql.raw<Found>(query).execute(db);
    differences.push(...rows.map((row) => ({ ...row, check: check as BookDifference['check'] })));
  }
  return [...differences, ...(await compareSpans(db))];
}

async function compareSpans(db: Db): Promise<BookDifference[]> {
  const open = await db
    .selectFrom('meteredCall')
    .select(['held', 'budgets'])
    .where('state', '=', 'held')
    .where('budgets', 'is not', null)
    .execute();
  const spans = await db.selectFrom('budgetPeriod').select(['id', 'held']).execute();
  return spans.flatMap(({ id, held: found }) => {
    const counted = open.filter(({ budgets }) => budgets?.includes(JSON.stringify(id)));
    const expected = counted.reduce((sum, { held }) => sum + held, 0);
    return expected === found ? [] : [{ check: 'budget-held' as const, id, expected, found }];
  });
}

/** How much there is in the books. */
export async function countBooks(db: Db): Promise<{ accounts: number; entries: number; calls: number }> {
  const count = async (table: 'ledgerAccount' | 'ledgerEntry' | 'meteredCall') => {
    const row = await db
      .selectFrom(table)
      .select((column) => column.fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  };
  return {
    accounts: await count('ledgerAccount'),
    entries: await count('ledgerEntry'),
    calls: await count('meteredCall'),
  };
}

/** Lines with their entries, by id, those after `after`. */
export async function listLines(db: Db, { after, limit }: { after: string; limit: number }) {
  return db
    .selectFrom('ledgerLine')
    .innerJoin('ledgerEntry', 'ledgerEntry.id', 'ledgerLine.entryId')
    .select([
      'ledgerLine.id',
      'ledgerLine.entryId',
      'ledgerLine.accountId',
      'ledgerLine.amount',
      'ledgerEntry.kind',
      'ledgerEntry.callId',
      'ledgerEntry.actorId',
      'ledgerEntry.note',
      'ledgerEntry.createdAt',
    ])
    .where('ledgerLine.id', '>', after)
    .orderBy('ledgerLine.id')
    .limit(limit)
    .execute();
}
