import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlaybackQueue } from './playback-queue.ts';

const tone = (milliseconds: number) => new Int16Array(milliseconds * 24).fill(16_384);
function pull(queue: PlaybackQueue, milliseconds: number): Float32Array {
  const output = new Float32Array(milliseconds * 24);
  for (let at = 0; at < output.length; at += 64) queue.pull(output.subarray(at, at + 64));
  return output;
}
const loud = (samples: Float32Array) => samples.reduce((count, sample) => count + (sample > 0.4 ? 1 : 0), 0) / 24;

describe('what is to sound', () => {
  test('waits for a cushion, then plays without a gap and knows where it is', () => {
    const queue = new PlaybackQueue();
    queue.push({ replyId: 'a', samples: tone(40), positionInMs: 0 });
    expect(loud(pull(queue, 20))).toBe(0);
    queue.push({ replyId: 'a', samples: tone(40), positionInMs: 40 });
    expect(loud(pull(queue, 80))).toBe(80);
    expect(queue.position).toEqual({ replyId: 'a', positionInMs: 80, done: false });
  });

  test('a short reply needs no cushion once all of it is there, and is done at its end', () => {
    const queue = new PlaybackQueue();
    queue.push({ replyId: 'a', samples: tone(20), positionInMs: 0 });
    queue.sent('a', 20);
    expect(loud(pull(queue, 40))).toBe(20);
    expect(queue.position).toEqual({ replyId: 'a', positionInMs: 20, done: true });
  });

  test('what arrives twice sounds once', () => {
    const queue = new PlaybackQueue();
    queue.push({ replyId: 'a', samples: tone(100), positionInMs: 0 });
    pull(queue, 60);
    queue.push({ replyId: 'a', samples: tone(100), positionInMs: 20 });
    expect(loud(pull(queue, 200))).toBe(60);
    expect(queue.position?.positionInMs).toBe(120);
  });

  test('flushed within some milliseconds, and nothing of it that arrives later sounds', () => {
    const queue = new PlaybackQueue();
    queue.push({ replyId: 'a', samples: tone(500), positionInMs: 0 });
    pull(queue, 100);
    queue.flush('a');
    queue.push({ replyId: 'a', samples: tone(500), positionInMs: 500 });
    expect(loud(pull(queue, 200))).toBeLessThan(6);
    expect(queue.position?.positionInMs).toBe(100);
    queue.push({ replyId: 'b', samples: tone(100), positionInMs: 0 });
    expect(loud(pull(queue, 100))).toBeCloseTo(100, 0);
  });

  test('is lowered and raised within 25 ms, without a step', () => {
    const queue = new PlaybackQueue();
    queue.push({ replyId: 'a', samples: tone(500), positionInMs: 0 });
    pull(queue, 100);
    queue.duck(true);
    const down = pull(queue, 40);
    expect(down.at(-1)).toBeCloseTo(0.08, 2);
    for (let at = 1; at < down.length; at += 1)
      expect(Math.abs((down[at] ?? 0) - (down[at - 1] ?? 0))).toBeLessThan(0.01);
    queue.duck(false);
    expect(pull(queue, 40).at(-1)).toBeCloseTo(0.5, 2);
  });

  test('after running dry it waits for more', () => {
    const queue = new PlaybackQueue();
    queue.push({ replyId: 'a', samples: tone(80), positionInMs: 0 });
    pull(queue, 120);
    queue.push({ replyId: 'a', samples: tone(80), positionInMs: 80 });
    expect(loud(pull(queue, 40))).toBe(0);
    queue.push({ replyId: 'a', samples: tone(80), positionInMs: 160 });
    expect(loud(pull(queue, 200))).toBe(160);
  });
});

test('whatever the network does, each sample sounds once, in order, and the position is exact', () => {
  const chunk = fc.record({ samples: fc.integer({ min: 1, max: 4000 }), again: fc.nat(2000), pull: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30 }), (chunks) => {
      const queue = new PlaybackQueue();
      const sounded: number[] = [];
      const take = (samples: number) => {
        const output = new Float32Array(samples);
        queue.pull(output);
        for (const sample of output) if (sample !== 0) sounded.push(Math.round(sample * 0x8000));
      };
      // No sample is zero, so that silence is known from sound; numbers repeat only far apart.
      const numbers = (from: number, length: number) =>
        Int16Array.from({ length }, (_, at) => ((from + at) % 30_000) + 1);
      let end = 0;
      for (const { samples, again, pull: wanted } of chunks) {
        const from = Math.max(0, end - again);
        queue.push({ replyId: 'r', samples: numbers(from, end - from + samples), positionInMs: from / 24 });
        end += samples;
        take(wanted);
        const played = queue.position === null ? 0 : Math.round(queue.position.positionInMs * 24);
        expect(played).toBe(sounded.length);
      }
      queue.sent('r', end / 24);
      take(end + 10_000);
      expect(sounded).toEqual([...numbers(0, end)]);
    }),
    { numRuns: 200 },
  );
});

test('what ran dry before its end is counted, the end itself is not', () => {
  const queue = new PlaybackQueue();
  queue.push({ replyId: 'r', samples: tone(100), positionInMs: 0 });
  pull(queue, 150);
  expect(queue.underruns).toBe(1);
  queue.push({ replyId: 'r', samples: tone(200), positionInMs: 100 });
  queue.sent('r', 300);
  pull(queue, 400);
  expect(queue.underruns).toBe(1);
});
