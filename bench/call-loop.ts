import { monitorEventLoopDelay } from 'node:perf_hooks';
import { VirtualClock } from '../src/voice/testing/virtual-clock.ts';
import { STOP_SILENCE_MS } from '../src/voice/turn-profile.ts';
import { percentile, printFigure } from './report/figure.ts';
import { realClock } from './voice/real-clock.ts';
import { seededNumbers } from '../src/base/seeded-numbers.ts';
import { stageCall } from '../src/voice/testing/stage-call.ts';

const CALLS_AT_ONCE = 4;
const TURNS = 12;
/** Milliseconds: a frame of a microphone is 20, one of the detector 32. */
const OVERHEAD_TARGET_IN_MS = { p50: 15, p95: 50 };
const REMOTE_STAGES = { transcriptInMs: 150, firstTokenInMs: 300, firstAudioInMs: 200 };
const REMOTE_TARGET_IN_MS = { p50: 650, p95: 1100 };
const REMOTE_TURNS = 200;
/** Stages vary by this share up and down, as networks do. */
const JITTER = 0.3;
const CUTS = 200;
const QUESTIONS = [
  'tell me more',
  'and then',
  'what did the old man say to you',
  'I never knew that you had been there',
  'was it cold',
];

function report(
  name: string,
  values: readonly number[],
  target: { p50: number; p95: number },
  reference?: readonly number[],
) {
  for (const [share, limit] of [
    [0.5, target.p50],
    [0.95, target.p95],
  ] as const) {
    const value = percentile(values, share);
    printFigure({
      name: `${name}, p${share * 100}`,
      value,
      unit: 'ms',
      reference: reference ? percentile(reference, share) : null,
      target: `<= ${limit} ms`,
      pass: value <= limit,
    });
  }
}

/** Real time, no stage takes any: what is left is the engine's own. */
async function measureOverhead(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const overheads: number[] = [];
  const one = async (): Promise<void> => {
    const own = realClock();
    const { ports, caller, call, say } = stageCall({ clock: own });
    ports.answer = () => 'Yes, that is how it was.';
    for (let turn = 0; turn < TURNS; turn += 1) {
      const ends = caller.count('reply-end');
      say('tell me more');
      await caller.run(15_000, () => caller.count('reply-end') > ends);
    }
    for (const { timings } of ports.kept) {
      if (timings && timings.firstFrameOutInMs !== null && timings.turnEndInMs !== null) {
        overheads.push(timings.firstFrameOutInMs - timings.turnEndInMs);
      }
    }
    await call.end('hung-up');
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, one));
  delay.disable();
  report('call: turn decision to first frame out, no model takes time', overheads, OVERHEAD_TARGET_IN_MS);
  const lag = delay.percentile(99) / 1e6 - 5;
  printFigure({
    name: `call: event loop delay p99, ${CALLS_AT_ONCE} calls`,
    value: Math.max(lag, 0),
    unit: 'ms',
    reference: null,
    target: '<= 20 ms',
    pass: lag <= 20,
  });
}

/** Virtual time: providers of settable slowness. */
async function measureRemote(): Promise<void> {
  const random = seededNumbers(5);
  const clock = new VirtualClock();
  const { ports, caller, call, say } = stageCall({
    clock,
    latencies: { ...REMOTE_STAGES, turnInMs: 45, tokenInMs: 12, confirmInMs: 5 },
    caller: { networkInMs: 10, jitterInMs: 40 },
  });
  ports.answer = () => 'Yes, that is how it was, in those days.';
  const responses: number[] = [];
  const sums: number[] = [];
  for (let turn = 0; turn < REMOTE_TURNS; turn += 1) {
    const vary = (value: number) => Math.round(value * (1 - JITTER + 2 * JITTER * random()));
    const stages = {
      transcriptInMs: vary(REMOTE_STAGES.transcriptInMs),
      firstTokenInMs: vary(REMOTE_STAGES.firstTokenInMs),
      firstAudioInMs: vary(REMOTE_STAGES.firstAudioInMs),
    };
    Object.assign(ports.latencies, stages);
    const ends = caller.count('reply-end');
    const silentFrom = say(QUESTIONS[turn % QUESTIONS.length] ?? '');
    await caller.run(20_000, () => caller.count('reply-end') > ends);
    const sounded = caller.firstSoundAfter(silentFrom);
    if (sounded === undefined) throw new Error('A turn was not answered.');
    responses.push(sounded - silentFrom);
    const clauseInMs = ports.latencies.tokenInMs * 5;
    sums.push(STOP_SILENCE_MS + stages.transcriptInMs + stages.firstTokenInMs + clauseInMs + stages.firstAudioInMs);
    await caller.run(300);
  }
  await finish(call, caller);
  report('call: end of speech to first sound, providers of 150/300/200 ms', responses, REMOTE_TARGET_IN_MS, sums);
  for (const [share, limit] of [
    [0.5, 1.15],
    [0.95, 1.5],
  ] as const) {
    const value = percentile(
      responses.map((response, index) => response / (sums[index] ?? 1)),
      share,
    );
    printFigure({
      name: `call: the same against the sum of its stages, p${share * 100}`,
      value,
      unit: 'x',
      reference: null,
      target: `<= ${limit}x`,
      pass: value <= limit,
    });
  }
}

/** Ends a call while time goes on. */
async function finish(call: { end(reason: 'hung-up'): Promise<void> }, caller: { run(ms: number): Promise<boolean> }) {
  const ended = call.end('hung-up');
  await caller.run(1000);
  await ended;
}

/** Speech over a sounding reply: how soon it is turned down, stopped, or goes on. */
async function measureBargeIn(): Promise<void> {
  const random = seededNumbers(6);
  const [ducks, stops, unducks]: [number[], number[], number[]] = [[], [], []];
  for (let index = 0; index < CUTS; index += 1) {
    const clock = new VirtualClock();
    const { ports, caller, call, say } = stageCall({
      clock,
      latencies: { transcriptInMs: 80, turnInMs: 45, firstTokenInMs: 200, tokenInMs: 15, firstAudioInMs: 90 },
      caller: { networkInMs: 10, jitterInMs: 40 },
    });
    ports.answer = () =>
      'one two three four five six seven. eight nine ten eleven twelve thirteen. fourteen fifteen sixteen seventeen eighteen.';
    say('tell me everything');
    await caller.run(12_000, () => call.state === 'speaking');
    await caller.run(3200 + Math.round(random() * 600));
    const real = index % 2 === 0;
    const from = clock.now();
    say(real ? 'no please wait a moment' : 'yeah');
    await caller.run(1500);
    const at = (type: 'duck' | 'flush' | 'unduck') => (caller.find(type, from)?.at ?? Infinity) - from + 10;
    ducks.push(at('duck'));
    if (real) stops.push(at('flush'));
    else unducks.push(at('unduck'));
    await finish(call, caller);
  }
  const figures = [
    ['barge-in: onset to duck (confirmed by the server)', ducks, 120],
    ['barge-in: onset to hard stop', stops, 450],
    ['barge-in: onset of a back-channel to un-duck', unducks, 700],
  ] as const;
  for (const [name, values, limit] of figures) {
    const value = percentile(values, 0.95);
    printFigure({
      name: `${name}, p95`,
      value,
      unit: 'ms',
      reference: null,
      target: `<= ${limit} ms`,
      pass: value <= limit,
    });
  }
}

await measureOverhead();
await measureRemote();
await measureBargeIn();
