import { fileTypeFromBuffer } from 'file-type';
import { InvalidInputError, TooLargeError } from '../base/errors.ts';

/** Types a browser shows safely as an image; SVG from outside is not among them. */
const ALLOWED = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);
/** 12 MiB, as large as a card may be. */
const MAX_PICTURE_BYTES = 12 * 1024 * 1024;

/** The media type by the bytes themselves, never by what the sender says. */
export async function requirePicture(bytes: Uint8Array): Promise<string> {
  if (bytes.length > MAX_PICTURE_BYTES) {
    throw new TooLargeError('The picture is larger than 12 MiB.', { code: 'picture-too-large', field: 'picture' });
  }
  const type = await fileTypeFromBuffer(bytes);
  // An animated PNG is still a PNG.
  const mediaType = type?.mime === 'image/apng' ? 'image/png' : type?.mime;
  if (mediaType === undefined || !ALLOWED.has(mediaType)) {
    throw new InvalidInputError('The picture must be a PNG, JPEG, WebP or GIF file.', {
      code: 'picture-type',
      field: 'picture',
    });
  }
  return mediaType;
}
