import { open } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../../base/errors.ts';

/**
 * One file with all of a Whisper model: magic, u32 length of a JSON head, the head, then its sections: two ONNX models
 * (`encoder`, `decoder`) and the `vocabulary`, each text token as its u16 length and bytes, in the order of their ids.
 */
export const BUNDLE_MAGIC = Buffer.from('EVWHISP1');
const MOST_HEAD_BYTES = 1 << 20;

const count = z.int().positive();
const tokenId = z.int().nonnegative();
export const bundleHeadSchema = z.strictObject({
  dimensions: z.strictObject({
    vocabulary: count,
    audioContext: count,
    audioState: count,
    audioHeads: count,
    audioLayers: count,
    textContext: count,
    textState: count,
    textHeads: count,
    textLayers: count,
    melBands: count,
  }),
  tokens: z.strictObject({
    end: tokenId,
    start: tokenId,
    transcribe: tokenId,
    previous: tokenId,
    noSpeech: tokenId,
    noTimestamps: tokenId,
    /** By ISO 639 code, as the model knows them. */
    languages: z.record(z.string(), tokenId),
    /** Never written; the second list never as the first word. */
    suppressed: z.array(tokenId),
    suppressedFirst: z.array(tokenId),
  }),
  /** Bytes, in this order. */
  sections: z.strictObject({ encoder: count, decoder: count, vocabulary: count }),
});
export type BundleHead = z.infer<typeof bundleHeadSchema>;
export type WhisperTokens = BundleHead['tokens'];

export interface WhisperBundle extends Omit<BundleHead, 'sections'> {
  encoder: Uint8Array;
  decoder: Uint8Array;
  /** Bytes of the text tokens by id. */
  vocabulary: Uint8Array[];
}

/** Throws `InvalidInputError` (`weights-damaged`) for any other file. */
export async function readWhisperBundle(path: string): Promise<WhisperBundle> {
  const handle = await open(path, 'r');
  try {
    let position = 0;
    const take = async (bytes: number): Promise<Buffer> => {
      const buffer = Buffer.allocUnsafeSlow(bytes);
      const { bytesRead } = await handle.read(buffer, 0, bytes, position);
      if (bytesRead < bytes) throw notABundle(path);
      position += bytes;
      return buffer;
    };
    if (!(await take(BUNDLE_MAGIC.length)).equals(BUNDLE_MAGIC)) throw notABundle(path);
    const headBytes = (await take(4)).readUInt32LE();
    if (headBytes > MOST_HEAD_BYTES) throw notABundle(path);
    const { sections, ...head } = parseHead((await take(headBytes)).toString('utf8'), path);
    const { size } = await handle.stat();
    if (position + sections.encoder + sections.decoder + sections.vocabulary !== size) throw notABundle(path);
    const encoder = await take(sections.encoder);
    const decoder = await take(sections.decoder);
    return { ...head, encoder, decoder, vocabulary: splitTokens(await take(sections.vocabulary), path) };
  } finally {
    await handle.close();
  }
}

function parseHead(text: string, path: string): BundleHead {
  try {
    return bundleHeadSchema.parse(JSON.parse(text));
  } catch (error) {
    throw notABundle(path, error);
  }
}

export function joinTokens(tokens: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    tokens.flatMap((token) => {
      const length = Buffer.alloc(2);
      length.writeUInt16LE(token.length);
      return [length, token];
    }),
  );
}

function splitTokens(bytes: Buffer, path: string): Uint8Array[] {
  const tokens: Uint8Array[] = [];
  for (let position = 0; position < bytes.length;) {
    if (position + 2 > bytes.length) throw notABundle(path);
    const end = position + 2 + bytes.readUInt16LE(position);
    if (end > bytes.length) throw notABundle(path);
    tokens.push(bytes.subarray(position + 2, end));
    position = end;
  }
  return tokens;
}

function notABundle(path: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(
    `${path} is not a whole Whisper model. Remove it on the models page and fetch it again.`,
    {
      code: 'weights-damaged',
      cause,
    },
  );
}
