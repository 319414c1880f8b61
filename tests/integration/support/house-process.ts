import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRunningServer } from '../../../src/storage/house-lock.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { houseProgram } from '../../support/house-program.ts';
import { Caller } from './caller.ts';
import { until } from './until.ts';

export interface HouseProcess extends AsyncDisposable {
  owner: Caller;
  /** The owner's credential, for what is no HTTP call. */
  authorization: string;
  address: string;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface HouseProcessOptions {
  /** A folder of the test's own; `data` in it is the data folder unless another is named. */
  folder: string;
  dataDirectory?: string;
  script: ScriptInput;
  postgres: { url: string; schema: string } | null;
}

/** A real server in a process of its own. Rejects with its words when it ends instead of listening. */
export async function startHouseProcess(options: HouseProcessOptions): Promise<HouseProcess> {
  const { folder, dataDirectory = join(folder, 'data'), postgres } = options;
  await mkdir(folder, { recursive: true });
  const script = join(folder, 'script.json');
  await writeFile(script, JSON.stringify(options.script));
  // A killed server could not take its announcement back.
  await rm(join(dataDirectory, 'server.json'), { force: true }).catch(() => undefined);
  const child = spawn(process.execPath, [houseProgram, 'serve', '--no-open', '--data', dataDirectory], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      EVERWITH_CACHE: join(folder, 'cache'),
      EVERWITH_SCRIPTED_MODEL: script,
      EVERWITH_OFFLINE: '1',
      EVERWITH_PORT: '0',
      ...(postgres ? { EVERWITH_POSTGRES: postgres.url, EVERWITH_POSTGRES_SCHEMA: postgres.schema } : {}),
    },
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
  }
  try {
    const { address } = await until('the server listens', async () => {
      if (hasEnded(child)) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}: ${words}`);
      const running = await readRunningServer(dataDirectory);
      return running?.pid === child.pid ? running : null;
    });
    const token = (await readFile(join(dataDirectory, 'terminal-token'), 'utf8')).trim();
    const authorization = `Bearer ${token}`;
    return {
      owner: new Caller(() => address, { authorization }),
      authorization,
      address,
      kill: () => end(child, 'SIGKILL').then(() => undefined),
      stop: () => end(child, 'SIGTERM'),
      [Symbol.asyncDispose]: () => end(child, 'SIGKILL').then(() => undefined),
    };
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}
