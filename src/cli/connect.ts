import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../client/api-error.ts';
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
/** Houses of other words that may end under this one's hands. */
const MAX_ATTEMPTS = 10;

export interface FoundHouse extends RunningServer {
  client: ApiClient;
}

export interface Connection extends AsyncDisposable {
  client: ApiClient;
  /** True when the house belongs to another word and may be gone at any moment. */
  passing: boolean;
}

export interface ConnectOptions {
  config: Config;
  /** A house opened for this word also looks for a first model by itself. */
  wake: boolean;
  /** Waits until another word that only borrows the house is over, whose end would cut this one short. */
  alone?: boolean;
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
export async function connect(
  context: CliContext,
  { config, wake, alone = false, signal }: ConnectOptions,
): Promise<Connection> {
  for (let waited = false; ; waited = true) {
    const running = await findRunningHouse(config.dataDirectory, signal);
    if (running && !(alone && running.passing)) {
      return { client: running.client, passing: running.passing, [Symbol.asyncDispose]: async () => undefined };
    }
    if (running) {
      if (!waited) context.terminal.note(context.texts.waitingForOther(running.pid));
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      continue;
    }
    try {
      return await openOwn(context, { config, wake });
    } catch (error) {
      if (!isAlreadyRunning(error)) throw error;
    }
  }
}

/** Does short work in a house; when it was another word's and is gone before it answered, in the next one. */
export async function withHouse<Result>(
  context: CliContext,
  options: ConnectOptions,
  work: (client: ApiClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    await using house = await connect(context, options);
    try {
      return await work(house.client);
    } catch (error) {
      // 503 is what a server says that has begun to close; nothing was done in either case.
      const gone = error instanceof ApiError && (error.code === 'unreachable' || error.status === 503);
      if (!house.passing || !gone || attempt >= MAX_ATTEMPTS) throw error;
      await sleep(LOOK_EVERY_MS, undefined, { signal: options.signal });
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
    passing: false,
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
