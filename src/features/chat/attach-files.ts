import type { MessagePart } from '../../../contract/messages.ts';
import { NotFoundError } from '../../base/errors.ts';
import {
  attachmentUrl,
  carryAttachments,
  readAttachments,
  type AttachmentRecord,
} from '../../conversation/attachment-store.ts';
import type { Db, Trx } from '../../storage/storage.ts';

type CarriedPart = Extract<MessagePart, { attachmentId: string }>;

/** Files that a message names: only those that its author gave to this conversation. */
export async function readOwnFiles(
  db: Db,
  { conversationId, userId, ids }: { conversationId: string; userId: string; ids: readonly string[] },
): Promise<CarriedPart[]> {
  const wanted = [...new Set(ids)];
  const found = await readAttachments(db, { conversationId, ids: wanted });
  const own = found.filter(({ uploaderId }) => uploaderId === userId);
  if (own.length < wanted.length) {
    throw new NotFoundError('A file of this message is not here: add it again.', {
      code: 'attachment-missing',
      field: 'attachments',
    });
  }
  return own.map(toPart);
}

/** The files of a message, for another one that is to carry them too. */
export function filesOf(parts: readonly MessagePart[]): CarriedPart[] {
  return parts.filter((part) => part.type === 'file' || part.type === 'image');
}

/** Joins the transaction that keeps the message. */
export async function carryFiles(
  trx: Trx,
  { messageId, conversationId, parts }: { messageId: string; conversationId: string; parts: readonly MessagePart[] },
): Promise<void> {
  const ids = filesOf(parts).map(({ attachmentId }) => attachmentId);
  await carryAttachments(trx, { messageId, conversationId, ids });
}

function toPart({ id, name, mediaType, size, width, height, alt }: AttachmentRecord): CarriedPart {
  if (width === null || height === null) return { type: 'file', attachmentId: id, name, mediaType, size };
  return { type: 'image', attachmentId: id, url: attachmentUrl(id), name, mediaType, width, height, alt };
}
