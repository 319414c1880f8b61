import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { createEventWriter } from '../../src/events/event-store.ts';
import { Ledger } from '../../src/metering/ledger.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { freePort } from '../server/free-port.ts';
import { launchedProgram } from '../server/launched-program.ts';
import { GatewayProcess } from './gateway-process.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const PRICES = { inputPerMillion: 150_000_000, outputPerMillion: 600_000_000 };

/** A program under measurement, and how it is asked. */
export interface Gateway {
  process: GatewayProcess;
  headers: Readonly<Record<string, string>>;
  /** What it calls the model. */
  model: string;
}

export async function startUpstream(): Promise<Gateway> {
  return { process: await startProgram('fake-upstream.ts', []), headers: {}, model: 'bench' };
}

export async function startBare(upstreamPort: number): Promise<Gateway> {
  return { process: await startProgram('bare-forwarder.ts', [upstreamPort]), headers: {}, model: 'bench' };
}

async function startProgram(name: string, args: readonly number[]): Promise<GatewayProcess> {
  const port = await freePort();
  return GatewayProcess.start({
    command: process.execPath,
    args: [join(import.meta.dirname, name), String(port), ...args.map(String)],
    port,
    healthPath: '/healthz',
  });
}

export async function startPortkey(program: string, upstreamPort: number): Promise<Gateway> {
  const port = await freePort();
  const portkey = await GatewayProcess.start({
    command: process.execPath,
    args: [program, `--port=${port}`, '--headless'],
    port,
    healthPath: '/',
  });
  const headers = {
    authorization: 'Bearer sk-bench',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
  };
  return { process: portkey, headers, model: 'bench' };
}

export async function startLiteLlm({
  program,
  folder,
  upstreamPort,
}: {
  program: string;
  folder: string;
  upstreamPort: number;
}): Promise<Gateway> {
  const port = await freePort();
  const config = {
    model_list: [
      {
        model_name: 'bench',
        litellm_params: {
          model: 'openai/bench',
          api_base: `http://127.0.0.1:${upstreamPort}/v1`,
          api_key: 'sk-bench',
        },
      },
    ],
  };
  const path = join(folder, 'litellm.yaml');
  await writeFile(path, JSON.stringify(config));
  const litellm = await GatewayProcess.start({
    command: program,
    args: ['--config', path, '--port', String(port), '--host', '127.0.0.1', '--num_workers', '1'],
    environment: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' },
    port,
    healthPath: '/health/liveliness',
  });
  return { process: litellm, headers: { authorization: 'Bearer sk-bench' }, model: 'bench' };
}

/**
 * The real server, as `./everwith serve` starts it, on a house whose model has a price and whose caller has a key. It is
 * started twice: what the first start makes is not what later ones wait for.
 */
export async function startEverwith(folder: string, upstreamPort: number): Promise<Gateway> {
  const dataDirectory = join(folder, 'data');
  await mkdir(dataDirectory, { mode: 0o700 });
  const made = await startHouse(dataDirectory);
  const token = (await readFile(join(dataDirectory, 'terminal-token'), 'utf8')).trim();
  const ask = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(`http://127.0.0.1:${made.port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const provider = await ask('/api/providers', {
    kind: 'openai-compatible',
    name: 'Bench',
    baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
    models: ['bench'],
  });
  const { key } = await ask('/api/keys', { name: 'bench', scopes: ['models'] });
  await made[Symbol.asyncDispose]();
  await setPrices(dataDirectory, `${provider['id']}:bench`);
  const everwith = await startHouse(dataDirectory, programOptions());
  return { process: everwith, headers: { authorization: `Bearer ${key}` }, model: 'bench' };
}

/** Extra options of Node, to profile the measured server. */
function programOptions(): string[] {
  return process.env['EVERWITH_BENCH_NODE_OPTIONS']?.split(' ').filter((option) => option !== '') ?? [];
}

async function startHouse(dataDirectory: string, nodeOptions: readonly string[] = []): Promise<GatewayProcess> {
  const port = await freePort();
  const launched = await launchedProgram();
  return GatewayProcess.start({
    command: process.execPath,
    args: [...launched.nodeOptions, ...nodeOptions, join(projectRoot, launched.program), 'serve', '--no-open'],
    directory: projectRoot,
    environment: {
      ...launched.environment,
      EVERWITH_DATA: dataDirectory,
      EVERWITH_CACHE: join(dataDirectory, '..', 'cache'),
      EVERWITH_PORT: String(port),
      EVERWITH_OFFLINE: '1',
      EVERWITH_CALLS_PER_MINUTE: '100000000',
    },
    port,
    healthPath: '/healthz',
  });
}

async function setPrices(dataDirectory: string, ref: string): Promise<void> {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const newId = createIdGenerator(systemClock);
  const events = createEventWriter({ clock: systemClock, newId });
  const ledger = new Ledger({ storage, events, clock: systemClock, newId, logger: silentLogger() });
  await ledger.setPrices({ ref, prices: PRICES, actorId: null });
}
