import { crc32 } from 'node:zlib';
import { InvalidInputError } from './errors.ts';

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length, type and checksum. */
const FRAME = 12;
/** Real pictures have thousands at most. */
const MAX_CHUNKS = 500_000;

export interface PngChunk {
  type: string;
  content: Buffer;
  /** The whole chunk, as it lies in the file. */
  whole: Buffer;
  /** Whether the checksum fits. */
  intact: boolean;
}

export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && PNG_SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * The chunks up to IEND (PNG specification, third edition, §5.3). Ends early where the file does; `cutOff` says so.
 */
export function readChunks(bytes: Uint8Array): { chunks: PngChunk[]; cutOff: boolean } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: PngChunk[] = [];
  let offset = PNG_SIGNATURE.length;
  while (offset + FRAME <= file.length) {
    const length = file.readUInt32BE(offset);
    const end = offset + FRAME + length;
    if (end > file.length) return { chunks, cutOff: true };
    const type = file.toString('latin1', offset + 4, offset + 8);
    const intact = crc32(file.subarray(offset + 4, end - 4)) === file.readUInt32BE(end - 4);
    chunks.push({ type, content: file.subarray(offset + 8, end - 4), whole: file.subarray(offset, end), intact });
    if (type === 'IEND') return { chunks, cutOff: false };
    if (chunks.length > MAX_CHUNKS) {
      throw new InvalidInputError('The picture has more parts than any picture needs.', {
        code: 'picture-damaged',
        field: 'data',
      });
    }
    offset = end;
  }
  return { chunks, cutOff: true };
}

export function writeChunk(type: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(content.length + FRAME);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, content.length + 8)), content.length + 8);
  return chunk;
}

/** A `tEXt` chunk; keyword and text are Latin-1. */
export function writeText(keyword: string, text: string): Buffer {
  return writeChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
}
