import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../base/errors.ts';
import { unknownModelError } from './catalog.ts';
import type { FileSetDownloads } from './file-set-downloads.ts';
import { refuseFaultySets, setFileSchema } from './file-set.ts';

export const speechEngineSchema = z.enum([
  'sherpa-vits',
  'sherpa-matcha',
  'sherpa-kokoro',
  'kokoro-onnx',
  'moonshine-onnx',
  'sherpa-sense-voice',
  'sherpa-whisper',
  'whisper-onnx',
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
  files: z.array(setFileSchema).min(1),
});
export type SpeechEntry = z.infer<typeof speechEntrySchema>;

/** The voices and ears of this computer. */
export type SpeechDownloads = FileSetDownloads<SpeechEntry>;

export const speechCatalogSchema = z
  .strictObject({ version: z.literal(1), models: z.array(speechEntrySchema).min(1) })
  .superRefine(({ models }, context) =>
    refuseFaultySets(models, (index, message) =>
      context.addIssue({ code: 'custom', message, path: ['models', index] }),
    ),
  );

export interface SpeechCatalog {
  entries: readonly SpeechEntry[];
}

const SHIPPED_CATALOG = new URL('../../../assets/speech-models.json', import.meta.url);

/** Reads and validates a catalog of speech models; by default the one that ships with the house. */
export async function loadSpeechCatalog(path: string | URL = SHIPPED_CATALOG): Promise<SpeechCatalog> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidInputError(`The catalog of speech models ${String(path)} cannot be read.`, {
      code: 'catalog-unreadable',
      cause: error,
    });
  }
  return parseSpeechCatalog(value);
}

export function parseSpeechCatalog(value: unknown): SpeechCatalog {
  const parsed = speechCatalogSchema.safeParse(value);
  if (parsed.success) return { entries: parsed.data.models };
  throw new InvalidInputError(`The catalog of speech models is not right: ${z.prettifyError(parsed.error)}`, {
    code: 'catalog-invalid',
    cause: parsed.error,
  });
}

export function findSpeechEntry(catalog: SpeechCatalog, id: string): SpeechEntry {
  const found = catalog.entries.find((entry) => entry.id === id);
  if (!found) throw unknownModelError(id);
  return found;
}
