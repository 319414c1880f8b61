import { fromBufferPromise, validateFileName, type Entry, type ZipFile } from 'yauzl';
import { UnreadableFileError } from './file-text.ts';

/** Files in a book; the largest picture books stay below. */
const MOST_ENTRIES = 10_000;
/** Unpacked bytes of everything that is read together. */
const MOST_UNPACKED = 200 * 1024 * 1024;
/** Unpacked to packed; text reaches 20. */
const MOST_RATIO = 200;
const RATIO_FROM_BYTES = 4 * 1024 * 1024;

export interface SafeZip {
  has(path: string): boolean;
  /** Throws where the file is not there. */
  read(path: string): Promise<Buffer>;
}

/** A zip whose files are unpacked one by one, within limits on their number, size and ratio. */
export async function openSafeZip(bytes: Uint8Array): Promise<SafeZip> {
  const files = new Map<string, { zip: ZipFile; entry: Entry }>();
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
    });
    if (zip.entryCount > MOST_ENTRIES) throw new UnreadableFileError('too-large-unpacked');
    for await (const entry of zip.eachEntry()) {
      if (files.size > MOST_ENTRIES) throw new UnreadableFileError('too-large-unpacked');
      if (!entry.fileName.endsWith('/') && validateFileName(entry.fileName) === null)
        files.set(entry.fileName, { zip, entry });
    }
  } catch (error) {
    throw error instanceof UnreadableFileError ? error : new UnreadableFileError('damaged', error);
  }
  let unpacked = 0;
  return {
    has: (path) => files.has(path),
    read: async (path) => {
      const found = files.get(path);
      if (!found) throw new UnreadableFileError('damaged');
      const { zip, entry } = found;
      if (entry.isEncrypted()) throw new UnreadableFileError('encrypted');
      const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
      if (entry.uncompressedSize > RATIO_FROM_BYTES && ratio > MOST_RATIO)
        throw new UnreadableFileError('too-large-unpacked');
      unpacked += entry.uncompressedSize;
      if (unpacked > MOST_UNPACKED) throw new UnreadableFileError('too-large-unpacked');
      return unpack(zip, entry);
    },
  };
}

/** yauzl ends the stream with an error as soon as it is longer or shorter than the list of files says. */
async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } catch (error) {
    throw new UnreadableFileError('damaged', error);
  }
}
