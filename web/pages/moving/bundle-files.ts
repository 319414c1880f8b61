import type { ChosenFile } from './gather-files.ts';

/** Bytes of files that travel in one request, unless one file alone is larger. */
const BUNDLE_BYTES = 16 * 1024 * 1024;
/** Files in one request. */
const BUNDLE_FILES = 500;

export interface Bundle {
  blob: Blob;
  files: number;
  bytes: number;
}

/** Puts files together in the form of `bundleHeadSchema`; blobs read from disk only when they are sent. */
export function* bundleFiles(files: readonly ChosenFile[], limit: number = BUNDLE_BYTES): Generator<Bundle> {
  let parts: BlobPart[] = [];
  let bytes = 0;
  const take = (): Bundle => {
    const bundle = { blob: new Blob(parts), files: parts.length / 2, bytes };
    parts = [];
    bytes = 0;
    return bundle;
  };
  for (const { path, file } of files) {
    if (parts.length > 0 && (bytes + file.size > limit || parts.length / 2 >= BUNDLE_FILES)) yield take();
    parts.push(`${JSON.stringify({ path: path.slice(-1000), size: file.size })}\n`, file);
    bytes += file.size;
  }
  if (parts.length > 0) yield take();
}
