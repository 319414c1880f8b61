import { describe, expect, test } from 'vitest';
import { SpeechGate, levelInDb } from './speech-gate.ts';

/** Answers the frames, from 0, in which somebody is said to begin. */
function onsets(levels: readonly number[], played: (frame: number) => number = () => -90, gate = new SpeechGate()) {
  return levels.flatMap((level, frame) => (gate.hear({ levelInDb: level, playedInDb: played(frame) }) ? [frame] : []));
}
const seconds = (count: number, level: number) => Array.from({ length: count * 50 }, () => level);

describe('the gate that lowers our voice', () => {
  test('opens within 60 ms of a voice, once', () => {
    expect(onsets([...seconds(1, -65), ...seconds(1, -28)])).toEqual([52]);
  });

  test('opens for a quiet voice in a quiet room', () => {
    expect(onsets([...seconds(1, -72), ...seconds(1, -46)])).toEqual([52]);
  });

  test('is deaf to a click', () => {
    expect(onsets([...seconds(1, -65), -20, -30, ...seconds(1, -65)])).toEqual([]);
  });

  test('gets used to a fan', () => {
    const gate = new SpeechGate();
    onsets(seconds(30, -44), undefined, gate);
    expect(onsets(seconds(5, -41), undefined, gate)).toEqual([]);
    expect(onsets(seconds(1, -22), undefined, gate)).toEqual([2]);
  });

  test('does not take our own echo for a voice, before and after it is cancelled', () => {
    const loud = () => -20;
    const gate = new SpeechGate();
    expect(onsets(seconds(2, -34), loud, gate)).toEqual([]);
    expect(onsets(seconds(8, -60), loud, gate)).toEqual([]);
    expect(onsets(seconds(1, -28), loud, gate)).toEqual([2]);
  });

  test('opens again after a pause', () => {
    const gate = new SpeechGate();
    const speech = [...seconds(1, -65), ...seconds(1, -25), ...seconds(1, -65), ...seconds(1, -25)];
    expect(onsets(speech, undefined, gate)).toEqual([52, 152]);
  });
});

test('levels are decibels below full scale', () => {
  expect(levelInDb(new Float32Array(100).fill(0.1))).toBeCloseTo(-20, 3);
  expect(levelInDb(new Float32Array(100))).toBe(-90);
});
