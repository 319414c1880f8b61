import { InvalidInputError } from '../base/errors.ts';
import type { Storage } from '../storage/storage.ts';
import { isAssetUsed } from './asset-store.ts';
import { requirePicture } from './picture.ts';

export interface KeptPicture {
  /** sha256 of the bytes, hex. */
  hash: string;
  mediaType: string;
  size: number;
}

/** Stores a picture before the work that refers to it; where that fails, nothing of it stays. */
export async function keepPicture<T>(
  { db, blobs }: Pick<Storage, 'db' | 'blobs'>,
  bytes: Uint8Array | null,
  work: (picture: KeptPicture | null) => Promise<T>,
): Promise<T> {
  if (bytes === null) return work(null);
  const mediaType = await requirePicture(bytes);
  const hash = await blobs.write(bytes);
  try {
    return await work({ hash, mediaType, size: bytes.length });
  } catch (error) {
    if (!(await isAssetUsed(db, hash))) await blobs.remove(hash);
    throw error;
  }
}

/** The bytes of a `data:` address, as the contract's `pictureDataSchema` lets it through. */
export function decodePicture(dataUrl: string): Buffer {
  const comma = dataUrl.indexOf(',');
  if (comma < 0) throw new InvalidInputError('The picture is not readable.', { field: 'picture' });
  return Buffer.from(dataUrl.slice(comma + 1), 'base64');
}
