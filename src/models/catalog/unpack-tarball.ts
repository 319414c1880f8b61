import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { errorMessage, isAbort, UnavailableError } from '../../base/errors.ts';
import { createMemberWriter, wrongArchive, type MemberRequest } from './member-writer.ts';

/**
 * Takes one file or folder out of an npm package, a gzipped tar archive whose first folder does not count. Only plain
 * files are written, no links; nothing of it is run. Returns the bytes written.
 */
export async function unpackTarball({ archive, ...request }: MemberRequest & { archive: string }): Promise<number> {
  const writer = createMemberWriter(request);
  const reader = extract();
  const feeding = pipeline(createReadStream(archive), createGunzip(), reader, { signal: request.signal });
  // Read from below; an error here ends the loop with it.
  feeding.catch(() => undefined);
  try {
    for await (const entry of reader) {
      const path = entry.header.name.replace(/^[^/]*\//, '');
      if (entry.header.type === 'file' && writer.wants(path)) await writer.write(path, Readable.from(entry));
      else entry.resume();
      if (writer.complete) break;
    }
  } catch (error) {
    if (isAbort(error) || error instanceof UnavailableError || (error as NodeJS.ErrnoException).syscall) throw error;
    throw wrongArchive(`the package is not a readable archive (${errorMessage(error)})`);
  } finally {
    reader.destroy();
  }
  return writer.finish();
}
