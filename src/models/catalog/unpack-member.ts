import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';
import { UnavailableError } from '../../base/errors.ts';

/**
 * Appends one member of a zip archive (a wheel is one, PEP 427) to a file, as a stream. Nothing else of the archive is
 * written and nothing of it is run. Returns the bytes written; refuses a member larger than `mostBytes`.
 */
export async function unpackMember({
  archive,
  member,
  target,
  mostBytes,
  signal,
}: {
  archive: string;
  member: string;
  target: string;
  mostBytes: number;
  signal: AbortSignal;
}): Promise<number> {
  const zip = await openArchive(archive);
  try {
    const entry = await findEntry(zip, member);
    if (!entry) throw wrongArchive(`the package has no ${member}`);
    if (entry.uncompressedSize > mostBytes) throw wrongArchive(`${member} is larger than the model`);
    const source = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
    await pipeline(source, createWriteStream(target, { flags: 'a' }), { signal });
    return entry.uncompressedSize;
  } finally {
    zip.close();
  }
}

function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(wrongArchive(`the package is not a readable archive (${error.message})`));
      else resolve(zip);
    });
  });
}

function findEntry(zip: ZipFile, member: string): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (entry.fileName === member) resolve(entry);
      else zip.readEntry();
    });
    zip.once('end', () => resolve(null));
    zip.once('error', (error: Error) => reject(wrongArchive(`the package is damaged (${error.message})`)));
    zip.readEntry();
  });
}

function wrongArchive(what: string): UnavailableError {
  return new UnavailableError(`Python packages: ${what}`, { code: 'source-wrong-file' });
}
