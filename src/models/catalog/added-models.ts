import { createReadStream, createWriteStream } from 'node:fs';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { errorMessage, InvalidInputError, ResourceError } from '../../base/errors.ts';
import { readGgufHeader } from '../llama/gguf-header.ts';
import type { Sampling } from '../spec/model-handle.ts';
import type { ModelEntry } from './catalog.ts';
import { acquireDownloadLock } from './download-lock.ts';
import { hashFile } from './hash-file.ts';
import { ggufWeights } from './stored-weights.ts';
import {
  diskError,
  fileSize,
  freeBytes,
  installWeights,
  makeWeightsFolder,
  type WeightsFolder,
} from './weights-folder.ts';

/** A file of unknown origin: mild values that keep a model from looping and leave its character alone. */
const OWN_FILE_SAMPLING: Sampling = {
  temperature: 0.8,
  topP: 0.95,
  topK: 40,
  minP: 0.06,
  repeatPenalty: 1.05,
  repeatLastTokens: 256,
  dry: { multiplier: 0.8, base: 1.75, allowedLength: 3 },
};
/** Taken when a file does not say what it was trained for, tokens. */
const UNKNOWN_CONTEXT = 4096;

const addedSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  family: z.string(),
  licence: z.string(),
  sizeBytes: z.int().positive(),
  contextLength: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const indexSchema = z.array(addedSchema);
type Added = z.infer<typeof addedSchema>;

/** The files an owner added, kept in `<cache>/weights/added.json`. */
export async function listAddedModels(folder: WeightsFolder): Promise<ModelEntry[]> {
  return (await readIndex(folder)).map(toEntry);
}

/**
 * Registers a GGUF file: reads its header, computes its hash, and puts it beside the other weights, as a hard link where
 * the file system can and as a copy elsewhere. The same contents added twice are one model.
 */
export async function addModelFile({
  folder,
  path,
  signal,
}: {
  folder: WeightsFolder;
  path: string;
  signal: AbortSignal;
}): Promise<ModelEntry> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) {
    throw new InvalidInputError(`There is no file ${path}.`, { code: 'no-such-file', field: 'path' });
  }
  const header = await describeFile(path);
  if (header.splitCount > 1) {
    throw new InvalidInputError(
      `This model is split into ${header.splitCount} files. Join them first with \`llama-gguf-split --merge\`.`,
      { code: 'split-model', field: 'path' },
    );
  }
  await makeWeightsFolder(folder);
  const sha256 = await hashFile(path, { signal });
  using _lock = await acquireDownloadLock({ path: folder.lock(sha256), signal });
  if ((await fileSize(folder.weights(ggufWeights({ sha256, sizeBytes: info.size })))) !== info.size) {
    await placeFile({ folder, path, sha256, sizeBytes: info.size, signal });
  }
  return await register({ folder, path, sha256, sizeBytes: info.size, header, signal });
}

/** Forgets an added model. Returns false when there is none of that id. */
export async function forgetAddedModel({
  folder,
  id,
  signal,
}: {
  folder: WeightsFolder;
  id: string;
  signal: AbortSignal;
}): Promise<boolean> {
  using _lock = await acquireDownloadLock({ path: indexLock(folder), signal });
  const index = await readIndex(folder);
  const rest = index.filter((added) => added.id !== id);
  if (rest.length === index.length) return false;
  await writeIndex(folder, rest);
  return true;
}

/** What a model file says of itself. */
interface FileDescription {
  architecture: string;
  licence: string | null;
  /** Tokens; null when the file does not say. */
  contextLength: number | null;
  splitCount: number;
}

async function describeFile(path: string): Promise<FileDescription> {
  const { metadata } = await readGgufHeader(path).catch((error: unknown) => {
    // Its remedy is for weights of the catalog, which can be fetched again.
    const [what] = errorMessage(error).split('. ');
    throw new InvalidInputError(`${what}. Choose a whole GGUF file.`, { code: 'not-a-model', field: 'path' });
  });
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === '') {
    throw new InvalidInputError('The file does not name its architecture. Choose a GGUF file of a language model.', {
      code: 'not-a-model',
      field: 'path',
    });
  }
  const licence = metadata.get('general.license');
  const number = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
  };
  return {
    architecture,
    licence: typeof licence === 'string' && licence !== '' ? licence : null,
    contextLength: number(`${architecture}.context_length`),
    splitCount: number('split.count') ?? 1,
  };
}

async function placeFile({
  folder,
  path,
  sha256,
  sizeBytes,
  signal,
}: {
  folder: WeightsFolder;
  path: string;
  sha256: string;
  sizeBytes: number;
  signal: AbortSignal;
}): Promise<void> {
  const landing = join(folder.path, `${sha256}.adding`);
  await rm(landing, { force: true });
  try {
    const linked = await link(path, landing).then(
      () => true,
      () => false,
    );
    if (!linked) {
      const free = await freeBytes(folder.path);
      if (free < sizeBytes) {
        throw new ResourceError(`There is not enough space in ${folder.path} to copy this model.`, {
          code: 'no-space',
          details: { neededBytes: sizeBytes, freeBytes: free },
        });
      }
      await pipeline(createReadStream(path), createWriteStream(landing), { signal });
      if ((await hashFile(landing, { signal })) !== sha256) {
        throw new InvalidInputError(`The file ${path} changed while it was copied. Try again.`, {
          code: 'file-changed',
          field: 'path',
        });
      }
    }
    await installWeights({ folder, from: landing, stored: ggufWeights({ sha256, sizeBytes }) });
  } catch (error) {
    await rm(landing, { force: true });
    throw diskError(error, folder.path) ?? error;
  }
}

async function register({
  folder,
  path,
  sha256,
  sizeBytes,
  header,
  signal,
}: {
  folder: WeightsFolder;
  path: string;
  sha256: string;
  sizeBytes: number;
  header: FileDescription;
  signal: AbortSignal;
}): Promise<ModelEntry> {
  using _lock = await acquireDownloadLock({ path: indexLock(folder), signal });
  const index = await readIndex(folder);
  const known = index.find((added) => added.sha256 === sha256);
  if (known) return toEntry(known);
  const name = basename(path).replace(/\.gguf$/i, '');
  const added: Added = {
    id: freeId(name, sha256, index),
    label: name,
    family: header.architecture,
    licence: header.licence ?? 'unknown',
    sizeBytes,
    contextLength: header.contextLength ?? UNKNOWN_CONTEXT,
    sha256,
  };
  await writeIndex(folder, [...index, added]);
  return toEntry(added);
}

/** `file:<name>` in the letters an id may have; two files of one name differ by the beginning of their hash. */
function freeId(name: string, sha256: string, index: readonly Added[]): string {
  const plain = name
    .replace(/[^\w.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  const short = sha256.slice(0, 8);
  const id = `file:${plain === '' ? short : plain}`;
  return index.some((added) => added.id === id) ? `${id}-${short}` : id;
}

function toEntry(added: Added): ModelEntry {
  return {
    ...added,
    role: 'chat',
    use: 'own-file',
    fallback: false,
    optIn: false,
    languages: [],
    // The whole file in memory and half of it again for the context and the rest of the machine.
    recommendedRamGiB: Math.ceil((added.sizeBytes * 1.5) / 1024 ** 3),
    sampling: OWN_FILE_SAMPLING,
    sources: [],
  };
}

function indexPath(folder: WeightsFolder): string {
  return join(folder.path, 'added.json');
}

function indexLock(folder: WeightsFolder): string {
  return join(folder.path, 'added.lock');
}

async function readIndex(folder: WeightsFolder): Promise<Added[]> {
  const text = await readFile(indexPath(folder), 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '[]';
    throw error;
  });
  try {
    return indexSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new InvalidInputError(
      `${indexPath(folder)} is damaged. Delete it and add your model files again; the files themselves are safe.`,
      { code: 'added-models-damaged', cause: error },
    );
  }
}

async function writeIndex(folder: WeightsFolder, index: readonly Added[]): Promise<void> {
  const next = `${indexPath(folder)}.new`;
  await writeFile(next, `${JSON.stringify(index, null, 2)}\n`);
  await rename(next, indexPath(folder));
}
