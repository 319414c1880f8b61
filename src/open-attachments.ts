import { join } from 'node:path';
import { FileReader } from './conversation/files/file-reader.ts';
import { Attachments, type AttachmentsContext } from './features/attachments/attachments.ts';
import type { Logger } from './base/logger.ts';

/** Files of conversations, and a sweep of those that were never sent. */
export async function openAttachments({
  dataDirectory,
  logger,
  ...context
}: Omit<AttachmentsContext, 'reader'> & { dataDirectory: string; logger: Logger }): Promise<{
  attachments: Attachments;
}> {
  const reader = new FileReader({ folder: join(dataDirectory, 'uploads') });
  const attachments = new Attachments({ ...context, reader });
  const swept = await attachments.sweep();
  if (swept > 0) logger.info({ swept }, 'files that were never sent were removed');
  return { attachments };
}
