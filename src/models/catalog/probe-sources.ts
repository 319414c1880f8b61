import { errorMessage } from '../../base/errors.ts';
import type { ModelEntry, PackageSource, Source } from './catalog.ts';
import { HUB_TIMEOUTS, probeHub } from './fetch-hub.ts';
import { sourceLabel } from './fetch-weights.ts';
import { runClient, type ClientCommand, type Environment } from './run-client.ts';

/** A hub answers within this or is left out, milliseconds. */
const HUB_LIMIT_IN_MS = 4_000;
/** The package client starts Python and asks an index; slower than a hub's answer, milliseconds. */
const PIP_LIMIT_IN_MS = 12_000;

export interface SourceProbe {
  id: string;
  source: string;
  reachable: boolean;
  /** Why not; null when reachable. */
  reason: string | null;
}

export interface ProbeOptions {
  entries: readonly ModelEntry[];
  environment: Environment;
  findPip: (signal: AbortSignal) => Promise<ClientCommand>;
  findNpm: (signal: AbortSignal) => Promise<ClientCommand>;
  signal: AbortSignal;
  fetch?: typeof fetch;
  hubLimitInMs?: number;
  pipLimitInMs?: number;
}

/** Asks every source of every entry at the same time whether it has the file. Never downloads more than a byte. */
export async function probeSources(options: ProbeOptions): Promise<SourceProbe[]> {
  const questions = options.entries.flatMap((entry) =>
    entry.sources.map(async (source): Promise<SourceProbe> => {
      const common = { id: entry.id, source: sourceLabel(source) };
      try {
        await probeSource({ entry, source, options });
        return { ...common, reachable: true, reason: null };
      } catch (error) {
        options.signal.throwIfAborted();
        return { ...common, reachable: false, reason: errorMessage(error) };
      }
    }),
  );
  return Promise.all(questions);
}

export function reachableIds(probes: readonly SourceProbe[]): Set<string> {
  return new Set(probes.filter((probe) => probe.reachable).map((probe) => probe.id));
}

async function probeSource({
  entry,
  source,
  options,
}: {
  entry: ModelEntry;
  source: Source;
  options: ProbeOptions;
}): Promise<void> {
  if (source.kind !== 'hub') return probePackage({ source, options });
  const limit = options.hubLimitInMs ?? HUB_LIMIT_IN_MS;
  await probeHub({
    url: source.url,
    sizeBytes: entry.sizeBytes,
    sha256: entry.sha256,
    fetch: options.fetch ?? fetch,
    timeouts: { ...HUB_TIMEOUTS, answerInMs: limit },
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(limit)]),
  });
}

/**
 * `pip index versions` and `npm view` ask the index what it has without fetching it; packages are released together, so
 * one speaks for all.
 */
async function probePackage({ source, options }: { source: PackageSource; options: ProbeOptions }): Promise<void> {
  const limit = AbortSignal.timeout(options.pipLimitInMs ?? PIP_LIMIT_IN_MS);
  const signal = AbortSignal.any([options.signal, limit]);
  if (source.kind === 'npm-package') return probeNpm({ source, options, signal });
  const [part] = source.parts;
  if (!part) throw new Error('no packages are named');
  const command = await options.findPip(signal);
  const args = [
    'index',
    'versions',
    part.package,
    '--disable-pip-version-check',
    '--no-input',
    '--retries=0',
    '--timeout=8',
  ];
  const { code, stdout, stderr } = await runClient({ command, args, environment: options.environment, signal });
  // Clients older than 21.2 lack the command; they can download all the same, and only that will show.
  if (code !== 0 && /unknown command/i.test(stderr)) return;
  if (code !== 0) throw new Error(NO_ANSWER);
  const versions = /Available versions:(.*)/
    .exec(stdout)?.[1]
    ?.split(',')
    .map((version) => version.trim());
  if (!versions?.includes(part.version)) throw noVersion(part.version);
}

async function probeNpm({
  source,
  options,
  signal,
}: {
  source: Extract<PackageSource, { kind: 'npm-package' }>;
  options: ProbeOptions;
  signal: AbortSignal;
}): Promise<void> {
  const command = await options.findNpm(signal);
  const args = ['view', `${source.package}@${source.version}`, 'version', '--fetch-retries=0', '--loglevel=error'];
  const { code, stdout } = await runClient({ command, args, environment: options.environment, signal });
  if (code !== 0) throw new Error(NO_ANSWER);
  if (stdout.trim() !== source.version) throw noVersion(source.version);
}

const NO_ANSWER = 'the package index did not answer or does not have it';

function noVersion(version: string): Error {
  return new Error(`the package index does not have version ${version}`);
}
