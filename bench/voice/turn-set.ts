import { joinSamples } from '../../src/base/audio/join-samples.ts';
import { seededNumbers } from '../../src/base/seeded-numbers.ts';
import { silence } from './speech-tools.ts';

const RATE = 16_000;
const samplesOf = (ms: number): number => Math.round((ms * RATE) / 1000);
const msOf = (samples: number): number => (samples * 1000) / RATE;

/** One turn as it comes from a microphone. Times are milliseconds from its beginning. */
export interface TurnSample {
  text: string;
  samples: Float32Array;
  /** Where the speaker is silent without having finished. */
  pause: { from: number; to: number };
  /** The last sound. */
  end: number;
}

export type PauseLength = (random: () => number) => number;

/**
 * As in LiveKit's published benchmark, whose silence-only figures (55.6 % of pauses longer than 300 ms, 21.7 % longer than
 * 600) a log-normal distribution of median 333 ms and sigma 0.75 meets.
 */
export const usualPauses: PauseLength = (random) => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(3000, Math.max(200, 333 * Math.exp(0.75 * normal)));
};

/** Of somebody who searches for words. */
export const longPauses: PauseLength = (random) => 300 + 1200 * random();

const LEAD_MS = 600;
const TAIL_MS = 4600;
/** The pause is put into the quietest place between these shares of the sentence. */
const EARLIEST = 0.35;
const LATEST = 0.7;
const GAP_MS = 60;
const FADE_MS = 4;

/** The sentence with a pause in its middle, where its melody says that more will come. */
export function makeTurn(text: string, spoken: Float32Array, pauseInMs: number): TurnSample {
  const speech = trim(spoken);
  const cut = quietest(speech, Math.round(speech.length * EARLIEST), Math.round(speech.length * LATEST));
  return joinTurn(text, [fade(speech.slice(0, cut), 'end'), fade(speech.slice(cut), 'start')], pauseInMs);
}

/** Two pieces that were spoken for themselves, with a pause between them. */
export function joinTurn(
  text: string,
  [first, second]: readonly [Float32Array, Float32Array],
  pauseInMs: number,
): TurnSample {
  const [before, after] = [trim(first), trim(second)];
  const pause = silence(pauseInMs / 1000);
  const from = LEAD_MS + msOf(before.length);
  const to = from + msOf(pause.length);
  return {
    text,
    samples: joinSamples([silence(LEAD_MS / 1000), before, pause, after, silence(TAIL_MS / 1000)]),
    pause: { from, to },
    end: to + msOf(after.length),
  };
}

export function makeTurns(
  spoken: readonly { text: string; samples: Float32Array }[],
  pauses: PauseLength,
): TurnSample[] {
  const random = seededNumbers(7);
  return spoken.map(({ text, samples }) => makeTurn(text, samples, pauses(random)));
}

/** Without what is quieter than a fiftieth of the loudest, before and after. */
function trim(samples: Float32Array): Float32Array {
  const loud = 0.02 * samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const first = samples.findIndex((sample) => Math.abs(sample) > loud);
  return samples.slice(Math.max(0, first), samples.findLastIndex((sample) => Math.abs(sample) > loud) + 1);
}

function quietest(samples: Float32Array, from: number, to: number): number {
  const width = samplesOf(GAP_MS);
  let [best, least] = [from, Infinity];
  for (let start = from; start + width < to; start += samplesOf(5)) {
    const energy = samples.subarray(start, start + width).reduce((sum, sample) => sum + sample * sample, 0);
    if (energy < least) [best, least] = [start + width / 2, energy];
  }
  return best;
}

function fade(samples: Float32Array, side: 'start' | 'end'): Float32Array {
  const length = samplesOf(FADE_MS);
  return samples.map((sample, index) => {
    const distance = side === 'start' ? index : samples.length - 1 - index;
    return sample * Math.min(1, distance / length);
  });
}
