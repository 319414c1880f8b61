import { peak } from '../../../base/audio/loudness.ts';
import { resample } from '../../../base/audio/resampler.ts';
import { trimSilence } from './trim-silence.ts';

/** Engines lose their words outside of this. */
const SLOWEST = 0.4;
const FASTEST = 2.5;
/** Leaves the last decibel to resampling and to players. */
const LOUDEST_PEAK = 0.89;

/**
 * The speed to ask an engine for, so that what it says has the wished speed once `shapeSpeech` has moved its pitch: the
 * engine's own time scale is cleaner than any that works on sound. `pitch` in semitones.
 */
export function engineSpeed({ speed, pitch }: { speed: number; pitch: number }): number {
  return Math.min(FASTEST, Math.max(SLOWEST, speed / pitchFactor(pitch)));
}

export interface Shape {
  /** Semitones. */
  pitch: number;
  /** Decibels. */
  gain: number;
}

/** Trims, moves the pitch by resampling (the vocal tract moves with it), sets the gain; never louder than −1 dBFS. */
export function shapeSpeech(samples: Float32Array, sampleRate: number, { pitch, gain }: Shape): Float32Array {
  const trimmed = trimSilence(samples, sampleRate);
  const moved = pitch === 0 ? trimmed : movePitch(trimmed, sampleRate, pitch);
  const loudest = peak(moved);
  if (loudest === 0) return moved;
  const factor = Math.min(10 ** (gain / 20), LOUDEST_PEAK / loudest);
  return factor === 1 ? moved : moved.map((sample) => sample * factor);
}

/** Played at the old rate, what was made for `sampleRate × factor` sounds higher and shorter by that factor. */
function movePitch(samples: Float32Array, sampleRate: number, pitch: number): Float32Array {
  return resample(samples, { from: Math.round(sampleRate * pitchFactor(pitch)), to: sampleRate });
}

function pitchFactor(semitones: number): number {
  return 2 ** (semitones / 12);
}
