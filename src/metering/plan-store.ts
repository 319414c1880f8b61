import type { NewRow, Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export async function listPlans(db: Db): Promise<Row<'plan'>[]> {
  return db.selectFrom('plan').selectAll().orderBy('createdAt').orderBy('id').execute();
}

export async function insertPlan(db: Db, plan: NewRow<'plan'>): Promise<void> {
  await db.insertInto('plan').values(plan).execute();
}

/** False when it is not there. */
export async function updatePlan(db: Db, { id, ...change }: Omit<Row<'plan'>, 'createdAt'>): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('plan').set(change).where('id', '=', id).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Its members are on no plan then. False when it is not there. */
export async function deletePlan(trx: Trx, id: string): Promise<boolean> {
  await trx.deleteFrom('planMember').where('planId', '=', id).execute();
  const { numDeletedRows } = await trx.deleteFrom('plan').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Which plan people are on. */
export async function listPlanMembers(db: Db): Promise<Row<'planMember'>[]> {
  return db.selectFrom('planMember').selectAll().orderBy('since').orderBy('userId').execute();
}

/** Who changes from one plan to another keeps what this month gave. */
export async function joinPlan(
  db: Db,
  { userId, planId, now }: { userId: string; planId: string; now: number },
): Promise<void> {
  await db
    .insertInto('planMember')
    .values({ userId, planId, since: now, granted: null, grantedAmount: 0, grantedAt: null })
    .onConflict((conflict) => conflict.column('userId').doUpdateSet({ planId, since: now }))
    .execute();
}

export async function leavePlan(db: Db | Trx, userId: string): Promise<void> {
  await db.deleteFrom('planMember').where('userId', '=', userId).execute();
}

/** Members to whom a month was not granted yet. */
export async function listUngranted(db: Db, month: string) {
  return db
    .selectFrom('planMember')
    .innerJoin('plan', 'plan.id', 'planMember.planId')
    .select(['userId', 'planId', 'name', 'allowance', 'rollover', 'granted', 'grantedAmount', 'grantedAt'])
    .where((where) => where.or([where('granted', 'is', null), where('granted', '<', month)]))
    .execute();
}

export async function noteGrant(
  db: Db,
  { userId, month, amount, now }: { userId: string; month: string; amount: number; now: number },
): Promise<void> {
  await db
    .updateTable('planMember')
    .set({ granted: month, grantedAmount: amount, grantedAt: now })
    .where('userId', '=', userId)
    .execute();
}

/** What an account was billed since `from`. */
export async function sumBilled(db: Db, { accountId, from }: { accountId: string; from: number }): Promise<number> {
  const row = await db
    .selectFrom('meteredCall')
    .select((column) => column.fn.sum<number | string | null>('cost').as('billed'))
    .where('accountId', '=', accountId)
    .where('endedAt', '>=', from)
    .executeTakeFirst();
  return Number(row?.billed ?? 0);
}
