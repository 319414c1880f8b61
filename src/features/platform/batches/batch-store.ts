import { sql } from 'kysely';
import type { BatchStatus } from '../../../../contract/openai/files.ts';
import { beyondRow } from '../../../storage/beyond-row.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

export type BatchRow = Row<'apiBatch'>;
export type BatchLineRow = Row<'apiBatchLine'>;

export async function insertBatch(trx: Trx, row: BatchRow): Promise<void> {
  await trx.insertInto('apiBatch').values(row).execute();
}

export async function readBatch(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId?: string },
): Promise<BatchRow | undefined> {
  let query = db.selectFrom('apiBatch').selectAll().where('id', '=', id);
  if (ownerId !== undefined) query = query.where('ownerId', '=', ownerId);
  return query.executeTakeFirst();
}

/** Newest first; one more than `limit`. */
export async function listBatches(
  db: Db,
  { ownerId, after, limit }: { ownerId: string; after: BatchRow | undefined; limit: number },
): Promise<BatchRow[]> {
  let query = db.selectFrom('apiBatch').selectAll().where('ownerId', '=', ownerId);
  if (after) query = query.where(beyondRow({ at: after.createdAt, id: after.id }, { than: '<' }));
  return query
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** Their lines go with them. */
export async function deleteBatchesOf(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('apiBatch').where('ownerId', '=', ownerId).execute();
}

/** Only from one of `from`; false where it is in another status by now. */
export async function updateBatch(
  trx: Db | Trx,
  { id, from, change }: { id: string; from: readonly BatchStatus[]; change: Partial<BatchRow> },
): Promise<boolean> {
  const result = await trx
    .updateTable('apiBatch')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function insertBatchLines(trx: Trx, rows: readonly BatchLineRow[]): Promise<void> {
  await trx
    .insertInto('apiBatchLine')
    .values([...rows])
    .execute();
}

export async function deleteBatchLines(trx: Db | Trx, batchId: string): Promise<void> {
  await trx.deleteFrom('apiBatchLine').where('batchId', '=', batchId).execute();
}

export async function listBatchLines(
  db: Db,
  {
    batchId,
    states,
    afterLine = 0,
    limit,
  }: { batchId: string; states: readonly string[]; afterLine?: number; limit: number },
): Promise<BatchLineRow[]> {
  return db
    .selectFrom('apiBatchLine')
    .selectAll()
    .where('batchId', '=', batchId)
    .where('state', 'in', [...states])
    .where('line', '>', afterLine)
    .orderBy('line')
    .limit(limit)
    .execute();
}

/** True where it was waiting: whoever begins it does it alone. */
export async function beginBatchLine(
  db: Db,
  { batchId, line }: Pick<BatchLineRow, 'batchId' | 'line'>,
): Promise<boolean> {
  const result = await db
    .updateTable('apiBatchLine')
    .set({ state: 'running', attempts: sql<number>`"attempts" + 1` })
    .where('batchId', '=', batchId)
    .where('line', '=', line)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export interface LineTokens {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  reasoningTokens: number;
}

/** The line's answer and the batch's counts, in one transaction. */
export async function endBatchLine(trx: Trx, { batchId, line, state, result, tokens }: EndedLine): Promise<void> {
  const ended = await trx
    .updateTable('apiBatchLine')
    .set({ state, result, body: '' })
    .where('batchId', '=', batchId)
    .where('line', '=', line)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (ended.numUpdatedRows === 0n) return;
  const count = state === 'done' ? 'completed' : 'failed';
  await trx
    .updateTable('apiBatch')
    .set((update) => ({
      [count]: update(count, '+', 1),
      inputTokens: update('inputTokens', '+', tokens.inputTokens),
      cachedTokens: update('cachedTokens', '+', tokens.cachedTokens),
      outputTokens: update('outputTokens', '+', tokens.outputTokens),
      reasoningTokens: update('reasoningTokens', '+', tokens.reasoningTokens),
    }))
    .where('id', '=', batchId)
    .execute();
}

export interface EndedLine {
  batchId: string;
  line: number;
  state: 'done' | 'failed';
  result: string;
  tokens: LineTokens;
}

/** Back to the queue, of those that were begun. */
export async function returnBatchLine(
  db: Db,
  { batchId, line }: Pick<BatchLineRow, 'batchId' | 'line'>,
): Promise<void> {
  await db
    .updateTable('apiBatchLine')
    .set({ state: 'waiting' })
    .where('batchId', '=', batchId)
    .where('line', '=', line)
    .where('state', '=', 'running')
    .execute();
}

/** Ends all that did not begin. */
export async function dropWaitingLines(
  trx: Trx,
  { batchId, resultOf }: { batchId: string; resultOf: (line: BatchLineRow) => string },
): Promise<number> {
  const rows = await trx
    .selectFrom('apiBatchLine')
    .selectAll()
    .where('batchId', '=', batchId)
    .where('state', 'in', ['waiting', 'running'])
    .orderBy('line')
    .execute();
  for (const row of rows) {
    await trx
      .updateTable('apiBatchLine')
      .set({ state: 'failed', result: resultOf(row), body: '' })
      .where('batchId', '=', batchId)
      .where('line', '=', row.line)
      .execute();
  }
  return rows.length;
}

/** Billed calls that were made for a request. */
export async function listBilledCalls(
  db: Db,
  { ownerId, since, requestId }: { ownerId: string; since: number; requestId: string },
): Promise<{ id: string; accountId: string; cost: number }[]> {
  return db
    .selectFrom('meteredCall')
    .select(['id', 'accountId', 'cost'])
    .where('userId', '=', ownerId)
    .where('startedAt', '>=', since)
    .where('requestId', '=', requestId)
    .where('cost', '>', 0)
    .execute();
}
