import { ResourceError } from '../../../base/errors.ts';

/** Of Moonshine's vocabulary. */
export const START_TOKEN = 1;
export const END_TOKEN = 2;
/** Below it stand marks that are no words: unknown, start, end. */
const FIRST_TEXT_TOKEN = 3;
/** A word's beginning, "▁". */
const SPACE = Buffer.from('\u2581');

/**
 * Moonshine's tokenizer.bin: byte strings one after the other, each with its length in front; a length of 128 or more
 * takes two bytes, the low seven bits first. Single bytes stand for what has no token of its own, so that text exists
 * only once all bytes are joined.
 */
export class MoonshineTokens {
  readonly #pieces: readonly Buffer[];

  constructor(file: Uint8Array) {
    this.#pieces = readPieces(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  }

  get size(): number {
    return this.#pieces.length;
  }

  /** Words with single spaces and none around; marks are left out. */
  decode(tokens: readonly number[]): string {
    const bytes = tokens.filter((token) => token >= FIRST_TEXT_TOKEN).map((token) => this.#pieces[token] ?? SPACE);
    return Buffer.concat(bytes).toString('utf8').replaceAll('\u2581', ' ').replaceAll(/\s+/g, ' ').trim();
  }
}

function readPieces(file: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let position = 0;
  while (position < file.length) {
    const low = file[position++] ?? 0;
    const length = low < 0x80 ? low : (low & 0x7f) | ((file[position++] ?? 0) << 7);
    if (position + length > file.length) throw damaged();
    pieces.push(file.subarray(position, position + length));
    position += length;
  }
  if (pieces.length <= END_TOKEN || pieces[START_TOKEN]?.toString() !== '<s>') throw damaged();
  return pieces;
}

function damaged(): ResourceError {
  return new ResourceError('The word list of the Moonshine model is damaged. Remove the model and fetch it again.', {
    code: 'engine-start-failed',
  });
}
