import type { Db, Trx } from '../../storage/storage.ts';
import type { MoveKind } from '../../../contract/moving.ts';

/** Hashes asked for at a time. */
const HASHES_AT_A_TIME = 500;

/** What was moved in from these sources before. */
export async function findMoved(
  db: Db,
  { ownerId, kind, hashes }: { ownerId: string; kind: MoveKind; hashes: readonly string[] },
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < hashes.length; start += HASHES_AT_A_TIME) {
    const rows = await db
      .selectFrom('moveRecord')
      .select(['sourceHash', 'targetId'])
      .where('ownerId', '=', ownerId)
      .where('kind', '=', kind)
      .where('sourceHash', 'in', hashes.slice(start, start + HASHES_AT_A_TIME))
      .execute();
    for (const row of rows) found.set(row.sourceHash, row.targetId);
  }
  return found;
}

export async function recordMoved(
  db: Db | Trx,
  record: { ownerId: string; kind: MoveKind; sourceHash: string; targetId: string; createdAt: number },
): Promise<void> {
  await db
    .insertInto('moveRecord')
    .values(record)
    .onConflict((conflict) =>
      conflict.columns(['ownerId', 'kind', 'sourceHash']).doUpdateSet({ targetId: record.targetId }),
    )
    .execute();
}

export async function forgetMoved(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('moveRecord').where('ownerId', '=', ownerId).execute();
}
