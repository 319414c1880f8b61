import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppContext } from '../../../src/app-context.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { silentLogger, type Logger } from '../../../src/base/logger.ts';
import { buildConfig, type Config } from '../../../src/config/config.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { serve, type House } from '../../../src/serve.ts';
import { Caller } from './caller.ts';
import { createTestDatabase } from './test-database.ts';

export const PASSWORD = 'correct horse battery';

export interface ChatHouse extends AsyncDisposable {
  readonly app: AppContext;
  readonly address: string;
  readonly dataDirectory: string;
  readonly config: Config;
  readonly terminalToken: string;
  /** The owner, through the terminal's token. */
  readonly owner: Caller;
  /** A member, who came by an invitation; `headers` go with the sign-up. */
  member(username: string, headers?: Readonly<Record<string, string>>): Promise<Caller>;
  /** Closes the house as Ctrl-C does. */
  close(): Promise<void>;
  /** Opens it again on the same data. */
  reopen(): Promise<void>;
}

export interface ChatHouseOptions {
  script: ScriptInput;
  clock?: Clock;
  logger?: Logger;
  /** Where the data lies; by default a temporary folder that is removed afterwards. */
  dataDirectory?: string;
  /** Over what the house is given. */
  environment?: Readonly<Record<string, string>>;
}

/** The real house in this process: on a temporary data folder, with a scripted model, listening on a free port. */
export async function openHouse({
  script,
  clock = systemClock,
  logger = silentLogger(),
  ...options
}: ChatHouseOptions): Promise<ChatHouse> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'everwith-house-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const { postgres } = undo.use(await createTestDatabase());
  const dataDirectory = options.dataDirectory ?? join(folder, 'data');
  await writeFile(join(folder, 'script.json'), JSON.stringify(script));
  const environment = {
    EVERWITH_CACHE: join(folder, 'cache'),
    EVERWITH_SCRIPTED_MODEL: join(folder, 'script.json'),
    EVERWITH_OFFLINE: '1',
    EVERWITH_PORT: '0',
    ...options.environment,
    ...(postgres ? { EVERWITH_POSTGRES: postgres.url, EVERWITH_POSTGRES_SCHEMA: postgres.schema } : {}),
  };
  const config = buildConfig({
    flags: { data: dataDirectory, open: false },
    environment,
    platform: process.platform,
    callerDirectory: folder,
    readFile: () => undefined,
  });
  const open = () => serve({ config, logger, clock, environment });
  let house: House | null = await open();
  undo.defer(() => house?.[Symbol.asyncDispose]());
  const running = () => {
    if (!house) throw new Error('The house is closed.');
    return house;
  };
  const token = (await readFile(join(dataDirectory, 'terminal-token'), 'utf8')).trim();
  const owner = new Caller(() => running().address, { authorization: `Bearer ${token}` });
  const dispose = undo.move();
  return {
    get app() {
      return running().app;
    },
    get address() {
      return running().address;
    },
    dataDirectory,
    config,
    terminalToken: token,
    owner,
    member: (username, headers) =>
      invite({ owner, address: () => running().address, username, ...(headers && { headers }) }),
    async close() {
      const closing = running();
      house = null;
      await closing[Symbol.asyncDispose]();
    },
    async reopen() {
      if (house) throw new Error('The house is open.');
      house = await open();
    },
    [Symbol.asyncDispose]: () => dispose.disposeAsync(),
  };
}

async function invite({
  owner,
  address,
  username,
  headers = {},
}: {
  owner: Caller;
  address: () => string;
  username: string;
  headers?: Readonly<Record<string, string>>;
}): Promise<Caller> {
  const { url } = await owner.call<{ url: string }>('POST', '/api/house/invitations', {});
  const response = await new Caller(address, {}).fetch('/api/sign-up', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: username, username, password: PASSWORD, invitation: new URL(url).hash.slice(1) }),
  });
  if (!response.ok) throw new Error(`Signing up was refused: ${await response.text()}`);
  const cookie = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  return new Caller(address, { cookie: cookie.join('; ') });
}
