import { InvalidInputError } from '../../base/errors.ts';

const SIGNATURE = '\u0089PNG\r\n\u001A\n';

/**
 * The texts of a PNG's `tEXt` chunks by keyword in lower case (PNG specification §11.3.3.2), null when the bytes are
 * no PNG. Lengths are checked against the file.
 */
export function readPngTexts(bytes: Uint8Array): Map<string, string> | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString('latin1', 0, 8) !== SIGNATURE) return null;
  const texts = new Map<string, string>();
  for (let offset = 8; offset + 12 <= buffer.length;) {
    const length = buffer.readUInt32BE(offset);
    const end = offset + 8 + length;
    if (end + 4 > buffer.length) {
      throw new InvalidInputError('The picture is cut off: one of its chunks is longer than the file.', {
        code: 'lorebook-damaged',
        field: 'data',
      });
    }
    if (buffer.toString('latin1', offset + 4, offset + 8) === 'tEXt') {
      const zero = buffer.indexOf(0, offset + 8);
      if (zero > offset + 8 && zero < end) {
        texts.set(buffer.toString('latin1', offset + 8, zero).toLowerCase(), buffer.toString('latin1', zero + 1, end));
      }
    }
    offset = end + 4;
  }
  return texts;
}
