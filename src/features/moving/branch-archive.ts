import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ArchivedBranch {
  fileName: string;
  /** Asked for when the archive comes to it. */
  write(): AsyncIterable<string>;
}

/** Branches as one zip, each written while the zip is read. */
export function archiveBranches(branches: readonly ArchivedBranch[]): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  for (const { fileName, write } of branches) {
    zip.addReadStreamLazy(fileName, (done) => done(null, Readable.from(write())));
  }
  zip.end();
  return output;
}
