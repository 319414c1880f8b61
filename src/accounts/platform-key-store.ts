import type { NewRow } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { KeyRow } from './key-store.ts';

export type PlatformKeyRow = KeyRow & { userName: string };

function selectKeys(db: Db | Trx) {
  return db
    .selectFrom('apiKey')
    .innerJoin('user', 'user.id', 'apiKey.userId')
    .selectAll('apiKey')
    .select('user.name as userName');
}

/** Keys of a person and of teams, the newest first. */
export async function listPlatformKeys(
  db: Db,
  { userId, teamIds }: { userId: string; teamIds: readonly string[] },
): Promise<PlatformKeyRow[]> {
  return selectKeys(db)
    .where((where) =>
      where.or([
        where.and([where('apiKey.userId', '=', userId), where('apiKey.teamId', 'is', null)]),
        ...(teamIds.length === 0 ? [] : [where('apiKey.teamId', 'in', [...teamIds])]),
      ]),
    )
    .orderBy('apiKey.createdAt', 'desc')
    .orderBy('apiKey.id', 'desc')
    .execute();
}

export async function findPlatformKey(db: Db, id: string): Promise<PlatformKeyRow | undefined> {
  return selectKeys(db).where('apiKey.id', '=', id).executeTakeFirst();
}

/** Changes a key that is not revoked; false where it is. */
export async function updatePlatformKey(
  db: Db,
  { id, change }: { id: string; change: Partial<NewRow<'apiKey'>> },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('apiKey')
    .set(change)
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends keys of a team: one person's, or all. */
export async function revokeTeamKeys(
  trx: Trx,
  { teamId, userId, now }: { teamId: string; userId: string | null; now: number },
): Promise<void> {
  let query = trx
    .updateTable('apiKey')
    .set({ revokedAt: now, previousHash: null, previousUntil: null })
    .where('teamId', '=', teamId)
    .where('revokedAt', 'is', null);
  if (userId !== null) query = query.where('userId', '=', userId);
  await query.execute();
}
