import type { Db, Trx } from '../../storage/storage.ts';
import { fromBytes, toBytes } from '../vectors/quantize.ts';

/** Below every database's limit of parameters. */
const ROWS_AT_ONCE = 200;

interface Of {
  attachmentId: string;
  model: string;
}

/** What the passages of a file mean to a model, by position. */
export async function readPassageVectors(db: Db, { attachmentId, model }: Of): Promise<Map<number, Int8Array>> {
  const rows = await db
    .selectFrom('attachmentVector')
    .select(['position', 'vector'])
    .where('attachmentId', '=', attachmentId)
    .where('model', '=', model)
    .execute();
  return new Map(rows.map(({ position, vector }) => [position, fromBytes(vector)]));
}

/** Positions that a model has read. */
export async function readEmbeddedPositions(db: Db, { attachmentId, model }: Of): Promise<Set<number>> {
  const rows = await db
    .selectFrom('attachmentVector')
    .select('position')
    .where('attachmentId', '=', attachmentId)
    .where('model', '=', model)
    .execute();
  return new Set(rows.map(({ position }) => position));
}

/** Nothing is kept where the file went meanwhile. */
export async function putPassageVectors(
  trx: Trx,
  { attachmentId, model, vectors }: Of & { vectors: readonly { position: number; vector: Int8Array }[] },
): Promise<void> {
  const file = await trx.selectFrom('attachment').select('id').where('id', '=', attachmentId).executeTakeFirst();
  if (!file) return;
  const rows = vectors.map(({ position, vector }) => ({ attachmentId, model, position, vector: toBytes(vector) }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await trx
      .insertInto('attachmentVector')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Removes what other models than one read in a file. */
export async function removeOtherPassageVectors(trx: Trx, { attachmentId, model }: Of): Promise<void> {
  await trx
    .deleteFrom('attachmentVector')
    .where('attachmentId', '=', attachmentId)
    .where('model', '<>', model)
    .execute();
}
