import type { Db, Trx } from '../storage/storage.ts';

export interface SessionRecord {
  id: string;
  userAgent: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
}

/** Newest use first; sessions that are over are left out. */
export async function listSessions(db: Db, { userId, now }: { userId: string; now: number }): Promise<SessionRecord[]> {
  const rows = await db
    .selectFrom('session')
    .select(['id', 'userAgent', 'createdAt', 'updatedAt', 'expiresAt'])
    .where('userId', '=', userId)
    .where('expiresAt', '>', new Date(now).toISOString())
    .orderBy('updatedAt', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent ?? '',
    createdAt: new Date(row.createdAt).getTime(),
    lastSeenAt: new Date(row.updatedAt).getTime(),
    expiresAt: new Date(row.expiresAt).getTime(),
  }));
}

/** False when that person has no such session. */
export async function deleteSession(db: Db, { id, userId }: { id: string; userId: string }): Promise<boolean> {
  const result = await db.deleteFrom('session').where('id', '=', id).where('userId', '=', userId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Ends every session of a person but one. */
export async function deleteOtherSessions(
  db: Db | Trx,
  { userId, except }: { userId: string; except: string | null },
): Promise<void> {
  await db
    .deleteFrom('session')
    .where('userId', '=', userId)
    .where('id', '!=', except ?? '')
    .execute();
}

export async function deleteSessionsExpiredBefore(db: Db, time: number): Promise<void> {
  await db.deleteFrom('session').where('expiresAt', '<', new Date(time).toISOString()).execute();
}
