/** Pixels of the longer side: sharp on a phone and on a page, small enough to be sent at once. */
const LONGEST_SIDE = 1536;
/** The contract's limit for a picture as a data address, with room for its beginning. */
const ADDRESS_LIMIT = 2_800_000;
const QUALITIES = [0.92, 0.85, 0.75, 0.6] as const;

export interface PixelArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A part of a picture, or the whole, as a data address: JPEG, or PNG where it is small or has holes. */
export function drawPicture(bitmap: ImageBitmap, area: PixelArea | null): string {
  const from = area ?? { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
  const scale = Math.min(1, LONGEST_SIDE / Math.max(from.width, from.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(from.width * scale));
  canvas.height = Math.max(1, Math.round(from.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser cannot draw pictures.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, canvas.width, canvas.height);
  const png = canvas.toDataURL('image/png');
  if (png.length <= ADDRESS_LIMIT && (hasHoles(context, canvas) || png.length < ADDRESS_LIMIT / 8)) return png;
  for (const quality of QUALITIES) {
    const jpeg = canvas.toDataURL('image/jpeg', quality);
    if (jpeg.length <= ADDRESS_LIMIT) return jpeg;
  }
  throw new Error('The picture stays too large.');
}

/** True where some pixel lets the ground through, which a JPEG cannot keep. */
function hasHoles(context: CanvasRenderingContext2D, { width, height }: HTMLCanvasElement): boolean {
  const { data } = context.getImageData(0, 0, width, height);
  for (let index = 3; index < data.length; index += 4) if ((data[index] ?? 255) < 255) return true;
  return false;
}
