import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';

/** Where a piece may end, in seconds from its beginning. */
export interface PieceLength {
  from: number;
  to: number;
}

/** A pause between words is about this long. */
const QUIET_SAMPLES = HEARING_SAMPLE_RATE / 5;
const STEP_SAMPLES = HEARING_SAMPLE_RATE / 50;

/**
 * Cuts 16 kHz audio where it is quietest between `from` and `to` seconds, so that no engine gets more than it can hold and
 * hardly a word is cut through. Where the cuts fall depends only on what stands before them: audio that has grown is cut
 * at the same places again.
 */
export function cutPieces(samples: Int16Array, { from, to }: PieceLength): Int16Array[] {
  const [earliest, latest] = [from * HEARING_SAMPLE_RATE, to * HEARING_SAMPLE_RATE];
  const pieces: Int16Array[] = [];
  let start = 0;
  while (samples.length - start > latest) {
    const end = start + earliest + quietestPlace(samples.subarray(start + earliest, start + latest));
    pieces.push(samples.subarray(start, end));
    start = end;
  }
  pieces.push(samples.subarray(start));
  return pieces;
}

/** The middle of the quietest fifth of a second. */
function quietestPlace(samples: Int16Array): number {
  const energies = Array.from({ length: Math.floor(samples.length / STEP_SAMPLES) }, (_, step) =>
    samples.subarray(step * STEP_SAMPLES, (step + 1) * STEP_SAMPLES).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const width = QUIET_SAMPLES / STEP_SAMPLES;
  let [best, least] = [0, Infinity];
  for (let step = 0; step + width <= energies.length; step++) {
    const energy = energies.slice(step, step + width).reduce((sum, value) => sum + value, 0);
    if (energy < least) [best, least] = [step, energy];
  }
  return best * STEP_SAMPLES + QUIET_SAMPLES / 2;
}
