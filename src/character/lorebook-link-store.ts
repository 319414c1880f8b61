import { loreTargetSchema, type LoreTarget } from '../../contract/lore.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** What a book hangs on. */
export interface LorebookLink {
  lorebookId: string;
  target: LoreTarget;
  createdAt: number;
}

/** Attaching twice is attaching once. The caller has made sure that both are the owner's. */
export async function linkLorebook(
  trx: Trx,
  link: { lorebookId: string; ownerId: string; target: LoreTarget; now: number },
): Promise<void> {
  await trx
    .insertInto('lorebookLink')
    .values({
      lorebookId: link.lorebookId,
      targetKind: link.target.kind,
      targetId: link.target.id,
      ownerId: link.ownerId,
      createdAt: link.now,
    })
    .onConflict((conflict) => conflict.columns(['lorebookId', 'targetKind', 'targetId']).doNothing())
    .execute();
}

export async function unlinkLorebook(
  trx: Trx,
  { lorebookId, ownerId, target }: { lorebookId: string; ownerId: string; target: LoreTarget },
): Promise<void> {
  await trx
    .deleteFrom('lorebookLink')
    .where('lorebookId', '=', lorebookId)
    .where('ownerId', '=', ownerId)
    .where('targetKind', '=', target.kind)
    .where('targetId', '=', target.id)
    .execute();
}

/** All links of a person's books, or of one book, oldest first. */
export async function listLorebookLinks(
  db: Db | Trx,
  { ownerId, lorebookId }: { ownerId: string; lorebookId?: string },
): Promise<LorebookLink[]> {
  let query = db
    .selectFrom('lorebookLink')
    .select(['lorebookId', 'targetKind as kind', 'targetId as id', 'createdAt'])
    .where('ownerId', '=', ownerId)
    .orderBy('createdAt')
    .orderBy('targetId');
  if (lorebookId !== undefined) query = query.where('lorebookId', '=', lorebookId);
  const rows = await query.execute();
  return rows.map(({ lorebookId: bookId, kind, id, createdAt }) => ({
    lorebookId: bookId,
    target: loreTargetSchema.parse({ kind, id }),
    createdAt,
  }));
}

/** True when the target exists and is this person's to hang a book on; starters may carry anybody's books. */
export async function isLoreTarget(
  db: Db | Trx,
  { ownerId, target: { kind, id } }: { ownerId: string; target: LoreTarget },
): Promise<boolean> {
  if (kind === 'user') return id === ownerId;
  const base = db.selectFrom(kind).select('id').where('id', '=', id).where('deletedAt', 'is', null);
  const owned =
    kind === 'character'
      ? base.where((where) => where.or([where('ownerId', '=', ownerId), where('ownerId', 'is', null)]))
      : base.where('ownerId', '=', ownerId);
  return (await owned.executeTakeFirst()) !== undefined;
}

/** What the worlds of a person are called. */
export async function listWorldLabels(db: Db, ownerId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('world')
    .select(['id', 'name'])
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .execute();
}

/** What the personas of a person are called. */
export async function listPersonaLabels(
  db: Db,
  ownerId: string,
): Promise<{ id: string; name: string; title: string }[]> {
  return db
    .selectFrom('persona')
    .select(['id', 'name', 'title'])
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .execute();
}
