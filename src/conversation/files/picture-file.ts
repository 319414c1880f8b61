/** Pixels of a picture. */
export interface PictureSize {
  width: number;
  height: number;
}

/** Metadata chunks of PNG (W3C PNG, §11.3): text, EXIF, time. */
const PNG_METADATA = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME']);
/** The same of WebP (RFC 9649). */
const WEBP_METADATA = new Set(['EXIF', 'XMP ']);
/** JPEG markers (ITU T.81): frames that tell the size. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/**
 * A picture without what cameras write beside it: place, time, device, thumbnails. Its pixels stay as they are. Null
 * where the bytes are damaged.
 */
export function withoutMetadata(bytes: Buffer, mediaType: string): { bytes: Buffer; size: PictureSize } | null {
  try {
    if (mediaType === 'image/jpeg') return readJpeg(bytes);
    if (mediaType === 'image/png') return readPng(bytes);
    if (mediaType === 'image/webp') return readWebp(bytes);
    if (mediaType === 'image/gif') return readGif(bytes);
  } catch {
    // Offsets beyond the end: the file is cut off.
  }
  return null;
}

function readJpeg(bytes: Buffer): { bytes: Buffer; size: PictureSize } | null {
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let size: PictureSize | null = null;
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // The pixels begin: what follows is kept as it is.
    if (marker === 0xda) break;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return null;
    if (FRAMES.has(marker)) size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    // APP1 (EXIF, XMP), APP13 (IPTC) and comments go; colour profiles (APP2) and Adobe's marker (APP14) stay.
    const orientation = marker === 0xe1 ? orientationOf(bytes.subarray(at + 4, end)) : 1;
    if (orientation !== 1) kept.push(orientationSegment(orientation));
    if (marker !== 0xe1 && marker !== 0xed && marker !== 0xfe) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (!size || at >= bytes.length) return null;
  return { bytes: Buffer.concat([...kept, bytes.subarray(at)]), size };
}

/** Which way up (EXIF 2.3, tag 0x0112): without it a photo of a phone would lie on its side. */
function orientationOf(segment: Buffer): number {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return 1;
  const tiff = segment.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const read16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const read32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  if (tiff.length < 8) return 1;
  const directory = read32(4);
  if (directory + 2 > tiff.length) return 1;
  const count = read16(directory);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > tiff.length) return 1;
    if (read16(entry) !== 0x0112) continue;
    const value = read16(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** An APP1 segment that says which way is up and nothing else. */
function orientationSegment(orientation: number): Buffer {
  const body = Buffer.concat([
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    Buffer.from([0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
  ]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

function readPng(bytes: Buffer): { bytes: Buffer; size: PictureSize } | null {
  const kept: Buffer[] = [bytes.subarray(0, 8)];
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  let at = 8;
  while (at < bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length) return null;
    if (!PNG_METADATA.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') return { bytes: Buffer.concat(kept), size };
    at = end;
  }
  return null;
}

function readWebp(bytes: Buffer): { bytes: Buffer; size: PictureSize } | null {
  const chunks: { type: string; bytes: Buffer }[] = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > bytes.length) return null;
    chunks.push({ type: bytes.toString('latin1', at, at + 4), bytes: bytes.subarray(at, Math.min(end, bytes.length)) });
    at = end;
  }
  const size = webpSize(chunks);
  if (!size) return null;
  const kept = chunks
    .filter(({ type }) => !WEBP_METADATA.has(type))
    .map((chunk) => (chunk.type === 'VP8X' ? withoutFlags(chunk.bytes) : chunk.bytes));
  const body = Buffer.concat(kept);
  const head = Buffer.from(bytes.subarray(0, 12));
  head.writeUInt32LE(body.length + 4, 4);
  return { bytes: Buffer.concat([head, body]), size };
}

/** The header no longer announces EXIF (bit 3) and XMP (bit 2). */
function withoutFlags(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  copy.writeUInt8(copy.readUInt8(8) & ~0b1100, 8);
  return copy;
}

function webpSize(chunks: readonly { type: string; bytes: Buffer }[]): PictureSize | null {
  for (const { type, bytes } of chunks) {
    if (type === 'VP8X') return { width: bytes.readUIntLE(12, 3) + 1, height: bytes.readUIntLE(15, 3) + 1 };
    if (type === 'VP8 ') return { width: bytes.readUInt16LE(14) & 0x3fff, height: bytes.readUInt16LE(16) & 0x3fff };
    if (type === 'VP8L') {
      const bits = bytes.readUInt32LE(9);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
  }
  return null;
}

function readGif(bytes: Buffer): { bytes: Buffer; size: PictureSize } | null {
  const size = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  return { bytes, size };
}
