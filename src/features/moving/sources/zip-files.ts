import { once } from 'node:events';
import { close, constants, open as openFile } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { fromFd, type Entry, type ZipFile } from 'yauzl';
import type { SourceFile, SourceLimits, SourceRefusal } from './move-source.ts';

/** An archive is open while its files are walked and read. */
export interface OpenZip extends AsyncDisposable {
  /** Names of the files at its root, of the first hundreds. */
  rootNames: ReadonlySet<string>;
  files(signal: AbortSignal): AsyncIterable<SourceFile | SourceRefusal>;
}

const openDescriptor = promisify(openFile);
const closeDescriptor = promisify(close);
/** Entries looked at to tell a card's archive from others. */
const ENTRIES_TO_PEEK = 500;

/** Opens a zip on disk without following a link; undefined when it is none. */
export async function openZip(place: string, limits: SourceLimits): Promise<OpenZip | undefined> {
  const descriptor = await openDescriptor(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  const listing = await listEntries(descriptor, ENTRIES_TO_PEEK).catch(() => undefined);
  if (!listing) {
    await closeDescriptor(descriptor);
    return undefined;
  }
  const rootNames = new Set(listing.map(nameOf).filter((name) => !name.includes('/')));
  return {
    rootNames,
    files: (signal) => walkEntries(descriptor, { limits, signal }),
    [Symbol.asyncDispose]: () => closeDescriptor(descriptor),
  };
}

function openFromDescriptor(descriptor: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are judged here, one by one: a bad one must not cost the whole archive.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false } as const;
    fromFd(descriptor, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

/** The next entry, or undefined at the end. */
async function nextEntry(zip: ZipFile, signal?: AbortSignal): Promise<Entry | undefined> {
  const waiting = new AbortController();
  const options = { signal: signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal };
  const entry = once(zip, 'entry', options).then(([found]) => found as Entry);
  const end = once(zip, 'end', options).then(() => undefined);
  zip.readEntry();
  try {
    return await Promise.race([entry, end]);
  } finally {
    waiting.abort();
    await Promise.allSettled([entry, end]);
  }
}

async function listEntries(descriptor: number, limit: number): Promise<Entry[]> {
  const zip = await openFromDescriptor(descriptor);
  const entries: Entry[] = [];
  for (let entry = await nextEntry(zip); entry && entries.length < limit; entry = await nextEntry(zip)) {
    entries.push(entry);
  }
  return entries;
}

async function* walkEntries(
  descriptor: number,
  { limits, signal }: { limits: SourceLimits; signal: AbortSignal },
): AsyncGenerator<SourceFile | SourceRefusal> {
  const zip = await openFromDescriptor(descriptor);
  for (let entry = await nextEntry(zip, signal); entry; entry = await nextEntry(zip, signal)) {
    const path = nameOf(entry);
    if (path.endsWith('/')) continue;
    const refused = refusalOf(entry, path, limits);
    if (refused) {
      yield { path: path.replace(/\p{Cc}/gu, ''), refused };
      continue;
    }
    const found = entry;
    yield { path, size: entry.uncompressedSize, read: () => readEntry(zip, found) };
  }
}

function refusalOf(entry: Entry, path: string, limits: SourceLimits): SourceRefusal['refused'] | null {
  const parts = path.split('/');
  if (path.startsWith('/') || parts.includes('..') || /[\p{Cc}\\]|^[a-z]:/iu.test(path)) return 'bad-path';
  if (parts.length > limits.depth) return 'bad-path';
  if (entry.isEncrypted()) return 'encrypted';
  // Unix file types in the upper half: links point out of the archive.
  if (((entry.externalFileAttributes >>> 16) & 0o170_000) === 0o120_000) return 'symlink';
  const isBomb = entry.uncompressedSize > 1024 * 1024 && entry.uncompressedSize > entry.compressedSize * limits.ratio;
  return isBomb || entry.uncompressedSize > limits.fileBytes ? 'too-large' : null;
}

function nameOf(entry: Entry): string {
  const raw: Buffer = entry.fileNameRaw;
  const isUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0;
  const text = raw.toString('utf8');
  return isUtf8 || !text.includes('\uFFFD') ? text : raw.toString('latin1');
}

/** The stream ends with an error when an entry is longer than it said. */
async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  yield* stream as AsyncIterable<Uint8Array>;
}
