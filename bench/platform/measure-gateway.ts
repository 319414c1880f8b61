import { median, percentile } from '../report/figure.ts';
import type { ClientLoad, LoadOrder, LoadReport } from './client-load.ts';
import type { Gateway } from './start-gateways.ts';

/** Of one measurement, milliseconds. */
const ALONE_IN_MS = 700;
const CROWD_IN_MS = 1500;
const CROWD = 32;
/** Requests of each kind before anything is measured: compilers of all sides have seen the way by then. */
const WARM_REQUESTS = 4000;
/** A busy machine, or a slow gateway, is not waited for longer, milliseconds. */
const WARM_UP_IN_MS = 20_000;

/** What one round saw of a gateway. Times in milliseconds. */
export interface Round {
  cpuPerRequest: number;
  requestsPerSecond: number;
  p50Alone: number;
  p99Crowd: number;
  cpuPerStream: number;
  streamsPerSecond: number;
  firstChunkAlone: number;
  residentBytes: number;
}

const messages = [
  { role: 'system', content: 'You are a patient guide who answers in few words.' },
  { role: 'user', content: 'Tell me something about the sea that I could tell a child before it sleeps.' },
];

export async function measureGateway(load: ClientLoad, gateway: Gateway): Promise<Round> {
  const whole = orderOf(gateway, { model: gateway.model, messages });
  const stream = orderOf(gateway, { model: gateway.model, messages, stream: true });
  const alone = await run(load, { ...whole, connections: 1, durationInMs: ALONE_IN_MS });
  const crowd = await withCpu(load, gateway, { ...whole, connections: CROWD, durationInMs: CROWD_IN_MS });
  const streamAlone = await run(load, { ...stream, connections: 1, durationInMs: ALONE_IN_MS });
  const streams = await withCpu(load, gateway, { ...stream, connections: CROWD, durationInMs: CROWD_IN_MS });
  return {
    cpuPerRequest: crowd.cpu / crowd.report.count,
    requestsPerSecond: crowd.report.perSecond,
    p50Alone: median(alone.latenciesInMs),
    p99Crowd: percentile(crowd.report.latenciesInMs, 0.99),
    cpuPerStream: streams.cpu / streams.report.count,
    streamsPerSecond: streams.report.perSecond,
    firstChunkAlone: median(streamAlone.firstBytesInMs),
    residentBytes: await gateway.process.residentBytes(),
  };
}

/** Lets a gateway and the clients find their pace. */
export async function warmUp(load: ClientLoad, gateway: Gateway): Promise<void> {
  for (const stream of [false, true]) {
    const order = orderOf(gateway, { model: gateway.model, messages, stream });
    const until = performance.now() + WARM_UP_IN_MS / 2;
    let count = 0;
    while (count < WARM_REQUESTS && performance.now() < until) {
      count += (await run(load, { ...order, connections: CROWD, durationInMs: ALONE_IN_MS })).count;
    }
  }
}

/** One answer of each kind, looked at: what cannot answer rightly is not measured. */
export async function checkAnswers(gateway: Gateway): Promise<void> {
  const whole = await ask(gateway, false);
  if (!/"finish_reason": ?"stop"/.test(whole)) throw new Error(`Not the answer of the provider: ${whole}`);
  const stream = await ask(gateway, true);
  const pieces = stream.match(/"content":" w\d+"/g)?.length ?? 0;
  if (pieces !== 50 || !stream.includes('data: [DONE]')) throw new Error(`${pieces} pieces came: ${stream}`);
}

async function ask(gateway: Gateway, stream: boolean): Promise<string> {
  const { port, path, headers, body } = orderOf(gateway, { model: gateway.model, messages, stream });
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  return response.text();
}

function orderOf({ process: { port }, headers }: Gateway, body: object) {
  return { port, path: '/v1/chat/completions', headers, body: JSON.stringify(body) };
}

async function run(load: ClientLoad, order: LoadOrder): Promise<LoadReport> {
  const report = await load.run(order);
  if (report.refused > 0) throw new Error(`${report.refused} of ${report.count} requests were refused.`);
  return report;
}

async function withCpu(load: ClientLoad, { process }: Gateway, order: LoadOrder) {
  const before = await process.cpuInMs();
  const report = await run(load, order);
  return { report, cpu: (await process.cpuInMs()) - before };
}
