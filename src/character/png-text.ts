import { InvalidInputError } from '../base/errors.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * The `tEXt` chunks of a PNG by keyword (PNG specification, third edition, §11.3.3.2). Later chunks of the same
 * keyword win, as in the programs that write cards. Lengths are checked against the file.
 */
export function readPngText(bytes: Uint8Array): Map<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts = new Map<string, string>();
  let offset = SIGNATURE.length;
  while (offset + 12 <= bytes.length) {
    const length = view.getUint32(offset);
    const start = offset + 8;
    if (length > bytes.length - start - 4) {
      throw new InvalidInputError('The picture is cut off: one of its chunks is longer than the file.', {
        code: 'card-damaged',
        field: 'data',
      });
    }
    const type = Buffer.from(bytes.buffer, bytes.byteOffset + offset + 4, 4).toString('latin1');
    if (type === 'tEXt') {
      const content = Buffer.from(bytes.buffer, bytes.byteOffset + start, length);
      const end = content.indexOf(0);
      if (end > 0) texts.set(content.toString('latin1', 0, end).toLowerCase(), content.toString('latin1', end + 1));
    }
    if (type === 'IEND') break;
    offset = start + length + 4;
  }
  return texts;
}
