import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { assertMayListen } from './accounts/may-listen.ts';
import { openApp, WEB_DIRECTORY, type AppContext } from './app-context.ts';
import type { Clock } from './base/clock.ts';
import { InvalidInputError, ResourceError, errorMessage } from './base/errors.ts';
import type { Logger } from './base/logger.ts';
import { isLoopback, type Config } from './config/config.ts';
import { createHttpApp } from './http/create-http-app.ts';
import type { HttpApp } from './http/http-app.ts';
import { SecureDoor } from './http/tls/secure-door.ts';
import { listAreas } from './list-areas.ts';
import { lockHouse } from './storage/house-lock.ts';
import { version } from './config/version.ts';

/** Ports looked at when the default one is taken. */
const PORTS_TO_TRY = 20;
/** Milliseconds after listening; the first answer comes first. */
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

/** Locks the data folder, opens the house and listens. Disposing drains: replies are committed, streams end. */
export async function serve(options: ServeOptions): Promise<House> {
  const { config } = options;
  const stack = new AsyncDisposableStack();
  try {
    const lock = stack.use(await lockHouse(config.dataDirectory));
    if (config.postgres) {
      const { lockPostgres } = await import('./storage/postgres/postgres-lock.ts');
      stack.use(await lockPostgres(config.postgres));
    }
    const app = stack.use(await openApp(options));
    await assertMayListen({ config, accounts: app.accounts });
    const { server, door } = await createServer(app);
    stack.defer(() => server.close());
    const address = await listen(server, config);
    await door.start();
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

/** What the first signed-in request and the next start would otherwise wait for. */
async function prepare({ accounts, logger }: AppContext): Promise<void> {
  try {
    await accounts.warmUp();
    flushCompileCache();
  } catch (error) {
    logger.warn({ err: error }, 'sessions could not be prepared');
  }
}

async function createServer(app: AppContext): Promise<{ server: HttpApp; door: SecureDoor }> {
  const { config, accounts, engines } = app;
  const serving = config.roles.includes('web');
  const door = new SecureDoor({ config, accounts, clock: app.clock, logger: app.logger });
  const server = await createHttpApp({
    config,
    logger: app.logger,
    clock: app.clock,
    version,
    accounts,
    checks: {
      storage: () => app.storage.check(),
      model: async () => (await engines.overview()).active !== null,
    },
    areas: serving ? listAreas(app, door) : [],
    webDirectory: WEB_DIRECTORY,
    registry: new Registry(),
  });
  if (serving) door.attach(server);
  return { server, door };
}

/** The asked port, or the next free one where it was only the default. */
async function listen(server: HttpApp, { host, port, portAsked }: Config): Promise<string> {
  const last = portAsked ? port : port + PORTS_TO_TRY;
  for (let candidate = port; ; candidate += 1) {
    try {
      await server.listen({ host, port: candidate });
      const { port: bound } = server.server.address() as AddressInfo;
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
