import { InvalidInputError } from '../../../base/errors.ts';

/** Bytes that GPT-2's byte-level vocabulary writes as themselves (openai/gpt-2 `src/encoder.py`, `bytes_to_unicode`). */
const WRITTEN_AS_THEMSELVES = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
] as const;
/** The others are written as the code points from here on. */
const FIRST_STAND_IN = 0x100;

const bytesByCharacter = createAlphabet();

/** The bytes of one token of a byte-level vocabulary; throws `InvalidInputError` where it holds anything else. */
export function tokenBytes(token: string): Buffer {
  const bytes = Buffer.alloc(token.length);
  for (let index = 0; index < token.length; index += 1) {
    const byte = bytesByCharacter.get(token.charCodeAt(index));
    if (byte === undefined) {
      throw new InvalidInputError(`The vocabulary is not a byte-level one: it holds ${JSON.stringify(token)}.`, {
        code: 'weights-damaged',
      });
    }
    bytes[index] = byte;
  }
  return bytes;
}

function createAlphabet(): Map<number, number> {
  const alphabet = new Map<number, number>();
  let standIn = FIRST_STAND_IN;
  for (let byte = 0; byte < 256; byte += 1) {
    const asItself = WRITTEN_AS_THEMSELVES.some(([first, last]) => byte >= first && byte <= last);
    alphabet.set(asItself ? byte : standIn, byte);
    if (!asItself) standIn += 1;
  }
  return alphabet;
}
