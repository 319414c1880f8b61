import { z } from 'zod';
import { inChunks } from '../base/in-chunks.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

/** How one person keeps a conversation. */
export interface MarkRecord {
  favourite: boolean;
  pinned: boolean;
  archived: boolean;
  folderId: string | null;
  tags: string[];
  muted: boolean;
  /** Epoch ms; null = not noted. */
  seenAt: number | null;
}

const tagsSchema = z.array(z.string());

export function blankMark(): MarkRecord {
  return { favourite: false, pinned: false, archived: false, folderId: null, tags: [], muted: false, seenAt: null };
}

/** The marks of one person on some conversations; those without one are missing. */
export async function readConversationMarks(
  db: Db | Trx,
  { userId, conversationIds }: { userId: string; conversationIds: readonly string[] },
): Promise<Map<string, MarkRecord>> {
  const marks = new Map<string, MarkRecord>();
  for (const some of inChunks(conversationIds)) {
    const rows = await db
      .selectFrom('conversationMark')
      .selectAll()
      .where('userId', '=', userId)
      .where('conversationId', 'in', some)
      .execute();
    for (const row of rows) marks.set(row.conversationId, toMark(row));
  }
  return marks;
}

/** Everything one person marked; what they only opened is left out. */
export async function listConversationMarks(
  db: Db,
  userId: string,
): Promise<(MarkRecord & { conversationId: string })[]> {
  const rows = await db
    .selectFrom('conversationMark')
    .selectAll()
    .where('userId', '=', userId)
    .where((where) =>
      where.or([
        ...(['favourite', 'pinned', 'archived', 'muted'] as const).map((flag) => where(flag, '=', 1)),
        where('folderId', 'is not', null),
        where('tags', '!=', '[]'),
      ]),
    )
    .orderBy('conversationId')
    .execute();
  return rows.map((row) => ({ conversationId: row.conversationId, ...toMark(row) }));
}

export async function listPinned(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('conversationMark')
    .select('conversationId')
    .where('userId', '=', userId)
    .where('pinned', '=', 1)
    .execute();
  return rows.map(({ conversationId }) => conversationId);
}

/** The same change of one person's marks on many conversations; makes the mark where there was none. */
export async function setConversationMarks(
  trx: Trx,
  {
    userId,
    conversationIds,
    change,
  }: { userId: string; conversationIds: readonly string[]; change: Partial<MarkRecord> },
): Promise<void> {
  const { tags, folderId, seenAt, ...flags } = change;
  const set = {
    ...Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, value ? 1 : 0])),
    ...(folderId === undefined ? {} : { folderId }),
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(tags === undefined ? {} : { tags: JSON.stringify(tags) }),
  };
  if (Object.keys(set).length === 0) return;
  for (const some of inChunks(conversationIds)) {
    await trx
      .insertInto('conversationMark')
      .values(some.map((conversationId) => ({ userId, conversationId, ...blankRow, ...set })))
      .onConflict((conflict) => conflict.columns(['userId', 'conversationId']).doUpdateSet(set))
      .execute();
  }
}

const blankRow = { favourite: 0, pinned: 0, archived: 0, folderId: null, tags: '[]', muted: 0, seenAt: null };

/** Removes all that a person marked and filed, for good. */
export async function purgeConversationMarks(trx: Trx, userId: string): Promise<void> {
  await trx.deleteFrom('conversationMark').where('userId', '=', userId).execute();
  await trx.deleteFrom('conversationFolder').where('ownerId', '=', userId).execute();
}

function toMark(row: Row<'conversationMark'>): MarkRecord {
  return {
    favourite: row.favourite === 1,
    pinned: row.pinned === 1,
    archived: row.archived === 1,
    folderId: row.folderId,
    tags: tagsSchema.parse(JSON.parse(row.tags)),
    muted: row.muted === 1,
    seenAt: row.seenAt,
  };
}
