import type { CompiledQuery } from 'kysely';
import type { NewRow, Row } from '../storage/schema.ts';
import type { Db } from '../storage/storage.ts';

export type KeyRow = Row<'apiKey'>;

export interface KeyOwner {
  keyId: string;
  userId: string;
  role: string;
  /** JSON array. */
  scopes: string;
  lastUsedAt: number | null;
  revokedAt: number | null;
  teamId: string | null;
  /** JSON array, or null. */
  models: string | null;
  expiresAt: number | null;
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  /** Of the secret that is the key's own; another one that found it is the one before. */
  hash: string;
  previousUntil: number | null;
}

/** Finds a key by the hash of its secret or of the one before: one point read through a query that is compiled once, because every call pays for it. */
export function createKeyFinder(db: Db): (hash: string) => Promise<KeyOwner | undefined> {
  const { sql, query, queryId } = db
    .selectFrom('apiKey')
    .innerJoin('user', 'user.id', 'apiKey.userId')
    .select([
      'apiKey.id as keyId',
      'apiKey.userId',
      'user.role',
      'apiKey.scopes',
      'apiKey.lastUsedAt',
      'apiKey.revokedAt',
      'apiKey.teamId',
      'apiKey.models',
      'apiKey.expiresAt',
      'apiKey.requestsPerMinute',
      'apiKey.tokensPerMinute',
      'apiKey.hash',
      'apiKey.previousUntil',
    ])
    .where((where) => where.or([where('apiKey.hash', '=', ''), where('apiKey.previousHash', '=', '')]))
    .compile();
  return async (hash) => {
    const result = await db.executeQuery<KeyOwner>({
      sql,
      query,
      queryId,
      parameters: [hash, hash],
    } satisfies CompiledQuery<KeyOwner>);
    return result.rows[0];
  };
}

export async function insertKey(db: Db, key: NewRow<'apiKey'>): Promise<void> {
  await db.insertInto('apiKey').values(key).execute();
}

export async function listKeys(db: Db, userId: string): Promise<KeyRow[]> {
  return db
    .selectFrom('apiKey')
    .selectAll()
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export async function countLiveKeys(db: Db, userId: string): Promise<number> {
  const row = await db
    .selectFrom('apiKey')
    .select((column) => column.fn.countAll<number | string>().as('count'))
    .where('userId', '=', userId)
    .where('revokedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** False when that person has no such key. Revoking twice keeps the first time. */
export async function revokeKey(
  db: Db,
  { id, userId, now }: { id: string; userId: string; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('apiKey')
    .set((column) => ({ revokedAt: column.fn.coalesce('revokedAt', column.val(now)) }))
    .where('id', '=', id)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deleteKeysOf(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('apiKey').where('userId', '=', userId).execute();
}

export async function touchKey(db: Db, { id, now }: { id: string; now: number }): Promise<void> {
  await db.updateTable('apiKey').set({ lastUsedAt: now }).where('id', '=', id).execute();
}
