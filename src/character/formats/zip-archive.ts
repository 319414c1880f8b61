import { crc32 } from 'node:zlib';
import { validateFileName, getFileNameLowLevel, fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { cardProblem, cardTooLarge, MAX_FILES, type CardWarnings } from './card-file.ts';

/** One file unpacked; a video of a card stays below. */
const MAX_ENTRY_BYTES = 128 * 1024 * 1024;
/** All files unpacked. */
const MAX_TOTAL_BYTES = 768 * 1024 * 1024;
/** Unpacked to packed. Deflate cannot do more than 1032; text of a card reaches 20. */
const MAX_RATIO = 200;
/** Below this a ratio says nothing. */
const RATIO_FROM_BYTES = 8 * 1024 * 1024;
/** Places where an archive may begin that are looked at. */
const MAX_STARTS = 64;
const LOCAL_HEADER = Buffer.from('PK\u0003\u0004', 'latin1');
const END_RECORD = Buffer.from('PK\u0005\u0006', 'latin1');

export interface ZipArchive {
  /** Path → reader, without directories and without what was left out. */
  files: Map<string, () => Promise<Uint8Array>>;
  /** What stands before the archive, a JPEG for example. */
  prefix: Buffer;
  encrypted: ReadonlySet<string>;
}

/** True when the file begins as an archive, whole or not, or holds one somewhere. */
export function holdsZip(bytes: Buffer): boolean {
  const first = bytes.indexOf(LOCAL_HEADER);
  return first === 0 || (first > 0 && bytes.lastIndexOf(END_RECORD) > first);
}

/** Opens a zip in memory, whatever stands before it. Files are unpacked one by one, when they are read. */
export async function openZip(
  bytes: Buffer,
  { fileName, warnings }: { fileName: string; warnings: CardWarnings },
): Promise<ZipArchive> {
  let problem: unknown;
  for (const start of possibleStarts(bytes)) {
    try {
      const entries = await readEntries(bytes.subarray(start), fileName);
      return { ...collect(entries, warnings), prefix: bytes.subarray(0, start) };
    } catch (error) {
      if (isLimit(error)) throw error;
      problem ??= error;
    }
  }
  throw cardProblem(
    'card-archive',
    `“${fileName}” is a damaged archive: it is cut off or its list of files is broken.`,
    problem,
  );
}

function isLimit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'card-too-large';
}

/**
 * Offsets in a zip count from its own beginning in some files and from the beginning of what stands before it in
 * others. The end record says how long the list of files is, and with it where it should be.
 */
function possibleStarts(bytes: Buffer): Set<number> {
  const starts = new Set<number>();
  const end = bytes.lastIndexOf(END_RECORD);
  if (end >= 0 && end + 22 <= bytes.length) {
    const shift = end - bytes.readUInt32LE(end + 12) - bytes.readUInt32LE(end + 16);
    if (shift > 0) starts.add(shift);
  }
  const first = bytes.indexOf(LOCAL_HEADER);
  if (first === 0 || starts.size === 0) starts.add(0);
  for (let at = first; at >= 0 && starts.size < MAX_STARTS; at = bytes.indexOf(LOCAL_HEADER, at + 1)) starts.add(at);
  starts.add(0);
  return starts;
}

interface Listed {
  zip: ZipFile;
  entry: Entry;
  path: string;
}

async function readEntries(bytes: Buffer, fileName: string): Promise<Listed[]> {
  const zip = await fromBufferPromise(bytes, { decodeStrings: false, lazyEntries: true });
  if (zip.entryCount > MAX_FILES) throw cardTooLarge(`“${fileName}” holds more than ${MAX_FILES} files.`);
  const listed: Listed[] = [];
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    listed.push({ zip, entry, path });
    total += entry.uncompressedSize;
    const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
    if (entry.uncompressedSize > RATIO_FROM_BYTES && ratio > MAX_RATIO) {
      throw cardTooLarge(`“${fileName}” holds a file that unpacks to ${Math.round(ratio)} times its size.`);
    }
    if (total > MAX_TOTAL_BYTES) throw cardTooLarge(`“${fileName}” unpacks to more than 768 MiB.`);
    if (listed.length > MAX_FILES) throw cardTooLarge(`“${fileName}” holds more than ${MAX_FILES} files.`);
  }
  return listed;
}

function collect(listed: readonly Listed[], warnings: CardWarnings): Omit<ZipArchive, 'prefix'> {
  const files: ZipArchive['files'] = new Map();
  const encrypted = new Set<string>();
  for (const { zip, entry, path } of listed) {
    if (path.endsWith('/')) continue;
    if (entry.isEncrypted()) encrypted.add(path);
    if (!isSafePath(path) || !entry.canDecodeFileData() || entry.uncompressedSize > MAX_ENTRY_BYTES) {
      warnings.add('file-skipped', path);
    } else if (files.has(path)) {
      warnings.add('file-doubled', path);
    } else {
      files.set(path, async () => {
        const bytes = await unpack(zip, entry);
        if (crc32(bytes) !== entry.crc32) warnings.add('checksum', path);
        return bytes;
      });
    }
  }
  return { files, encrypted };
}

/** Control characters in a path are nobody's wish either. */
function isSafePath(path: string): boolean {
  return path !== '' && path.length <= 1000 && !/\p{Cc}/u.test(path) && validateFileName(path) === null;
}

/** yauzl ends the stream with an error as soon as it is longer or shorter than the list of files says. */
async function unpack(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
