import { join } from 'node:path';
import { FileReader } from './conversation/files/file-reader.ts';
import { Attachments, type AttachmentsContext } from './features/attachments/attachments.ts';
import { requireHeardMessage } from './features/chat/require-message.ts';
import { Translations } from './features/translation/translations.ts';
import { PassageFinder } from './memory/files/passage-finder.ts';
import type { PassageMeaning } from './memory/files/passage-meaning.ts';
import { readAttachment } from './conversation/attachment-store.ts';
import type { Storage } from './storage/storage.ts';
import type { FilesOfTurns } from './turn/prepare-turn.ts';
import type { Logger } from './base/logger.ts';

/** Files of conversations, and a sweep of those that were never sent. */
export async function openAttachments({
  dataDirectory,
  logger,
  ...context
}: Omit<AttachmentsContext, 'reader'> & { dataDirectory: string; logger: Logger }): Promise<{
  attachments: Attachments;
  translations: Translations;
}> {
  const reader = new FileReader({ folder: join(dataDirectory, 'uploads') });
  const attachments = new Attachments({ ...context, reader });
  const swept = await attachments.sweep();
  if (swept > 0) logger.info({ swept }, 'files that were never sent were removed');
  const { storage, door } = context;
  const translations = new Translations({
    ...context,
    door: {
      requireSeat: (actor, id) => door.requireSeat(actor, id),
      requireHeard: (actor, messageId) => requireHeardMessage(storage.db, { actor, messageId }),
    },
  });
  return { attachments, translations };
}

/** What turns need to give files to models. */
export function filesOfTurns({ db, blobs }: Storage, meaning: PassageMeaning): FilesOfTurns {
  return {
    finder: new PassageFinder({ db, meaning }),
    pictures: {
      read: async (id) => {
        const record = await readAttachment(db, id);
        return record ? { mediaType: record.mediaType, bytes: await blobs.read(record.hash) } : null;
      },
    },
  };
}
