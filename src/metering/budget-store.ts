import type { NewRow, Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type BudgetRow = Row<'budget'>;

export async function listBudgets(db: Db): Promise<BudgetRow[]> {
  return db.selectFrom('budget').selectAll().orderBy('createdAt').orderBy('id').execute();
}

export async function insertBudget(trx: Trx, budget: NewRow<'budget'>): Promise<void> {
  await trx.insertInto('budget').values(budget).execute();
}

/** False when it is not there. */
export async function updateBudgetLimits(
  trx: Trx,
  { id, softLimit, hardLimit }: Pick<BudgetRow, 'id' | 'softLimit' | 'hardLimit'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('budget')
    .set({ softLimit, hardLimit })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** With its spans. False when it is not there. */
export async function deleteBudget(trx: Trx, id: string): Promise<boolean> {
  await trx.deleteFrom('budgetPeriod').where('budgetId', '=', id).execute();
  const { numDeletedRows } = await trx.deleteFrom('budget').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Spans by their ids. */
export async function readSpans(db: Db, ids: readonly string[]): Promise<Map<string, Row<'budgetPeriod'>>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('budgetPeriod').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export async function insertSpan(trx: Trx, span: NewRow<'budgetPeriod'>): Promise<void> {
  await trx.insertInto('budgetPeriod').values(span).execute();
}

const SUBJECT_COLUMN = { user: 'userId', team: 'teamId', key: 'keyId', model: 'model' } as const;

/** What was billed since `from` of what a budget is about. */
export async function sumSpent(
  trx: Trx,
  { scope, subject, from }: { scope: string; subject: string | null; from: number },
): Promise<number> {
  let query = trx
    .selectFrom('meteredCall')
    .select((column) => column.fn.sum<number | string | null>('cost').as('spent'))
    .where('startedAt', '>=', from);
  const column = SUBJECT_COLUMN[scope as keyof typeof SUBJECT_COLUMN];
  if (column !== undefined) query = query.where(column, '=', subject);
  return Number((await query.executeTakeFirst())?.spent ?? 0);
}
