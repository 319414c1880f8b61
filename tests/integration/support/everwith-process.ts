import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createClient, type ApiClient } from '../../../client/create-client.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { houseProgram } from '../../support/house-program.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** One `everwith` process. */
export interface EverwithProcess {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Waits until the pattern occurs in what was written so far. Rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<Ended>;
}

/** A folder in which `everwith` processes work, on SQLite or a schema of PostgreSQL of their own. */
export interface EverwithHome extends AsyncDisposable {
  /** Where the caller stands. */
  readonly folder: string;
  readonly data: string;
  readonly environment: Record<string, string>;
  start(words: readonly string[], options?: StartOptions): EverwithProcess;
  run(words: readonly string[], options?: StartOptions): Promise<Ended>;
  /** Starts `serve` on a free port and waits until it answers. */
  serve(words?: readonly string[]): Promise<EverwithProcess & { address: string; client: ApiClient }>;
  client(address: string): Promise<ApiClient>;
}

export interface StartOptions {
  input?: string;
  environment?: Record<string, string>;
}

/** Processes started here are gone when it is disposed. */
export async function openEverwithHome(script: ScriptInput = { otherwise: 'echo' }): Promise<EverwithHome> {
  const undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'everwith-test-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'script.json'), JSON.stringify(script));
  const environment: Record<string, string> = {
    // Children need the path, and the mark of this test run.
    ...pick(process.env, ['PATH', 'TMPDIR', 'EVERWITH_TEST_RUN']),
    HOME: folder,
    LANG: 'C',
    EVERWITH_CALLER_DIRECTORY: folder,
    EVERWITH_CACHE: join(folder, 'cache'),
    EVERWITH_SCRIPTED_MODEL: join(folder, 'script.json'),
    EVERWITH_OFFLINE: '1',
    ...(await createSchema(undo)),
  };
  const running = new Set<ChildProcess>();
  undo.defer(async () => {
    for (const child of running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  const home: EverwithHome = {
    folder,
    data: join(folder, 'data'),
    environment,
    start(words, options = {}) {
      const child = spawn(process.execPath, [houseProgram, ...words], {
        env: { ...environment, ...options.environment },
        cwd: join(import.meta.dirname, '..', '..', '..'),
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      running.add(child);
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
      return follow(child);
    },
    run: (words, options) => home.start(words, options).ended,
    async serve(words = []) {
      const server = home.start(['serve', '--no-open', '--port', '0', '--data', home.data, ...words]);
      const [, address = ''] = await server.waitFor(/Address: (\S+)/);
      await server.waitFor(/Model: /);
      return Object.assign(server, { address, client: await home.client(address) });
    },
    async client(address) {
      const token = (await readFile(join(home.data, 'terminal-token'), 'utf8')).trim();
      return createClient({ baseUrl: address, token });
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
  return home;
}

function follow(child: ChildProcess): EverwithProcess {
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...written })));
  return {
    child,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(written.stdout) ?? pattern.exec(written.stderr);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then(({ code }) =>
          reject(new Error(`It ended with ${code} before ${String(pattern)}:\n${written.stdout}${written.stderr}`)),
        );
      }),
    ended,
  };
}

function pick(environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

async function createSchema(undo: AsyncDisposableStack): Promise<Record<string, string>> {
  // The suite is told by its runner which database to use.
  const { EVERWITH_TEST_STORAGE: kind = 'sqlite', EVERWITH_TEST_POSTGRES_URL: url } = process.env;
  if (kind === 'sqlite' || !url) return {};
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create schema ${schema}`);
  undo.defer(async () => {
    await client.query(`drop schema ${schema} cascade`);
    await client.end();
  });
  return { EVERWITH_POSTGRES: url, EVERWITH_POSTGRES_SCHEMA: schema };
}
