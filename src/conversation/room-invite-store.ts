import { sql } from 'kysely';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type RoomInviteRow = Row<'roomInvite'>;

export async function insertRoomInvite(trx: Trx, invite: RoomInviteRow): Promise<void> {
  await trx.insertInto('roomInvite').values(invite).execute();
}

/** An invitation that still lets somebody in. */
export async function findOpenInvite(
  db: Db,
  { hash, now }: { hash: string; now: number },
): Promise<RoomInviteRow | undefined> {
  return db
    .selectFrom('roomInvite')
    .selectAll()
    .where('hash', '=', hash)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where('usesLeft', '>', 0)
    .executeTakeFirst();
}

/** Any invitation with this hash, also one that is used up, for those whom it let in before. */
export async function findInvite(db: Db, hash: string): Promise<RoomInviteRow | undefined> {
  return db.selectFrom('roomInvite').selectAll().where('hash', '=', hash).executeTakeFirst();
}

/** Takes one use; of many that try at once only as many get in as it lets. */
export async function takeInvite(trx: Trx, { hash, now }: { hash: string; now: number }): Promise<boolean> {
  const result = await trx
    .updateTable('roomInvite')
    .set({ usesLeft: sql<number>`"usesLeft" - 1` })
    .where('hash', '=', hash)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where('usesLeft', '>', 0)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Those that still let somebody in, newest first. */
export async function listOpenInvites(
  db: Db,
  { conversationId, now }: { conversationId: string; now: number },
): Promise<RoomInviteRow[]> {
  return db
    .selectFrom('roomInvite')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where('usesLeft', '>', 0)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** False where the conversation has no such invitation that is not revoked. */
export async function revokeInvite(
  trx: Trx,
  { id, conversationId, now }: { id: string; conversationId: string; now: number },
): Promise<boolean> {
  const result = await trx
    .updateTable('roomInvite')
    .set({ revokedAt: now })
    .where('id', '=', id)
    .where('conversationId', '=', conversationId)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
