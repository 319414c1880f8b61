import { sql } from 'kysely';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** Opens accounts; those that are there stay as they are. Members and teams begin with the house's usual limit. */
export async function openAccounts(
  trx: Trx | Db,
  { ids, memberLimit, now }: { ids: readonly string[]; memberLimit: number | null; now: number },
): Promise<void> {
  const owners = memberLimit === null ? new Set<string>() : await findOwners(trx);
  const limitOf = (id: string) => (id.startsWith('house:') || owners.has(id) ? null : memberLimit);
  await trx
    .insertInto('ledgerAccount')
    .values(ids.map((id) => ({ id, balance: 0, held: 0, creditLimit: limitOf(id), createdAt: now })))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

async function findOwners(db: Trx | Db): Promise<Set<string>> {
  const rows = await db.selectFrom('user').select('id').where('role', '=', 'owner').execute();
  return new Set(rows.map(({ id }) => `user:${id}`));
}

/** Gives every account that has no limit of its own the house's usual one. */
export async function applyUsualLimit(trx: Trx, memberLimit: number | null): Promise<void> {
  const owners = [...(await findOwners(trx))];
  let query = trx
    .updateTable('ledgerAccount')
    .set({ creditLimit: memberLimit })
    .where('ownLimit', '=', 0)
    .where('id', 'not like', 'house:%');
  if (owners.length > 0) query = query.where('id', 'not in', owners);
  await query.execute();
}

/** `own` false = the limit follows the house's usual one. */
export async function setAccountLimit(
  trx: Trx,
  { id, creditLimit, own }: { id: string; creditLimit: number | null; own: boolean },
): Promise<void> {
  await trx
    .updateTable('ledgerAccount')
    .set({ creditLimit, ownLimit: own ? 1 : 0 })
    .where('id', '=', id)
    .execute();
}

export async function readCall(db: Db | Trx, id: string): Promise<Row<'meteredCall'> | undefined> {
  return db.selectFrom('meteredCall').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Calls that are held and whose time is over before `now`. */
export async function listOverdueCalls(db: Db, { now, limit }: { now: number; limit: number }) {
  return (
    db
      .selectFrom('meteredCall')
      .select(['id', 'accountId', 'startedAt', 'expiresAt'])
      // In so many words, by which the index of held calls is known to hold them all.
      .where('state', '=', sql.lit('held'))
      .where('expiresAt', '<=', now)
      .orderBy('expiresAt')
      .limit(limit)
      .execute()
  );
}

/** Makes rows for spans of budgets that are still there; those that have one keep it. */
export async function openSpans(
  trx: Trx,
  spans: readonly { id: string; budgetId: string; period: string }[],
): Promise<void> {
  for (const { id, budgetId, period } of spans) {
    await sql`insert into "budgetPeriod" ("id", "budgetId", "period", "spent", "held")
      select ${id}, "id", ${period}, 0, 0 from "budget" where "id" = ${budgetId}
      on conflict ("id") do nothing`.execute(trx);
  }
}
