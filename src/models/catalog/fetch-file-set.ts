import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '../../base/errors.ts';
import { acquireDownloadLock } from './download-lock.ts';
import { fetchUnlessInstalled } from './fetch-unless-installed.ts';
import type { FetchProgress, FetchTools } from './fetch-weights.ts';
import { lastingFiles, type FileSet, type LocatedFiles, type SetFile } from './file-set.ts';
import type { StoredWeights } from './stored-weights.ts';
import {
  diskError,
  hashWeights,
  installWeights,
  isInstalled,
  removeWeights,
  type WeightsFolder,
} from './weights-folder.ts';

/**
 * Makes the one file of a model out of those it came as. `target` does not exist yet. The result must be the same bytes
 * every time: its sha256 is in the catalog.
 */
export type Converter = (request: { inputs: LocatedFiles; target: string; signal: AbortSignal }) => Promise<void>;
export type Converters = Readonly<Partial<Record<NonNullable<SetFile['converter']>, Converter>>>;

interface EntryRequest {
  entry: FileSet;
  tools: FetchTools;
  converters: Converters;
  signal: AbortSignal;
  /** Bytes of the whole entry. */
  onProgress: (progress: FetchProgress) => void;
}

export function storedFile(file: SetFile): StoredWeights {
  const { sha256, sizeBytes, extension } = file;
  if (file.form === 'folder') return { form: 'folder', sha256, sizeBytes, extension: 'd' };
  return { form: 'file', sha256, sizeBytes, extension };
}

/** Where the files of an entry lie once they are there. */
export function placesOf(files: readonly SetFile[], folder: WeightsFolder): LocatedFiles {
  return Object.fromEntries(files.map((file) => [file.name, folder.weights(storedFile(file))]));
}

/**
 * Fetches and converts what is not here yet of a set, file after file, each under its own lock. What came
 * stays when a later file fails: the next attempt goes on from there. Throws like `fetchWeights`.
 */
export async function fetchFileSet(request: EntryRequest): Promise<void> {
  let done = 0;
  for (const file of lastingFiles(request.entry)) {
    if (file.form === 'converted') done += await convertFile({ file, done, request });
    else {
      await fetchFile({ file, done, request });
      done += file.sizeBytes;
    }
  }
}

async function fetchFile({
  file,
  done,
  request,
}: {
  file: SetFile;
  done: number;
  request: EntryRequest;
}): Promise<void> {
  const { entry, tools, signal, onProgress } = request;
  await fetchUnlessInstalled({
    weights: { ...storedFile(file), label: entry.label, sources: file.sources },
    tools,
    signal,
    onProgress: (progress) => onProgress({ ...progress, receivedBytes: done + progress.receivedBytes }),
  });
}

/** Returns the bytes of its inputs, whether they had to be fetched or not. */
async function convertFile({
  file,
  done,
  request,
}: {
  file: SetFile;
  done: number;
  request: EntryRequest;
}): Promise<number> {
  const { entry, tools, signal } = request;
  const inputs = entry.files.filter(({ name }) => file.from?.includes(name));
  const bytes = inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { folder } = tools;
  const stored = storedFile(file);
  if (await isInstalled(folder, stored)) return bytes;
  let before = done;
  for (const input of inputs) {
    await fetchFile({ file: input, done: before, request });
    before += input.sizeBytes;
  }
  using _lock = await acquireDownloadLock({ path: folder.lock(stored.sha256), signal });
  if (!(await isInstalled(folder, stored))) await convert({ file, inputs, before, request });
  for (const input of inputs) await removeWeights({ folder, stored: storedFile(input) });
  return bytes;
}

async function convert({
  file,
  inputs,
  before,
  request,
}: {
  file: SetFile;
  inputs: readonly SetFile[];
  before: number;
  request: EntryRequest;
}): Promise<void> {
  const { entry, tools, converters, signal, onProgress } = request;
  const { folder } = tools;
  const stored = storedFile(file);
  const workshop = folder.packages(stored.sha256);
  const target = join(workshop, `converted.${stored.extension}`);
  const converter = file.converter && converters[file.converter];
  if (!converter) throw new UnavailableError(`${entry.label} cannot be converted here.`, { code: 'no-converter' });
  onProgress({ state: 'verifying', receivedBytes: before, source: '' });
  await rm(workshop, { recursive: true, force: true });
  try {
    await mkdir(workshop, { recursive: true });
    await converter({ inputs: placesOf(inputs, folder), target, signal });
    if ((await hashWeights(target, { form: 'file', signal })) !== stored.sha256) {
      throw new UnavailableError(`${entry.label} could not be converted: the result is not the expected file.`, {
        code: 'conversion-wrong-hash',
        retryable: false,
      });
    }
    await installWeights({ folder, from: target, stored });
  } catch (error) {
    signal.throwIfAborted();
    throw diskError(error, folder.path) ?? error;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
