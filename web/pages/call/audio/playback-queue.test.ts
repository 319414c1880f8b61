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
