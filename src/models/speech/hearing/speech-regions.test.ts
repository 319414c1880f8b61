import { expect, test } from 'vitest';
import type { ActivityDetector } from '../../spec/speech-handle.ts';
import { findSpeech } from './speech-regions.ts';

const second = 16_000;
const never = new AbortController().signal;

/** Whatever is not silent is speech. */
const loudness: ActivityDetector = {
  probability: async (frame) => (frame.some((sample) => sample !== 0) ? 0.9 : 0.1),
  reset: () => undefined,
};

function recording(seconds: number, spoken: readonly [number, number][]): Float32Array {
  const samples = new Float32Array(seconds * second);
  for (const [from, to] of spoken) samples.fill(0.5, from * second, to * second);
  return samples;
}

async function regions(seconds: number, spoken: readonly [number, number][], longest = 25) {
  const found = await findSpeech(recording(seconds, spoken), { activity: loudness, longest, signal: never });
  return found.map(({ start, end }) => [start / second, end / second] as const);
}

test('nothing is said in silence, and nothing in nothing', async () => {
  expect(await regions(5, [])).toEqual([]);
  expect(await regions(0, [])).toEqual([]);
});

test('speech has margins that stay inside the recording', async () => {
  const [[start, end] = [0, 0], ...others] = await regions(3, [[0.1, 2.9]]);
  expect(others).toEqual([]);
  expect(start).toBe(0);
  expect(end).toBe(3);
});

test('near sentences are heard together up to the limit, far ones apart', async () => {
  expect(
    await regions(40, [
      [1, 3],
      [4, 6],
      [20, 22],
    ]),
  ).toHaveLength(2);
  expect(
    await regions(
      40,
      [
        [1, 11],
        [12, 22],
        [23, 33],
      ],
      25,
    ),
  ).toHaveLength(2);
});

test('regions are in order and share no sample', async () => {
  const found = await regions(
    30,
    [
      [1, 9],
      [9.6, 18],
      [18.6, 27],
    ],
    10,
  );
  expect(found).toHaveLength(3);
  found.slice(1).forEach(([start], index) => expect(start).toBeGreaterThanOrEqual(found[index]?.[1] ?? 0));
});

test('it stops when told', async () => {
  const stop = new AbortController();
  const activity: ActivityDetector = {
    ...loudness,
    probability: async () => {
      stop.abort();
      return 0;
    },
  };
  await expect(findSpeech(recording(60, []), { activity, longest: 25, signal: stop.signal })).rejects.toThrow(
    'aborted',
  );
});
