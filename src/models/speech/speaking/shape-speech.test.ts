import { describe, expect, test } from 'vitest';
import { peak, rmsInDbfs } from '../../../base/audio/loudness.ts';
import { engineSpeed, shapeSpeech } from './shape-speech.ts';

const RATE = 22_050;

function tone(hertz: number, level = 0.2): Float32Array {
  return Float32Array.from({ length: RATE }, (_, index) => level * Math.sin((2 * Math.PI * hertz * index) / RATE));
}

/** Rising zero crossings a second. */
function frequency(samples: Float32Array): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index++) {
    if ((samples[index - 1] ?? 0) < 0 && (samples[index] ?? 0) >= 0) crossings += 1;
  }
  return (crossings * RATE) / samples.length;
}

describe('pitch', () => {
  test.each([-12, -5, 3, 12])('moves by %d semitones, and engine and shape together keep the duration', (pitch) => {
    const factor = 2 ** (pitch / 12);
    const shaped = shapeSpeech(tone(200), RATE, { pitch, gain: 0 });
    expect(frequency(shaped) / 200).toBeCloseTo(factor, 1);
    const engineDuration = RATE / engineSpeed({ speed: 1, pitch });
    expect(Math.abs((shaped.length * engineDuration) / RATE / RATE - 1)).toBeLessThan(0.01);
  });

  test('an engine is never asked for a speed it cannot speak', () => {
    expect(engineSpeed({ speed: 2, pitch: -12 })).toBe(2.5);
    expect(engineSpeed({ speed: 0.5, pitch: 12 })).toBe(0.4);
    expect(engineSpeed({ speed: 1.3, pitch: 0 })).toBe(1.3);
  });
});

describe('gain', () => {
  test('is in decibels, and never goes beyond −1 dBFS', () => {
    const level = rmsInDbfs(shapeSpeech(tone(200), RATE, { pitch: 0, gain: 0 }));
    expect(rmsInDbfs(shapeSpeech(tone(200), RATE, { pitch: 0, gain: -6 })) - level).toBeCloseTo(-6, 3);
    expect(peak(shapeSpeech(tone(200, 0.9), RATE, { pitch: 0, gain: 12 }))).toBeCloseTo(0.89, 5);
  });

  test('silence stays nothing', () => {
    expect(shapeSpeech(new Float32Array(RATE), RATE, { pitch: 4, gain: 3 }).length).toBe(0);
  });
});
