/** Left on each side: the onset of a quiet consonant, and the fall of a room that a sudden end would cut. */
const KEPT_IN_MS = 40;
const FRAME_IN_MS = 5;
/** A frame counts as sound when it is not this far below the loudest frame; the floor is for pieces of nothing at all. */
const RANGE_IN_DECIBELS = 40;
const FLOOR_IN_DBFS = -60;
/** Of each cut end, so that it does not click. */
const FADE_IN_MS = 5;

/**
 * Mono samples without the silence that engines put before and after (Kokoro: 0.4 s and 1 s), but for some 40 ms on each
 * side. Empty when nothing sounds. A copy.
 */
export function trimSilence(samples: Float32Array, sampleRate: number): Float32Array {
  const frame = Math.max(1, Math.round((sampleRate * FRAME_IN_MS) / 1_000));
  const levels = frameLevels(samples, frame);
  const loudest = levels.reduce((most, level) => Math.max(most, level), 0);
  const threshold = Math.max(10 ** (FLOOR_IN_DBFS / 20), loudest * 10 ** (-RANGE_IN_DECIBELS / 20));
  const first = levels.findIndex((level) => level >= threshold);
  if (first < 0) return new Float32Array(0);
  const last = levels.findLastIndex((level) => level >= threshold);
  const kept = Math.round((sampleRate * KEPT_IN_MS) / 1_000);
  const start = Math.max(0, first * frame - kept);
  const end = Math.min(samples.length, (last + 1) * frame + kept);
  const trimmed = samples.slice(start, end);
  fadeEnds(trimmed, Math.round((sampleRate * FADE_IN_MS) / 1_000));
  return trimmed;
}

function frameLevels(samples: Float32Array, frame: number): Float64Array {
  const levels = new Float64Array(Math.ceil(samples.length / frame));
  for (let index = 0; index < levels.length; index++) {
    const start = index * frame;
    const end = Math.min(samples.length, start + frame);
    let sum = 0;
    for (let at = start; at < end; at++) sum += (samples[at] ?? 0) ** 2;
    levels[index] = Math.sqrt(sum / (end - start));
  }
  return levels;
}

function fadeEnds(samples: Float32Array, length: number): void {
  const fade = Math.min(length, Math.floor(samples.length / 2));
  for (let index = 0; index < fade; index++) {
    const gain = (index + 1) / (fade + 1);
    samples[index] = (samples[index] ?? 0) * gain;
    const mirrored = samples.length - 1 - index;
    samples[mirrored] = (samples[mirrored] ?? 0) * gain;
  }
}
