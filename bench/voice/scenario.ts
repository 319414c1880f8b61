import { z } from 'zod';
import { turnProfileSchema } from '../../contract/voice.ts';
import { VirtualClock } from '../../src/voice/testing/virtual-clock.ts';
import { stageCall, type StagedCall } from '../../src/voice/testing/stage-call.ts';

const latencySchema = z.int().nonnegative().optional();

/** What happens when, milliseconds from the beginning of the call. */
const stepSchema = z.discriminatedUnion('do', [
  z.strictObject({ at: z.int(), do: z.literal('say'), text: z.string() }),
  /** White noise: a cough, a door. */
  z.strictObject({ at: z.int(), do: z.literal('noise'), forMs: z.int(), loudness: z.number() }),
  z.strictObject({ at: z.int(), do: z.literal('type'), text: z.string() }),
  z.strictObject({
    at: z.int(),
    do: z.enum(['tap', 'press', 'release', 'cut', 'reconnect', 'mute', 'unmute', 'hang-up']),
  }),
]);

/** A call as a story: who says what when, what breaks, and what must be true afterwards. */
export const scenarioSchema = z.strictObject({
  name: z.string(),
  profile: turnProfileSchema.default('normal'),
  playback: z.enum(['reported', 'estimated']).default('reported'),
  caller: z
    .strictObject({
      networkInMs: latencySchema,
      jitterInMs: latencySchema,
      echo: z.strictObject({ gain: z.number(), delayInMs: z.number() }).optional(),
    })
    .default({}),
  latencies: z
    .strictObject({
      transcriptInMs: latencySchema,
      turnInMs: latencySchema,
      firstTokenInMs: latencySchema,
      tokenInMs: latencySchema,
      firstAudioInMs: latencySchema,
      confirmInMs: latencySchema,
    })
    .default({}),
  /** What sounds unfinished to the turn detector. */
  unfinished: z.array(z.string()).default([]),
  /** Replies by what was said; `*` for everything else. */
  answers: z.record(z.string(), z.string()),
  /** The n-th request of a stage fails. */
  faults: z
    .strictObject({
      transcribe: z.array(z.int()).default([]),
      speak: z.array(z.int()).default([]),
      words: z.array(z.strictObject({ draft: z.int(), word: z.int() })).default([]),
    })
    .default({ transcribe: [], speak: [], words: [] }),
  steps: z.array(stepSchema),
  lengthInMs: z.int().positive(),
  expect: z.strictObject({
    /** What is kept, in order. `reply` is exact, `beginning` only begins with it. */
    history: z.array(
      z.strictObject({
        said: z.string(),
        reply: z.string().optional(),
        state: z.enum(['done', 'interrupted', 'stopped', 'failed']),
      }),
    ),
    states: z.array(z.string()).optional(),
    failures: z.array(z.string()).default([]),
    dismissed: z.array(z.string()).optional(),
    /** Of the first reply: end of speech to first sound. */
    firstSoundWithinMs: z.int().optional(),
  }),
});
export type Scenario = z.infer<typeof scenarioSchema>;

/** Plays a scenario on a virtual clock; every difference from what it expects, in words. */
export async function playScenario(scenario: Scenario): Promise<string[]> {
  const clock = new VirtualClock();
  const { caller: callerOptions, latencies, profile, playback, lengthInMs } = scenario;
  const stage = stageCall({
    clock,
    profile,
    playback,
    latencies: withoutUndefined(latencies),
    caller: { ...withoutUndefined(callerOptions), silentAboutPlayback: playback === 'estimated' },
  });
  prepare(stage, scenario);
  let firstSilence = Infinity;
  let ended: Promise<void> | undefined;
  for (const step of scenario.steps.toSorted((one, other) => one.at - other.at)) {
    await stage.caller.run(step.at - clock.now());
    switch (step.do) {
      case 'say':
        firstSilence = Math.min(firstSilence, stage.say(step.text));
        break;
      case 'noise':
        stage.caller.speak(noise(step.forMs, step.loudness));
        break;
      case 'type':
        stage.call.type(step.text);
        break;
      case 'tap':
        stage.call.interrupt();
        break;
      case 'press':
        stage.call.press();
        break;
      case 'release':
        stage.call.release();
        break;
      case 'cut':
        stage.caller.disconnect();
        break;
      case 'reconnect':
        stage.caller.connect();
        break;
      case 'mute':
      case 'unmute':
        stage.caller.mute(step.do === 'mute');
        break;
      case 'hang-up':
        ended = stage.call.end('hung-up');
        break;
      default:
        step satisfies never;
    }
  }
  await stage.caller.run(lengthInMs - clock.now());
  ended ??= stage.call.end('hung-up');
  await stage.caller.run(1000);
  await ended;
  return differences(stage, { scenario, firstSilence });
}

function prepare({ ports }: StagedCall, { answers, unfinished, faults }: Scenario): void {
  ports.answer = (said) => answers[said] ?? answers['*'] ?? 'Yes.';
  ports.completeness = (heard) => (unfinished.includes(heard) ? 0.1 : 0.95);
  const gone = (fails: boolean) => (fails ? new Error('gone') : null);
  ports.faults.transcribe = (call) => gone(faults.transcribe.includes(call));
  ports.faults.speak = (call) => gone(faults.speak.includes(call));
  ports.faults.words = (draft, word) => gone(faults.words.some((one) => one.draft === draft && one.word === word));
}

function differences(
  { ports, caller }: StagedCall,
  { scenario: { expect: wanted }, firstSilence }: { scenario: Scenario; firstSilence: number },
): string[] {
  const wrong: string[] = [];
  const compare = (what: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      wrong.push(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
    }
  };
  const history = ports.kept.map(({ said, reply, state }, index) =>
    wanted.history[index]?.reply === undefined ? { said, state } : { said, reply, state },
  );
  compare('history', history, wanted.history);
  const of = <T>(pick: (event: (typeof caller.events)[number]['event']) => T[]) =>
    caller.events.flatMap(({ event }) => pick(event));
  if (wanted.states)
    compare(
      'states',
      of((event) => (event.type === 'state-change' ? [event.state] : [])),
      wanted.states,
    );
  compare(
    'failures',
    of((event) => (event.type === 'failure' ? [event.stage] : [])),
    wanted.failures,
  );
  if (wanted.dismissed)
    compare(
      'dismissed',
      of((event) => (event.type === 'speech-dismiss' ? [event.reason] : [])),
      wanted.dismissed,
    );
  const sounded = (caller.firstSoundAfter(firstSilence) ?? Infinity) - firstSilence;
  if (wanted.firstSoundWithinMs !== undefined && sounded > wanted.firstSoundWithinMs) {
    wrong.push(`first sound after ${sounded} ms instead of ${wanted.firstSoundWithinMs}`);
  }
  return wrong;
}

function noise(forMs: number, loudness: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: forMs * 16 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state / 2 ** 32) * 2 - 1) * loudness;
  });
}

function withoutUndefined<T extends object>(record: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
