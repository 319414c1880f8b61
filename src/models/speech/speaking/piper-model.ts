import { appendFile, constants, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ResourceError } from '../../../base/errors.ts';

/** The part of a voice's `.onnx.json` that matters here (github.com/OHF-Voice/piper1-gpl, docs/TRAINING). */
const piperConfigSchema = z.object({
  audio: z.object({ sample_rate: z.int().positive() }),
  espeak: z.object({ voice: z.string().min(1) }),
  inference: z.object({ noise_scale: z.number(), length_scale: z.number(), noise_w: z.number() }).partial().default({}),
  num_speakers: z.int().positive().default(1),
  phoneme_id_map: z.record(z.string(), z.array(z.int().nonnegative()).min(1)),
});
export type PiperConfig = z.infer<typeof piperConfigSchema>;

/** Of protobuf: the key of a length-delimited field is `number << 3 | 2`. */
const lengthDelimited = 2;
/** `ModelProto.metadata_props` of onnx.proto: repeated StringStringEntryProto { key = 1, value = 2 }. */
const metadataField = 14;

export async function readPiperConfig(path: string): Promise<PiperConfig> {
  try {
    return piperConfigSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new ResourceError(
      `The description of the voice, ${path}, cannot be read. Remove the voice and fetch it again.`,
      { code: 'engine-start-failed', cause: error },
    );
  }
}

/**
 * A copy of a Piper voice as sherpa-onnx wants it: what it must know stands in the model's metadata, and the symbols in
 * a file of their own. Protobuf messages concatenate, so metadata may follow at the file's end.
 */
export async function preparePiperModel({
  model,
  config,
  folder,
}: {
  model: string;
  config: PiperConfig;
  folder: string;
}): Promise<{ model: string; tokens: string }> {
  const prepared = { model: join(folder, 'model.onnx'), tokens: join(folder, 'tokens.txt') };
  // Copying costs nothing where the file system shares blocks.
  await copyFile(model, prepared.model, constants.COPYFILE_FICLONE);
  await appendFile(prepared.model, piperMetadata(config));
  await writeFile(prepared.tokens, piperTokens(config));
  return prepared;
}

export function piperMetadata({ audio, espeak, num_speakers }: PiperConfig): Uint8Array {
  const metadata = {
    model_type: 'vits',
    comment: 'piper',
    language: espeak.voice,
    voice: espeak.voice,
    has_espeak: '1',
    n_speakers: String(num_speakers),
    sample_rate: String(audio.sample_rate),
  };
  return Buffer.concat(
    Object.entries(metadata).map(([key, value]) =>
      field(metadataField, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))])),
    ),
  );
}

/** A line `symbol id` for each. */
export function piperTokens({ phoneme_id_map }: PiperConfig): string {
  return Object.entries(phoneme_id_map)
    .map(([symbol, [id]]) => `${symbol} ${id}\n`)
    .join('');
}

function field(number: number, body: Uint8Array): Buffer {
  return Buffer.concat([varint((number << 3) | lengthDelimited), varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
