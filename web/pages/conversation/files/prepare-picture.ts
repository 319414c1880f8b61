import { PICTURE_SIDE } from '../../../../contract/attachments.ts';

/** Pictures that a browser can draw anew; an animation would lose its movement. */
const DRAWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif', 'image/avif', 'image/bmp']);
/** A picture without holes below this size stays as it is: drawing it anew would only blur it, bytes. */
const QUALITY = 0.88;

/**
 * A picture as it is sent: no larger than models look at, the right way up, without what the camera wrote beside it.
 * Other files, and pictures that this browser cannot draw, stay as they are; the server takes their metadata out.
 */
export async function preparePicture(file: File): Promise<File> {
  if (!DRAWN.has(file.type)) return file;
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (bitmap === null) return file;
  try {
    const scale = Math.min(1, PICTURE_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext('2d');
    if (context === null) return file;
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    // Drawings and screenshots have sharp edges and perhaps holes; photos are photos.
    const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg';
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY));
    if (blob === null) return file;
    return new File([blob], renamed(file.name, type), { type });
  } finally {
    bitmap.close();
  }
}

function renamed(name: string, type: string): string {
  const extension = type === 'image/png' ? '.png' : '.jpg';
  return name.toLowerCase().endsWith(extension) ? name : `${name.replace(/\.[^.]*$/, '')}${extension}`;
}
