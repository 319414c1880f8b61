import { MAX_CARD_FILE_BYTES } from '../../../../contract/cards.ts';

/** One file of what somebody brings along. */
export interface SourceFile {
  /** With `/` between its parts, relative to the source; for people and for telling kinds of files apart. */
  path: string;
  /** Bytes. */
  size: number;
  read(): AsyncIterable<Uint8Array>;
  /** Where it lies on this machine, when it lies there by itself. */
  place?: string;
}

/** Something in the source that is not read, and why. */
export interface SourceRefusal {
  path: string;
  refused: 'symlink' | 'special-file' | 'unreadable' | 'bad-path' | 'encrypted' | 'too-large' | 'not-a-zip';
}

/** Files somebody brings along. */
export interface MoveSource extends AsyncDisposable {
  files(signal: AbortSignal): AsyncIterable<SourceFile | SourceRefusal>;
}

export function isRefusal(file: SourceFile | SourceRefusal): file is SourceRefusal {
  return 'refused' in file;
}

/** What a source may hold; beyond it the move is refused rather than half done. */
export interface SourceLimits {
  files: number;
  /** Of all files together, unpacked. */
  bytes: number;
  /** Of one file. */
  fileBytes: number;
  /** How many times larger than its packed form an archive may become. */
  ratio: number;
  /** Folders below folders. */
  depth: number;
}

export const SOURCE_LIMITS: SourceLimits = {
  files: 200_000,
  bytes: 20 * 1024 ** 3,
  fileBytes: 4 * 1024 ** 3,
  ratio: 200,
  depth: 20,
};

/** 32 MiB: books, presets and settings are far smaller. */
const MAX_WHOLE_BYTES = 32 * 1024 * 1024;

/** Bytes of a file that is taken in at once; cards bring their pictures and sounds along. */
export function wholeLimit(kind: 'character' | 'other'): number {
  return kind === 'character' ? MAX_CARD_FILE_BYTES : MAX_WHOLE_BYTES;
}

/** The whole of a file that is known to be small; undefined when it turns out larger than `limit`. */
export async function readWhole(file: SourceFile, limit: number): Promise<Buffer | undefined> {
  if (file.size > limit) return undefined;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of file.read()) {
    size += piece.length;
    if (size > limit) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The first bytes of a file. */
export async function readBeginning(file: SourceFile, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of file.read()) {
    pieces.push(piece);
    size += piece.length;
    if (size >= length) break;
  }
  return Buffer.concat(pieces).subarray(0, length);
}
