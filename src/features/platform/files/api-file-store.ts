import { sql } from 'kysely';
import { beyondRow } from '../../../storage/beyond-row.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

export type ApiFileRow = Row<'apiFile'>;

export async function insertApiFile(db: Db | Trx, row: ApiFileRow): Promise<void> {
  await db.insertInto('apiFile').values(row).execute();
}

export async function readApiFile(
  db: Db | Trx,
  { id, ownerId, now }: { id: string; ownerId: string; now: number },
): Promise<ApiFileRow | undefined> {
  return db
    .selectFrom('apiFile')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where((where) => where.or([where('expiresAt', 'is', null), where('expiresAt', '>', now)]))
    .executeTakeFirst();
}

export async function deleteApiFile(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<string | undefined> {
  const row = await db
    .deleteFrom('apiFile')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .returning('hash')
    .executeTakeFirst();
  return row?.hash;
}

/** One more than `limit`, so that it is known whether there are others. */
export async function listApiFiles(
  db: Db,
  {
    ownerId,
    purpose,
    order,
    after,
    limit,
    now,
  }: {
    ownerId: string;
    purpose: string | undefined;
    order: 'asc' | 'desc';
    after: ApiFileRow | undefined;
    limit: number;
    now: number;
  },
): Promise<ApiFileRow[]> {
  const than = order === 'asc' ? '>' : '<';
  let query = db
    .selectFrom('apiFile')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where((where) => where.or([where('expiresAt', 'is', null), where('expiresAt', '>', now)]));
  if (purpose !== undefined) query = query.where('purpose', '=', purpose);
  if (after) query = query.where(beyondRow({ at: after.createdAt, id: after.id }, { than }));
  return query
    .orderBy('createdAt', order)
    .orderBy('id', order)
    .limit(limit + 1)
    .execute();
}

/** How many files somebody has, and their bytes. */
export async function measureApiFiles(db: Db, ownerId: string): Promise<{ count: number; bytes: number }> {
  const row = await db
    .selectFrom('apiFile')
    .select((select) => [
      select.fn.countAll().as('count'),
      sql<number | string>`coalesce(sum(${select.ref('bytes')}), 0)`.as('bytes'),
    ])
    .where('ownerId', '=', ownerId)
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), bytes: Number(row.bytes) };
}

/** Removes rows whose time is over, or all of a person, and hands out the hashes of what they named. */
export async function sweepApiFiles(
  db: Db,
  which: { expiredAt: number; limit: number } | { ownerId: string },
): Promise<string[]> {
  const chosen =
    'ownerId' in which
      ? db.selectFrom('apiFile').select('id').where('ownerId', '=', which.ownerId)
      : db.selectFrom('apiFile').select('id').where('expiresAt', '<=', which.expiredAt).limit(which.limit);
  const ids = (await chosen.execute()).map(({ id }) => id);
  const hashes: string[] = [];
  for (let start = 0; start < ids.length; start += 500) {
    const rows = await db
      .deleteFrom('apiFile')
      .where('id', 'in', ids.slice(start, start + 500))
      .returning('hash')
      .execute();
    hashes.push(...rows.map(({ hash }) => hash));
  }
  return hashes;
}
