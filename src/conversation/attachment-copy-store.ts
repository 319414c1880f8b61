import { sql } from 'kysely';
import type { MessagePart } from '../../contract/messages.ts';
import type { Trx } from '../storage/storage.ts';
import { attachmentUrl } from './attachment-store.ts';
import { inChunks } from './message-batch-store.ts';

/**
 * Gives the files that messages of a path carry to the conversation the path is copied into: rows of their own over the
 * same bytes, so that either conversation may go. Returns the copies' ids by the originals'.
 */
export async function copyAttachments(
  trx: Trx,
  { to, messages, newId }: { to: string; messages: ReadonlyMap<string, string>; newId: () => string },
): Promise<Map<string, string>> {
  const copies = new Map<string, string>();
  for (const ids of inChunks([...messages.keys()])) {
    const carried = await trx.selectFrom('messageAttachment').selectAll().where('messageId', 'in', ids).execute();
    for (const { attachmentId } of carried) {
      if (copies.has(attachmentId)) continue;
      const copy = newId();
      copies.set(attachmentId, copy);
      await copyAttachment(trx, { id: attachmentId, copy, to });
    }
    const rows = carried.flatMap(({ messageId, attachmentId }) => {
      const message = messages.get(messageId);
      const attachment = copies.get(attachmentId);
      return message && attachment ? [{ messageId: message, attachmentId: attachment, conversationId: to }] : [];
    });
    if (rows.length > 0) await trx.insertInto('messageAttachment').values(rows).execute();
  }
  return copies;
}

async function copyAttachment(trx: Trx, { id, copy, to }: { id: string; copy: string; to: string }): Promise<void> {
  const record = await trx.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  await trx
    .insertInto('attachment')
    .values({ ...record, id: copy, conversationId: to })
    .execute();
  // A passage's id is its file's and its position: a long book is copied inside the database.
  await sql`
    insert into "attachmentPassage" ("id", "attachmentId", "position", "placeKind", "place", "text")
    select cast(${copy} as text) || substr("id", ${id.length + 1}), cast(${copy} as text), "position", "placeKind", "place", "text"
    from "attachmentPassage" where "attachmentId" = ${id}`.execute(trx);
}

/** Parts of a message in the words of the copy: files, pictures and citations name the copies of their files. */
export function copyParts(parts: readonly MessagePart[], files: ReadonlyMap<string, string>): MessagePart[] {
  const copyOf = (id: string): string => files.get(id) ?? id;
  return parts.map((part) => {
    if (part.type === 'file') return { ...part, attachmentId: copyOf(part.attachmentId) };
    if (part.type === 'image') {
      const attachmentId = copyOf(part.attachmentId);
      return { ...part, attachmentId, url: attachmentUrl(attachmentId) };
    }
    if (part.type !== 'citations') return part;
    const passages = part.passages.map((one) => ({ ...one, attachmentId: copyOf(one.attachmentId) }));
    return { ...part, passages };
  });
}
