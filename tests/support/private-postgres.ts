import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findProgram, isExecutable } from './find-program.ts';
import { canInstallPackages, installPackages } from './system-packages.ts';

const run = promisify(execFile);

const START_LIMIT_IN_MS = 60_000;
const STOP_LIMIT_IN_MS = 15_000;

export interface PrivatePostgres {
  /** A superuser's address of the database `postgres`; suites make their own databases or schemas. */
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The folder with `initdb` and `postgres`, the newest version first; null when there is none. */
export async function findPostgres(): Promise<string | null> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .concat('/usr/local/bin', '/opt/homebrew/bin', '/usr/local/pgsql/bin');
  const complete = (folder: string) => isExecutable(join(folder, 'initdb')) && isExecutable(join(folder, 'postgres'));
  const onPath = findProgram(['initdb']);
  return folders.find(complete) ?? (onPath && complete(dirname(onPath)) ? dirname(onPath) : null);
}

/** Like `findPostgres`, but installs one where that is possible. Throws with the reason and the remedy. */
export async function ensurePostgres(): Promise<string> {
  const found = await findPostgres();
  if (found) return found;
  if (!canInstallPackages()) {
    throw new Error('no PostgreSQL server was found; install your system’s postgresql package');
  }
  await installWithoutCluster();
  const installed = await findPostgres();
  if (!installed) throw new Error('postgresql was installed but its initdb cannot be found');
  return installed;
}

/** Debian's package starts a cluster of its own on the usual port; only the programs are wanted here. */
async function installWithoutCluster(): Promise<void> {
  await installPackages(['postgresql-common']);
  const settings = '/etc/postgresql-common/createcluster.conf';
  const before = await readFile(settings, 'utf8');
  await writeFile(settings, `${before}\ncreate_main_cluster = false\n`);
  try {
    await installPackages(['postgresql']);
  } finally {
    await writeFile(settings, before);
  }
}

/**
 * Starts a PostgreSQL of our own in a temporary folder, on a free port of the loopback address. Durability is on
 * (the crash suites depend on it). PostgreSQL refuses to run as root, so root lends it to an unprivileged user.
 */
export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const programs = await ensurePostgres();
  const folder = await mkdtemp(join(tmpdir(), 'everwith-postgres-'));
  const owner = await unprivilegedUser();
  const data = join(folder, 'data');
  try {
    if (owner) await chown(folder, owner.uid, owner.gid);
    await chmod(folder, 0o700);
    const options = ['-D', data, '-U', 'everwith', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    await run(join(programs, 'initdb'), options, { ...owner, cwd: folder });
    const port = await freePort();
    const server = await startServer({ programs, folder, data, port, owner });
    return {
      url: `postgres://everwith@127.0.0.1:${port}/postgres`,
      async [Symbol.asyncDispose]() {
        await stopServer(server);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface User {
  uid: number;
  gid: number;
}

async function unprivilegedUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const fields = users.find((user) => user[0] === name);
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('PostgreSQL cannot run as root, and this machine has neither a user postgres nor a user nobody');
}

async function startServer({
  programs,
  folder,
  data,
  port,
  owner,
}: {
  programs: string;
  folder: string;
  data: string;
  port: number;
  owner: User | undefined;
}): Promise<ChildProcess> {
  const settings = ['fsync=on', 'max_connections=200', 'shared_buffers=64MB', 'listen_addresses=127.0.0.1'];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_000);
  });
  try {
    await untilReady({ server, port });
    return server;
  } catch (error) {
    await stopServer(server);
    throw new Error(`PostgreSQL did not start: ${words.trim()}`, { cause: error });
  }
}

async function untilReady({ server, port }: { server: ChildProcess; port: number }): Promise<void> {
  const limit = Date.now() + START_LIMIT_IN_MS;
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'everwith', database: 'postgres' });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > limit) throw error;
      await delay(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything is flushed. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT_IN_MS);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the loopback address has no free port');
  return address.port;
}
