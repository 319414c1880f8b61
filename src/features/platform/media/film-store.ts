import { beyondRow } from '../../../storage/beyond-row.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db } from '../../../storage/storage.ts';

export type FilmRow = Row<'apiFilm'>;

export async function insertFilm(db: Db, row: FilmRow): Promise<void> {
  await db.insertInto('apiFilm').values(row).execute();
}

export async function readFilm(db: Db, { id, ownerId }: { id: string; ownerId: string }): Promise<FilmRow | undefined> {
  return db.selectFrom('apiFilm').selectAll().where('id', '=', id).where('ownerId', '=', ownerId).executeTakeFirst();
}

/** The film of somebody that a provider calls so. */
export async function findFilm(
  db: Db,
  { ownerId, providerId, remoteId }: { ownerId: string; providerId: string; remoteId: string },
): Promise<FilmRow | undefined> {
  return db
    .selectFrom('apiFilm')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where('providerId', '=', providerId)
    .where('remoteId', '=', remoteId)
    .limit(1)
    .executeTakeFirst();
}

/** One more than `limit`. */
export async function listFilms(
  db: Db,
  {
    ownerId,
    after,
    limit,
    order,
  }: { ownerId: string; after: FilmRow | undefined; limit: number; order: 'asc' | 'desc' },
): Promise<FilmRow[]> {
  let query = db.selectFrom('apiFilm').selectAll().where('ownerId', '=', ownerId);
  if (after)
    query = query.where(beyondRow({ at: after.createdAt, id: after.id }, { than: order === 'asc' ? '>' : '<' }));
  return query
    .orderBy('createdAt', order)
    .orderBy('id', order)
    .limit(limit + 1)
    .execute();
}

/** One of somebody, or all of theirs. */
export async function deleteFilms(db: Db, { ownerId, id }: { ownerId: string; id?: string }): Promise<void> {
  let query = db.deleteFrom('apiFilm').where('ownerId', '=', ownerId);
  if (id !== undefined) query = query.where('id', '=', id);
  await query.execute();
}
