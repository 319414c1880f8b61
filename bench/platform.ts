import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../src/base/errors.ts';
import { ClientLoad } from './platform/client-load.ts';
import { installLiteLlm, installPortkey } from './platform/install-peers.ts';
import { measurePrefixRouting } from './platform/prefix-routing.ts';
import { checkAnswers, measureGateway, warmUp, type Round } from './platform/measure-gateway.ts';
import {
  startBare,
  startEverwith,
  startLiteLlm,
  startPortkey,
  startUpstream,
  type Gateway,
} from './platform/start-gateways.ts';
import { median, printFigure } from './report/figure.ts';

const ROUNDS = 3;
const MIB = 1024 * 1024;

type Name = 'direct' | 'bare' | 'portkey' | 'litellm' | 'everwith';
type Gateways = Partial<Record<Name, StartedGateway>>;

interface StartedGateway extends Gateway {
  /** From the start of the process to two right answers of the model, one whole and one in pieces. */
  answersInMs: number;
}

async function startAll(folder: string, stack: AsyncDisposableStack): Promise<Gateways> {
  const direct = await startUpstream();
  stack.use(direct.process);
  const upstreamPort = direct.process.port;
  const gateways: Gateways = { direct: await untilItAnswers(direct) };
  const begin = async (name: Name, start: () => Promise<Gateway>): Promise<void> => {
    try {
      const gateway = await start();
      stack.use(gateway.process);
      gateways[name] = await untilItAnswers(gateway);
    } catch (error) {
      if (name === 'everwith' || name === 'bare') throw error;
      console.error(`${name} is not in this run: ${errorMessage(error).slice(0, 1000)}`);
    }
  };
  // Kept between runs where a folder is named: installing takes minutes.
  const peers = process.env['EVERWITH_BENCH_PEERS_FOLDER'] ?? folder;
  const wanted = process.env['EVERWITH_BENCH_PEERS']?.split(',');
  await begin('bare', () => startBare(upstreamPort));
  await begin('everwith', () => startEverwith(folder, upstreamPort));
  if (wanted?.includes('portkey') ?? true)
    await begin('portkey', async () => startPortkey(await installPortkey(peers), upstreamPort));
  if (wanted?.includes('litellm') ?? true) {
    const program = () => installLiteLlm(peers);
    await begin('litellm', async () => startLiteLlm({ program: await program(), folder, upstreamPort }));
  }
  return gateways;
}

async function untilItAnswers(gateway: Gateway): Promise<StartedGateway> {
  await checkAnswers(gateway);
  return { ...gateway, answersInMs: gateway.process.ageInMs };
}

type Middle = Round & { startInMs: number; answersInMs: number };

async function measureAll(gateways: Gateways): Promise<Partial<Record<Name, Middle>>> {
  using load = new ClientLoad();
  const rounds: Partial<Record<Name, Round[]>> = {};
  for (const gateway of Object.values(gateways)) await warmUp(load, gateway);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, gateway] of Object.entries(gateways) as [Name, Gateway][]) {
      (rounds[name] ??= []).push(await measureGateway(load, gateway));
    }
  }
  return Object.fromEntries(
    Object.entries(rounds).map(([name, seen]) => {
      const middle = (key: keyof Round) => median(seen.map((round) => round[key]));
      const keys = Object.keys(seen[0] ?? {}) as (keyof Round)[];
      const gateway = gateways[name as Name];
      const startInMs = gateway?.process.startInMs ?? Number.NaN;
      const answersInMs = gateway?.answersInMs ?? Number.NaN;
      return [name, { ...Object.fromEntries(keys.map((key) => [key, middle(key)])), startInMs, answersInMs }];
    }),
  );
}

function printTable(results: Partial<Record<Name, Middle>>): void {
  const rows = Object.entries(results).map(([name, seen]) =>
    [
      name,
      seen.cpuPerRequest.toFixed(3),
      seen.requestsPerSecond.toFixed(0),
      seen.p50Alone.toFixed(2),
      seen.p99Crowd.toFixed(1),
      seen.cpuPerStream.toFixed(2),
      (1000 / seen.cpuPerStream).toFixed(0),
      seen.firstChunkAlone.toFixed(2),
      (seen.residentBytes / MIB).toFixed(0),
      seen.startInMs.toFixed(0),
      seen.answersInMs.toFixed(0),
    ].join(' | '),
  );
  const head =
    'gateway | CPU/request ms | requests/s at 32 | p50 alone ms | p99 at 32 ms | CPU/stream ms | streams/s/core | ' +
    'first chunk alone ms | RSS MiB | cold start ms | to first answers of a model ms';
  const rule = head.replaceAll(/[^|]+/g, ' --- ');
  console.log([head, rule, ...rows].map((row) => `| ${row} |`).join('\n'));
}

interface Goal {
  name: string;
  unit: string;
  read: (seen: Middle) => number;
  against?: Name;
  /** Of the reference. */
  most?: number;
  least?: number;
  /** Added to the reference. */
  more?: number;
  absolute?: number;
}

const cpu = { unit: 'ms', read: (seen: Middle) => seen.cpuPerRequest };
const GOALS: readonly Goal[] = [
  { name: 'CPU per request', ...cpu, against: 'portkey', most: 0.3 },
  { name: 'CPU per request', ...cpu, against: 'bare', most: 3 },
  {
    name: '50-piece streams per second and core',
    unit: '/s',
    read: (seen) => 1000 / seen.cpuPerStream,
    against: 'portkey',
    least: 1.8,
  },
  {
    name: 'first piece, one caller',
    unit: 'ms',
    read: (seen) => seen.firstChunkAlone,
    against: 'direct',
    more: 1,
  },
  { name: 'p99 at 32 callers', unit: 'ms', read: (seen) => seen.p99Crowd, against: 'portkey', most: 0.4 },
  { name: 'requests per second', unit: '/s', read: (seen) => seen.requestsPerSecond, against: 'litellm', least: 12 },
  { name: 'resident memory', unit: 'MiB', read: (seen) => seen.residentBytes / MIB, absolute: 180 },
  { name: 'cold start', unit: 'ms', read: (seen) => seen.startInMs, against: 'portkey', most: 1 },
  {
    name: 'start to first answers of a model',
    unit: 'ms',
    read: (seen) => seen.answersInMs,
    against: 'portkey',
    most: 1,
  },
];

function printGoals(results: Partial<Record<Name, Middle>>): void {
  const { everwith } = results;
  if (!everwith) return;
  for (const { name, unit, read, against, most, least, more, absolute } of GOALS) {
    const other = against === undefined ? undefined : results[against];
    if (against !== undefined && !other) continue;
    const value = read(everwith);
    const reference = other ? read(other) : null;
    const isLeast = least !== undefined;
    const limit = absolute ?? (reference ?? 0) * (most ?? least ?? 1) + (more ?? 0);
    const words = most ?? least;
    printFigure({
      name: `platform: ${name}${against === undefined ? '' : ` beside ${against}`}`,
      value,
      unit,
      reference,
      target:
        absolute !== undefined
          ? `<= ${absolute}`
          : more !== undefined
            ? `<= +${more} ms`
            : `${isLeast ? '>=' : '<='} ${words}x`,
      pass: isLeast ? value >= limit : value <= limit,
    });
  }
}

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
const stack = new AsyncDisposableStack();
stack.defer(() => rm(folder, { recursive: true, force: true }));
try {
  const results = await measureAll(await startAll(folder, stack));
  printTable(results);
  printGoals(results);
  await measurePrefixRouting();
} finally {
  await stack.disposeAsync();
}
