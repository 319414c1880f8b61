import { flushCompileCache } from 'node:module';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { assertMayListen } from './accounts/may-listen.ts';
import type { AppContext } from './app-context.ts';
import type { Clock } from './base/clock.ts';
import { InvalidInputError, ResourceError, errorMessage } from './base/errors.ts';
import type { Logger } from './base/logger.ts';
import { isLoopback, type Config } from './config/config.ts';
import { version } from './config/version.ts';
import { EarlyDoor } from './http/early-door.ts';
import { LeanDoor } from './http/openai/lean-door.ts';
import { openHall, type Hall } from './open-hall.ts';
import { lockHouse } from './storage/house-lock.ts';

/** Ports looked at when the default one is taken. */
const PORTS_TO_TRY = 20;
/** Milliseconds in which whoever waited for the port comes in, before loading keeps the thread busy. */
const FIRST_ANSWERS_IN_MS = 20;
/** Milliseconds that everybody else waits at most while programs come one after the other. */
const MOST_FIRST_ANSWERS_IN_MS = 300;
/** Milliseconds after everything is open; the first answers come first. */
const WARM_UP_AFTER_MS = 1000;

export interface House extends AsyncDisposable {
  app: AppContext;
  /** For example `http://127.0.0.1:4321`. */
  address: string;
}

export interface ServeOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  /** False leaves out what the house does by itself, such as fetching a first model. */
  wake?: boolean;
  /** True when a word of the terminal only borrows the house: other starts wait until it is gone. */
  passing?: boolean;
}

/**
 * Locks the data folder, opens the hall, listens, and opens the rooms behind it, which whoever comes meanwhile waits for.
 * Resolves when all of it is open. Disposing drains: replies are committed, streams end.
 */
export async function serve(options: ServeOptions): Promise<House> {
  const { config } = options;
  const stack = new AsyncDisposableStack();
  try {
    const lock = stack.use(await lockHouse(config.dataDirectory));
    if (config.postgres) {
      const { lockPostgres } = await import('./storage/postgres/postgres-lock.ts');
      stack.use(await lockPostgres(config.postgres));
    }
    const hall = stack.use(await openHall(options));
    await assertMayListen({ config, accounts: hall.accounts });
    const doorOptions = { ...options, ...hall, ...hall.gateway, onManyPrograms: spendMemoryForSpeed };
    const leanDoor = config.roles.includes('web') ? new LeanDoor(doorOptions) : null;
    const door = stack.use(new EarlyDoor({ config, clock: options.clock, version, first: leanDoor }));
    const address = await listen(door, config);
    await firstAnswers(leanDoor);
    const app = await openRooms({ options, hall, door, leanDoor, stack });
    await lock.announce(address, { passing: options.passing ?? false });
    if (options.wake ?? true) app.wake();
    const warmUp = setTimeout(() => void prepare(app), WARM_UP_AFTER_MS).unref();
    stack.defer(() => clearTimeout(warmUp));
    return { app, address, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/**
 * The launcher has V8 tidy the heap after it grew by a third, which suits a house of people that shares its computer with
 * a model. Where programs come in numbers that is a third of what a stream costs: from then on it may double (50 MB more).
 */
function spendMemoryForSpeed(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

/** Programs that waited for the house have their answers first: resolves when a moment brought nobody new. */
async function firstAnswers(leanDoor: LeanDoor | null): Promise<void> {
  const until = performance.now() + MOST_FIRST_ANSWERS_IN_MS;
  for (let before = -1; performance.now() < until;) {
    const { taken, underWay } = leanDoor?.traffic ?? { taken: 0, underWay: 0 };
    if (taken === before && underWay === 0) return;
    before = taken;
    await sleep(FIRST_ANSWERS_IN_MS);
  }
}

/** Loads the rooms only here, some at a time, so that the door can answer in between. */
async function openRooms({
  options,
  hall,
  door,
  leanDoor,
  stack,
}: {
  options: ServeOptions;
  hall: Hall;
  door: EarlyDoor;
  leanDoor: LeanDoor | null;
  stack: AsyncDisposableStack;
}): Promise<AppContext> {
  const { openApp } = await import('./app-context.ts');
  await nextTurn();
  const app = stack.use(await openApp({ options, hall }));
  await nextTurn();
  const { openDoors } = await import('./open-doors.ts');
  await nextTurn();
  const server = await openDoors({ app, door, leanDoor });
  stack.defer(() => server.close());
  return app;
}

/** What the first signed-in request and the next start would otherwise wait for. */
async function prepare({ accounts, logger }: AppContext): Promise<void> {
  try {
    await accounts.warmUp();
    flushCompileCache();
  } catch (error) {
    logger.warn({ err: error }, 'sessions could not be prepared');
  }
}

/** The asked port, or the next free one where it was only the default. */
async function listen(door: EarlyDoor, { host, port, portAsked }: Config): Promise<string> {
  const last = portAsked ? port : port + PORTS_TO_TRY;
  for (let candidate = port; ; candidate += 1) {
    try {
      const bound = await door.listen({ host, port: candidate });
      return `http://${shownHost(host)}:${bound}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && candidate < last) continue;
      if (code === 'EADDRINUSE') {
        throw new ResourceError(`Port ${port} is taken by another program. Choose another one with --port.`, {
          code: 'port-taken',
          field: 'port',
        });
      }
      if (code === 'EACCES') {
        throw new ResourceError(`Port ${port} needs rights you do not have. Choose one above 1023 with --port.`, {
          code: 'port-forbidden',
          field: 'port',
        });
      }
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
        throw new InvalidInputError(`This machine has no address “${host}”.`, { field: 'host', cause: error });
      }
      throw new ResourceError(`The server cannot listen: ${errorMessage(error)}`, { code: 'listen', cause: error });
    }
  }
}

function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isLoopback(host) || !host.includes(':') ? host : `[${host}]`;
}
