import { expect, test } from 'vitest';
import { followsPlayback, playbackSteps } from './echo-envelope.ts';

/** Loudness of syllables: up and down at a speed of its own. */
const speech = (steps: number, speed: number, gain = 1) =>
  Array.from(
    { length: steps },
    (_, index) => gain * (0.04 + 0.02 * Math.sin(index * speed) + 0.01 * Math.sin(index * speed * 2.7)),
  );

test('our own sound, late and quiet, is known by how it moves', () => {
  const played = speech(playbackSteps(24), 1.1);
  const lag = 5;
  const heard = played.slice(played.length - 24 - lag, played.length - lag).map((power) => power * 0.05);
  expect(followsPlayback(heard, played)).toBe(true);
});

test('somebody else moves otherwise', () => {
  expect(followsPlayback(speech(24, 0.63), speech(playbackSteps(24), 1.1))).toBe(false);
});

test('a steady sound over a pause of ours is no echo: one step is like any other', () => {
  const played = [...speech(30, 0).map(() => 1e-7), ...speech(14, 0)];
  const heard = [...Array.from({ length: 3 }, () => 1e-5), ...Array.from({ length: 21 }, () => 0.02)];
  expect(followsPlayback(heard, played)).toBe(false);
});

test('too little is never an echo by loudness alone', () => {
  const played = speech(playbackSteps(10), 1.1);
  expect(followsPlayback(played.slice(-10), played)).toBe(false);
});
