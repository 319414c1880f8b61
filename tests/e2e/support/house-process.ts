import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createClient, type ApiClient } from '../../../client/create-client.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { houseProgram } from '../../support/house-program.ts';
import { until } from '../../integration/support/until.ts';

const projectRoot = join(import.meta.dirname, '..', '..', '..');
/** A server drains in five seconds; one that takes longer than a busy machine explains is ended and counts as broken. */
const DRAIN_LIMIT_IN_MS = 60_000;
const announcementSchema = z.object({ address: z.string(), pid: z.int() });

export interface HouseProcessOptions {
  /** What the model says; absent: no scripted model, so the house looks for a real one. */
  script?: ScriptInput;
  environment?: Readonly<Record<string, string>>;
  /** Works on the data folder before the first start, for example to fill it. */
  prepare?: (dataDirectory: string) => Promise<void>;
}

/** The real server in a process of its own on a temporary data folder. Disposing ends it and removes the folder. */
export class HouseProcess implements AsyncDisposable {
  readonly dataDirectory: string;
  readonly #root: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #output = '';
  #address = '';
  #token = '';

  private constructor(root: string, environment: Readonly<Record<string, string>>) {
    this.#root = root;
    this.dataDirectory = join(root, 'data');
    this.#environment = environment;
  }

  static async start({ script, environment = {}, prepare }: HouseProcessOptions): Promise<HouseProcess> {
    if (!existsSync(join(projectRoot, 'dist', 'web', 'index.html'))) {
      throw new Error('The web app is not built; run scripts/build-web.ts first.');
    }
    const root = await mkdtemp(join(tmpdir(), 'everwith-e2e-'));
    const scriptPath = join(root, 'script.json');
    const scripted: Record<string, string> =
      script === undefined
        ? {}
        : {
            EVERWITH_SCRIPTED_MODEL: scriptPath,
            EVERWITH_OFFLINE: '1',
            EVERWITH_CACHE: join(root, 'cache'),
          };
    const house = new HouseProcess(root, { ...scripted, ...environment });
    try {
      await mkdir(house.dataDirectory, { mode: 0o700 });
      if (script !== undefined) await writeFile(scriptPath, JSON.stringify(script));
      await prepare?.(house.dataDirectory);
      await house.open();
      return house;
    } catch (error) {
      await house[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** For example `http://127.0.0.1:43210`; the same after the server was stopped and opened again. */
  get address(): string {
    return this.#address;
  }

  /** The API as the owner at the terminal. */
  get owner(): ApiClient {
    return createClient({ baseUrl: this.#address, token: this.#token });
  }

  /** A fresh one-time sign-in link of the owner. */
  async link(): Promise<string> {
    const { url } = await this.owner.call('openLink');
    return url;
  }

  /** Starts the server on this folder, at the port it had before if there was one. */
  async open(): Promise<void> {
    const port = this.#address === '' ? '0' : new URL(this.#address).port;
    const child = spawn(process.execPath, [houseProgram, 'serve', '--no-open', '--port', port], {
      cwd: projectRoot,
      env: { ...process.env, NODE_ENV: 'production', EVERWITH_DATA: this.dataDirectory, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const keep = (data: Buffer) => (this.#output = (this.#output + data.toString()).slice(-8_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const announcement = await until('the server says where it listens', async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}: ${this.#output}`);
      }
      return await readAnnouncement(join(this.dataDirectory, 'server.json'), child.pid);
    });
    this.#address = announcement.address;
    this.#token = (await readFile(join(this.dataDirectory, 'terminal-token'), 'utf8')).trim();
  }

  /** Ends the server as Ctrl-C does. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    const limit = setTimeout(() => child.kill('SIGKILL'), DRAIN_LIMIT_IN_MS);
    const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    clearTimeout(limit);
    if (signal === 'SIGKILL') throw new Error(`The server did not close when asked to: ${this.#output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.close();
    } finally {
      await rm(this.#root, { recursive: true, force: true });
    }
  }
}

async function readAnnouncement(path: string, pid: number | undefined) {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!text.endsWith('\n')) return null; // not there yet, or half written
  const announcement = announcementSchema.parse(JSON.parse(text));
  return announcement.pid === pid ? announcement : null;
}
