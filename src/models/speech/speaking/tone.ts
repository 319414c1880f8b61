import type { Emotion } from '../../../../contract/voice.ts';

/** What an engine without emotions of its own can do about a tone. */
export interface Tone {
  /** Factor of the speed. */
  speed: number;
  /** Semitones on top of the voice's. */
  pitch: number;
  /** Decibels. */
  gain: number;
}

/**
 * Small on purpose: after the acoustic cues of emotional speech in Juslin & Laukka (2003), table 7 (joy and anger faster,
 * higher, louder; sadness and tenderness slower, lower, softer; fear faster and higher), at about a third of what actors do.
 * `whisper` is a soft voice, not an unvoiced one.
 */
const tones: Record<Emotion, Tone> = {
  neutral: { speed: 1, pitch: 0, gain: 0 },
  happy: { speed: 1.06, pitch: 0.8, gain: 1 },
  sad: { speed: 0.9, pitch: -0.6, gain: -2 },
  angry: { speed: 1.08, pitch: 0.3, gain: 2 },
  fearful: { speed: 1.1, pitch: 0.9, gain: -1 },
  surprised: { speed: 1.03, pitch: 1.2, gain: 1 },
  tender: { speed: 0.93, pitch: -0.3, gain: -3 },
  whisper: { speed: 0.92, pitch: 0, gain: -9 },
};

export const followedTones = Object.keys(tones) as readonly Emotion[];

export function toneOf(emotion: Emotion): Tone {
  return tones[emotion];
}
