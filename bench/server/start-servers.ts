import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { freePort } from './free-port.ts';
import { launchedProgram } from './launched-program.ts';
import { MeasuredProcess, untilHealthy } from './measured-process.ts';

/** A server under measurement, listening. Disposing ends its process. */
export interface MeasuredServer extends AsyncDisposable {
  address: string;
  child: MeasuredProcess;
  /** From the start of the process to its first answer. */
  startInMs: number;
}

/** A temporary data folder with a model script, removed on disposal. */
export interface TemporaryHouse extends AsyncDisposable {
  dataDirectory: string;
  scriptPath: string;
}

export async function temporaryHouse(script: ScriptInput): Promise<TemporaryHouse> {
  const root = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
  const dataDirectory = join(root, 'data');
  const scriptPath = join(root, 'script.json');
  await mkdir(dataDirectory, { mode: 0o700 });
  await writeFile(scriptPath, JSON.stringify(script));
  return { dataDirectory, scriptPath, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** The real server, as `./everwith serve` starts it. */
export async function startEverwith(
  house: TemporaryHouse,
  { probed = true }: { probed?: boolean } = {},
): Promise<MeasuredServer & { token: string }> {
  const port = await freePort();
  const launched = await launchedProgram();
  const server = await start({
    port,
    ...launched,
    probed,
    args: ['serve', '--no-open'],
    environment: {
      ...launched.environment,
      EVERWITH_DATA: house.dataDirectory,
      EVERWITH_CACHE: join(house.dataDirectory, '..', 'cache'),
      EVERWITH_SCRIPTED_MODEL: house.scriptPath,
      EVERWITH_PORT: String(port),
      EVERWITH_OFFLINE: '1',
    },
  });
  return { ...server, token: (await readFile(join(house.dataDirectory, 'terminal-token'), 'utf8')).trim() };
}

/** The least a Fastify server can be that streams the same tokens to the same clients. */
export async function startBareServer(stream: { tokens: number; delayInMs: number }): Promise<MeasuredServer> {
  const port = await freePort();
  return start({
    port,
    program: 'bench/server/bare-server.ts',
    args: [String(port), String(stream.tokens), String(stream.delayInMs)],
  });
}

/** The least a Fastify server can be that starts: plain JavaScript, one route, nothing to strip or to measure. */
export async function startHelloServer(): Promise<MeasuredServer> {
  const port = await freePort();
  return start({ port, program: 'bench/server/hello-server.mjs', probed: false, args: [String(port)] });
}

async function start({
  port,
  ...options
}: ConstructorParameters<typeof MeasuredProcess>[0] & { port: number }): Promise<MeasuredServer> {
  const address = `http://127.0.0.1:${port}`;
  const child = new MeasuredProcess(options);
  try {
    const startInMs = await untilHealthy(child, address);
    return { address, child, startInMs, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
