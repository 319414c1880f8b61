import { InvalidInputError } from '../base/errors.ts';
import type { Storage, Trx } from '../storage/storage.ts';
import { isAssetUsed, putAsset } from './asset-store.ts';
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

/** Writes what a form holds together with its picture, in one transaction. A picture of null comes as null. */
export async function writeWithPicture(
  storage: Storage,
  { picture: dataUrl, now }: { picture: string | null; now: number },
  write: (trx: Trx, picture: KeptPicture | null) => Promise<void>,
): Promise<void> {
  await keepPicture(storage, dataUrl === null ? null : decodePicture(dataUrl), (picture) =>
    storage.transaction(async (trx) => {
      if (picture) await putAsset(trx, { ...picture, createdAt: now });
      await write(trx, picture);
    }),
  );
}

/** The bytes of a `data:` address, as the contract's `pictureDataSchema` lets it through. */
export function decodePicture(dataUrl: string): Buffer {
  const comma = dataUrl.indexOf(',');
  if (comma < 0) throw new InvalidInputError('The picture is not readable.', { field: 'picture' });
  return Buffer.from(dataUrl.slice(comma + 1), 'base64');
}
