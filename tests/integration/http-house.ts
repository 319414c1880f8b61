import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { Registry } from 'prom-client';
import { openAccounts, type Accounts } from '../../src/accounts/accounts.ts';
import type { Clock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { createLogger, silentLogger } from '../../src/base/logger.ts';
import { buildConfig, type Config } from '../../src/config/config.ts';
import { createHttpApp, type HttpAppOptions } from '../../src/http/create-http-app.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';

/** A clock that tests move. Starts at the real time, because sessions are dated by better-auth itself. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

export function createTestClock(): TestClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    monotonic: () => performance.now() + offset,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}

export interface TestHouse extends AsyncDisposable {
  app: HttpApp;
  accounts: Accounts;
  config: Config;
  clock: TestClock;
  test: TestStorage;
  registry: Registry;
  terminalToken: string;
  /** Lines the server logged, parsed. */
  logs: Record<string, unknown>[];
  /** Sends a request as the terminal. */
  asTerminal(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** A browser of the owner; returns its cookie. */
  openBrowser(): Promise<string>;
  /** Invites somebody and lets them sign up; returns their cookie. */
  invite(username: string): Promise<string>;
}

export type TestHouseOptions = Partial<Pick<HttpAppOptions, 'areas' | 'webDirectory' | 'limits' | 'checks'>> & {
  config?: Partial<Config>;
};

export const PASSWORD = 'correct horse battery';

/** Accounts and the HTTP app on an empty storage. */
export async function openTestHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  await using undo = new AsyncDisposableStack();
  const clock = createTestClock();
  const test = undo.use(await openTestStorage({ clock }));
  const { dataDirectory } = test;
  const defaults = buildConfig({
    flags: { data: dataDirectory },
    environment: {},
    platform: 'linux',
    callerDirectory: dataDirectory,
    readFile: () => undefined,
  });
  const config = { ...defaults, ...options.config };
  const newId = createIdGenerator(clock);
  const accounts = undo.use(
    await openAccounts({ storage: test.storage, clock, newId, logger: silentLogger(), dataDirectory }),
  );
  const logs: Record<string, unknown>[] = [];
  const registry = new Registry();
  const app = await createHttpApp({
    config,
    logger: createLogger({ level: 'debug', destination: { write: (line) => void logs.push(JSON.parse(line)) } }),
    clock,
    version: '0.0.0-test',
    accounts,
    checks: options.checks ?? { storage: () => test.storage.check(), model: () => false },
    areas: options.areas ?? [],
    webDirectory: options.webDirectory ?? join(dataDirectory, 'no-web'),
    registry,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  undo.defer(() => app.close());
  const terminalToken = (await readFile(join(dataDirectory, 'terminal-token'), 'utf8')).trim();
  const asTerminal = (request: InjectOptions) =>
    app.inject({ ...request, headers: { ...request.headers, authorization: `Bearer ${terminalToken}` } });
  const dispose = undo.move();
  return {
    app,
    accounts,
    config,
    clock,
    test,
    registry,
    terminalToken,
    logs,
    asTerminal,
    async openBrowser() {
      const link = (await asTerminal({ method: 'POST', url: '/api/house/open-link' })).json<{ url: string }>();
      return cookieOf(
        await app.inject({ method: 'POST', url: '/api/sign-in/link', payload: { token: tokenOf(link.url) } }),
      );
    },
    async invite(username) {
      const invited = await asTerminal({ method: 'POST', url: '/api/house/invitations', payload: {} });
      const payload = {
        name: username,
        username,
        password: PASSWORD,
        invitation: tokenOf(invited.json<{ url: string }>().url),
      };
      return cookieOf(await app.inject({ method: 'POST', url: '/api/sign-up', payload }));
    },
    [Symbol.asyncDispose]: () => dispose.disposeAsync(),
  };
}

/** The token after the `#` of a one-time link. */
export function tokenOf(url: string): string {
  return new URL(url).hash.slice(1);
}

/** The session cookie that an answer sets, as a `Cookie` header. */
export function cookieOf(response: LightMyRequestResponse): string {
  const cookie = response.cookies.find(({ name }) => name.startsWith('everwith-'));
  if (!cookie) throw new Error(`No session cookie in the answer ${response.statusCode}: ${response.body}`);
  return `${cookie.name}=${encodeURIComponent(cookie.value)}`;
}
