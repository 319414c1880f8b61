import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { printFigure, percentile } from './report/figure.ts';
import { BenchCaller, type CallerFigures } from './voice/bench-caller.ts';

/*
 * Eight calls at once through the real socket: the house and its speech loops on one core, models that are fakes with
 * the latencies of real ones, devices with the client's own connection and jitter buffer on another.
 */

const CALLS = 8;
const TURNS = 5;
/** Between two beginnings: people do not speak in step. Milliseconds. */
const STAGGER_IN_MS = 170;
/** How long the house is watched while nobody calls, milliseconds: what the machine itself adds. */
const IDLE_IN_MS = 3000;

const script = join(import.meta.dirname, 'voice', 'call-server.ts');
const pinned = spawnSync('taskset', ['--version']).status === 0;
const command = pinned ? ['taskset', '-c', '0', process.execPath, script] : [process.execPath, script];
const server = spawn(command[0] ?? '', command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
try {
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const read = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The house ended.');
    return JSON.parse(value) as T;
  };
  const address = await read<{ port: number; key: string }>();
  const watch = async (work: () => Promise<void>) => {
    server.stdin.write('\n');
    await read();
    await work();
    server.stdin.write('\n');
    return read<{ loopDelayInMs: number; cpuShare: number }>();
  };
  const measure = async (calls: number) => {
    const callers = Array.from({ length: calls }, (_, index) => new BenchCaller({ ...address, name: `c${index}` }));
    const house = await watch(async () => {
      const talks = callers.map((caller, index) => sleep(index * STAGGER_IN_MS).then(() => caller.talk(TURNS)));
      await Promise.all(talks);
    });
    return { ...sumOf(callers.map(({ figures }) => figures)), ...house };
  };
  const idle = await watch(() => sleep(IDLE_IN_MS));
  const one = await measure(1);
  const all = await measure(CALLS);
  report({ idle, one, all });
} finally {
  server.stdin.end();
  const cut = setTimeout(() => server.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(cut);
}

function sumOf(figures: readonly CallerFigures[]): CallerFigures {
  return {
    heard: figures.reduce((sum, { heard }) => sum + heard, 0),
    underruns: figures.reduce((sum, { underruns }) => sum + underruns, 0),
    responses: figures.flatMap(({ responses }) => responses),
  };
}

interface Measured extends CallerFigures {
  loopDelayInMs: number;
  cpuShare: number;
}

function report({ idle, one, all }: { idle: { loopDelayInMs: number }; one: Measured; all: Measured }): void {
  const core = pinned ? 'one core' : 'no core of its own (there is no taskset)';
  printFigure({
    name: `calls: underruns in ${CALLS} at once, ${core}`,
    value: all.underruns,
    unit: 'times',
    reference: one.underruns,
    target: '0',
    pass: all.underruns === 0,
  });
  printFigure({
    name: `calls: replies heard to their end, of ${CALLS * TURNS}`,
    value: all.heard,
    unit: 'replies',
    reference: null,
    target: `${CALLS * TURNS}`,
    pass: all.heard === CALLS * TURNS,
  });
  printFigure({
    name: `calls: event loop delay p99 of the house, ${CALLS} at once, beside nobody calling`,
    value: all.loopDelayInMs,
    unit: 'ms',
    reference: idle.loopDelayInMs,
    target: '<= 20 ms above it',
    pass: all.loopDelayInMs - idle.loopDelayInMs <= 20,
  });
  const p95 = percentile(all.responses, 0.95);
  const alone = percentile(one.responses, 0.95);
  printFigure({
    name: `calls: end of speech to first sound p95, ${CALLS} at once, beside one alone`,
    value: p95,
    unit: 'ms',
    reference: alone,
    target: '<= 1.5x',
    pass: p95 <= alone * 1.5,
  });
  printFigure({
    name: `calls: share of a core, ${CALLS} at once`,
    value: all.cpuShare,
    unit: 'cores',
    reference: one.cpuShare,
    target: '<= 0.7',
    pass: all.cpuShare <= 0.7,
  });
}
