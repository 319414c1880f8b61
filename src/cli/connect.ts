import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type ApiClient } from '../../client/create-client.ts';
import { readTerminalToken } from '../accounts/terminal-token.ts';
import { AppError, UnavailableError } from '../base/errors.ts';
import { DEFAULT_HOST, roleSchema, type Config } from '../config/config.ts';
import { isHouseLocked, readRunningServer, type RunningServer } from '../storage/house-lock.ts';
import type { CliContext } from './cli-context.ts';
import { openHouseLog } from './house-log.ts';

/** A server that holds the folder may still be opening it: migrations of a big house take a while. */
const PATIENCE_IN_MS = 60_000;
const LOOK_EVERY_MS = 150;
/** One question to a server on this machine. */
const ANSWER_IN_MS = 5000;

export interface FoundHouse extends RunningServer {
  client: ApiClient;
}

export interface Connection extends AsyncDisposable {
  client: ApiClient;
  address: string;
}

export interface ConnectOptions {
  config: Config;
  /** A house opened for this word also looks for a first model by itself. */
  wake: boolean;
  signal: AbortSignal;
}

/**
 * The server that runs on a data folder, once it answers to the terminal's token; undefined when none runs. Throws
 * `UnavailableError` when one holds the folder but does not answer.
 */
export async function findRunningHouse(dataDirectory: string, signal: AbortSignal): Promise<FoundHouse | undefined> {
  if (!existsSync(dataDirectory)) return undefined;
  const patience = AbortSignal.timeout(PATIENCE_IN_MS);
  for (;;) {
    signal.throwIfAborted();
    if (!(await isHouseLocked(dataDirectory))) return undefined;
    const running = await readRunningServer(dataDirectory);
    const token = await readTerminalToken(dataDirectory);
    if (running && token !== undefined) {
      const client = createClient({ baseUrl: running.address, token });
      if (await answers(client, signal)) return { ...running, client };
    }
    if (patience.aborted) {
      throw new UnavailableError(
        `Another Everwith holds the data folder ${dataDirectory}${running ? ` (process ${running.pid})` : ''} but does not answer. End it, then try again.`,
        { code: 'running-but-silent' },
      );
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The running server of the data folder, or one of this process for as long as the word takes. */
export async function connect(context: CliContext, { config, wake, signal }: ConnectOptions): Promise<Connection> {
  for (;;) {
    const running = await findRunningHouse(config.dataDirectory, signal);
    if (running) return { client: running.client, address: running.address, [Symbol.asyncDispose]: async () => {} };
    try {
      return await openOwn(context, { config, wake });
    } catch (error) {
      if (!isAlreadyRunning(error)) throw error;
    }
  }
}

export function isAlreadyRunning(error: unknown): boolean {
  return error instanceof AppError && error.code === 'already-running';
}

async function openOwn(context: CliContext, { config, wake }: { config: Config; wake: boolean }): Promise<Connection> {
  const { dataDirectory, logLevel } = config;
  const house = await context.serve({
    config: {
      ...config,
      host: DEFAULT_HOST,
      port: 0,
      portAsked: true,
      openBrowser: false,
      roles: roleSchema.options,
    },
    logger: openHouseLog({ dataDirectory, level: logLevel, now: context.clock.now }),
    clock: context.clock,
    environment: context.environment,
    wake,
    passing: true,
  });
  const token = await readTerminalToken(dataDirectory);
  return {
    client: createClient({ baseUrl: house.address, ...(token === undefined ? {} : { token }) }),
    address: house.address,
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

async function answers(client: ApiClient, signal: AbortSignal): Promise<boolean> {
  try {
    await client.call('about', { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_IN_MS)]) });
    return true;
  } catch {
    return false;
  }
}
