import { sql } from 'kysely';
import {
  attachmentKindSchema,
  placeKindSchema,
  type Attachment,
  type AttachmentKind,
  type Passage,
} from '../../contract/attachments.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { toMessageNode } from './message-store.ts';
import type { MessageNode } from './tree-types.ts';

/** A file of a conversation. */
export type AttachmentRecord = Omit<Row<'attachment'>, 'kind'> & { kind: AttachmentKind };

/** Passages inserted in one statement, below every database's limit of parameters. */
const ROWS_AT_ONCE = 200;

export function attachmentUrl(id: string): string {
  return `/api/attachments/${id}/file`;
}

export function presentAttachment({ hash: _hash, uploaderId: _uploader, ...record }: AttachmentRecord): Attachment {
  return { ...record, url: attachmentUrl(record.id) };
}

function toRecord(row: Row<'attachment'>): AttachmentRecord {
  return { ...row, kind: attachmentKindSchema.parse(row.kind) };
}

export async function insertAttachment(
  trx: Trx,
  { record, passages }: { record: AttachmentRecord; passages: readonly Passage[] },
): Promise<void> {
  await trx.insertInto('attachment').values(record).execute();
  const rows = passages.map((passage) => ({
    id: `${record.id}:${String(passage.position).padStart(6, '0')}`,
    attachmentId: record.id,
    ...passage,
  }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await trx
      .insertInto('attachmentPassage')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute();
  }
}

export async function readAttachment(db: Db, id: string): Promise<AttachmentRecord | undefined> {
  const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toRecord(row);
}

/** Those of one conversation, in the order asked for; unknown ids are left out. */
export async function readAttachments(
  db: Db,
  { conversationId, ids }: { conversationId: string; ids: readonly string[] },
): Promise<AttachmentRecord[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('attachment')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('id', 'in', [...ids])
    .execute();
  const found = new Map(rows.map((row) => [row.id, toRecord(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

export async function listAttachments(db: Db, conversationId: string): Promise<AttachmentRecord[]> {
  const rows = await db
    .selectFrom('attachment')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('id')
    .execute();
  return rows.map(toRecord);
}

export async function countUnsent(
  db: Db,
  { conversationId, uploaderId }: { conversationId: string; uploaderId: string },
): Promise<number> {
  const row = await db
    .selectFrom('attachment')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('conversationId', '=', conversationId)
    .where('uploaderId', '=', uploaderId)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('messageAttachment')
            .select('messageId')
            .whereRef('messageAttachment.attachmentId', '=', 'attachment.id'),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function setAttachmentAlt(trx: Trx, { id, alt }: { id: string; alt: string }): Promise<void> {
  await trx.updateTable('attachment').set({ alt }).where('id', '=', id).execute();
}

/** Says that a message carries files. */
export async function carryAttachments(
  trx: Trx,
  { messageId, conversationId, ids }: { messageId: string; conversationId: string; ids: readonly string[] },
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .insertInto('messageAttachment')
    .values([...new Set(ids)].map((attachmentId) => ({ messageId, attachmentId, conversationId })))
    .execute();
}

/** Which messages of a conversation carry which files. */
export async function listCarried(
  db: Db,
  conversationId: string,
): Promise<{ messageId: string; attachmentId: string }[]> {
  return db
    .selectFrom('messageAttachment')
    .select(['messageId', 'attachmentId'])
    .where('conversationId', '=', conversationId)
    .execute();
}

/** Messages that carry a file and are not deleted. */
export async function listCarriers(db: Db, attachmentId: string): Promise<MessageNode[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('messageAttachment', 'messageAttachment.messageId', 'message.id')
    .selectAll('message')
    .where('messageAttachment.attachmentId', '=', attachmentId)
    .where('message.deletedAt', 'is', null)
    .execute();
  return rows.map(toMessageNode);
}

/**
 * Files on the way up from a message, with the messages that carry them, oldest first; deleted and hidden messages are
 * passed over. Conversations without files cost one look.
 */
export async function listAttachmentsOnPath(
  db: Db,
  { conversationId, endId }: { conversationId: string; endId: string },
): Promise<{ attachment: AttachmentRecord; message: MessageNode }[]> {
  const carried = await db
    .selectFrom('messageAttachment')
    .innerJoin('message', 'message.id', 'messageAttachment.messageId')
    .innerJoin('attachment', 'attachment.id', 'messageAttachment.attachmentId')
    .select(['messageAttachment.messageId', 'message.depth'])
    .selectAll('attachment')
    .where('messageAttachment.conversationId', '=', conversationId)
    .where('message.deletedAt', 'is', null)
    .where('message.hidden', '=', 0)
    .orderBy('message.depth')
    .orderBy('attachment.id')
    .execute();
  const first = carried[0];
  if (!first) return [];
  const path = await readPathDownTo(db, { conversationId, endId, depth: first.depth });
  return carried.flatMap(({ messageId, depth: _depth, ...attachment }) => {
    const message = path.get(messageId);
    return message ? [{ attachment: toRecord(attachment), message }] : [];
  });
}

async function readPathDownTo(
  db: Db,
  { conversationId, endId, depth }: { conversationId: string; endId: string; depth: number },
): Promise<Map<string, MessageNode>> {
  const { rows } = await sql<{ id: string }>`
    with recursive "path" as (
      select "id", "parentId", "depth" from "message" where "id" = ${endId} and "conversationId" = ${conversationId}
      union all
      select m."id", m."parentId", m."depth" from "message" m join "path" p on m."id" = p."parentId"
      where m."depth" >= ${depth}
    ) select p."id" from "path" p join "messageAttachment" a on a."messageId" = p."id"`.execute(db);
  const ids = [...new Set(rows.map(({ id }) => id))];
  if (ids.length === 0) return new Map();
  const messages = await db.selectFrom('message').selectAll().where('id', 'in', ids).execute();
  return new Map(messages.map((row) => [row.id, toMessageNode(row)]));
}

/** Passages of a file from one position on. */
export async function readPassages(
  db: Db,
  { attachmentId, from, limit }: { attachmentId: string; from: number; limit: number },
): Promise<Passage[]> {
  const rows = await db
    .selectFrom('attachmentPassage')
    .select(['position', 'placeKind', 'place', 'text'])
    .where('attachmentId', '=', attachmentId)
    .where('position', '>=', from)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, placeKind: placeKindSchema.parse(row.placeKind) }));
}

/** Files that were never sent, older than a time. */
export async function listAbandoned(db: Db, before: number): Promise<AttachmentRecord[]> {
  const rows = await db
    .selectFrom('attachment')
    .selectAll()
    .where('createdAt', '<', before)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('messageAttachment')
            .select('messageId')
            .whereRef('messageAttachment.attachmentId', '=', 'attachment.id'),
        ),
      ),
    )
    .execute();
  return rows.map(toRecord);
}

/** Removes one file that no message carries; false where there is none such. */
export async function removeUnsentAttachment(trx: Trx, id: string): Promise<boolean> {
  const carried = await trx
    .selectFrom('messageAttachment')
    .select('messageId')
    .where('attachmentId', '=', id)
    .execute();
  if (carried.length > 0) return false;
  await trx.deleteFrom('attachmentPassage').where('attachmentId', '=', id).execute();
  await trx.deleteFrom('attachmentVector').where('attachmentId', '=', id).execute();
  const { numDeletedRows } = await trx.deleteFrom('attachment').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Removes all files of a conversation; returns the hashes of bytes that may be nobody's now. */
export async function removeAttachments(trx: Trx, conversationId: string): Promise<string[]> {
  const ids = trx.selectFrom('attachment').select('id').where('conversationId', '=', conversationId);
  await trx.deleteFrom('attachmentPassage').where('attachmentId', 'in', ids).execute();
  await trx.deleteFrom('attachmentVector').where('attachmentId', 'in', ids).execute();
  await trx.deleteFrom('messageAttachment').where('conversationId', '=', conversationId).execute();
  const rows = await trx
    .deleteFrom('attachment')
    .where('conversationId', '=', conversationId)
    .returning('hash')
    .execute();
  return [...new Set(rows.map(({ hash }) => hash))];
}

/** Whether the bytes are still somebody's: a file's of any conversation, a character's, or a recording. */
export async function isFileUsed(db: Db, hash: string): Promise<boolean> {
  for (const table of ['attachment', 'asset', 'voiceClip', 'apiFile', 'apiUploadPart'] as const) {
    const row = await db.selectFrom(table).select('hash').where('hash', '=', hash).limit(1).executeTakeFirst();
    if (row) return true;
  }
  return false;
}
