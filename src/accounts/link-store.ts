import type { NewRow, Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type LinkKind = 'sign-in' | 'invitation';
export type LinkRow = Row<'accountLink'>;

export async function insertLink(db: Db, link: NewRow<'accountLink'>): Promise<void> {
  await db.insertInto('accountLink').values(link).execute();
}

/** Uses a link up; of many that try at once exactly one gets the row, the others nothing. */
export async function consumeLink(
  db: Db | Trx,
  { kind, hash, now }: { kind: LinkKind; hash: string; now: number },
): Promise<{ id: string; userId: string } | undefined> {
  return db
    .updateTable('accountLink')
    .set({ usedAt: now })
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning(['id', 'userId'])
    .executeTakeFirst();
}

export async function isLinkOpen(
  db: Db,
  { kind, hash, now }: { kind: LinkKind; hash: string; now: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('accountLink')
    .select('id')
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

export async function listLinks(db: Db, { kind, userId }: { kind: LinkKind; userId: string }): Promise<LinkRow[]> {
  return db
    .selectFrom('accountLink')
    .selectAll()
    .where('kind', '=', kind)
    .where('userId', '=', userId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** False when that person made no such link. */
export async function deleteLink(
  db: Db,
  { kind, id, userId }: { kind: LinkKind; id: string; userId: string },
): Promise<boolean> {
  const result = await db
    .deleteFrom('accountLink')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function deleteOpenLinks(
  db: Db | Trx,
  { kind, userId }: { kind: LinkKind; userId: string },
): Promise<void> {
  await db
    .deleteFrom('accountLink')
    .where('kind', '=', kind)
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .execute();
}

export async function deleteLinksExpiredBefore(db: Db, time: number): Promise<void> {
  await db.deleteFrom('accountLink').where('expiresAt', '<', time).execute();
}
