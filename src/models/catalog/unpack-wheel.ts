import { open, type Entry, type ZipFile } from 'yauzl';
import { createMemberWriter, wrongArchive, type MemberRequest, type MemberWriter } from './member-writer.ts';

/**
 * Takes one file or folder out of a wheel, which is a zip archive (PEP 427), as a stream. Nothing else of the archive is
 * written and nothing of it is run. Returns the bytes written; refuses a member larger than `mostBytes`.
 */
export async function unpackWheel({ archive, ...request }: MemberRequest & { archive: string }): Promise<number> {
  const zip = await openArchive(archive);
  try {
    const writer = createMemberWriter(request);
    for await (const entry of entries(zip)) {
      request.signal.throwIfAborted();
      if (!writer.wants(entry.fileName)) continue;
      await takeOut({ zip, entry, writer, mostBytes: request.mostBytes });
      if (writer.complete) break;
    }
    return writer.finish();
  } finally {
    zip.close();
  }
}

async function takeOut({
  zip,
  entry,
  writer,
  mostBytes,
}: {
  zip: ZipFile;
  entry: Entry;
  writer: MemberWriter;
  mostBytes: number;
}): Promise<void> {
  if (entry.uncompressedSize > mostBytes) throw wrongArchive(`${entry.fileName} is larger than the model`);
  const source = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  await writer.write(entry.fileName, source);
}

function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(wrongArchive(`the package is not a readable archive (${error.message})`));
      else resolve(zip);
    });
  });
}

async function* entries(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const settle = (act: () => void) => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        act();
      };
      zip.once('entry', (found: Entry) => settle(() => resolve(found)));
      zip.once('end', () => settle(() => resolve(null)));
      zip.once('error', (error: Error) =>
        settle(() => reject(wrongArchive(`the package is damaged (${error.message})`))),
      );
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}
