import { expect, test } from 'vitest';
import { ACTIVITY_FRAME_SAMPLES } from '../models/spec/speech-handle.ts';
import { Ear } from './ear.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

/** Milliseconds after which a microphone that sends nothing is taken for silent. */
const STARVED_AFTER_MS = 400;
const SPEECH = new Float32Array(ACTIVITY_FRAME_SAMPLES).fill(0.5);

function openEar() {
  const clock = new VirtualClock();
  const heard: boolean[] = [];
  const ear = new Ear({
    activity: { probability: async (samples) => (samples[0] === 0 ? 0 : 1), reset: () => undefined },
    clock,
    onFrame: ({ voiced }) => heard.push(voiced),
    isAwaited: () => true,
    onFailure: (error) => {
      throw error;
    },
  });
  return { clock, ear, heard };
}

test('a microphone that sends nothing is silent', async () => {
  const { clock, ear, heard } = openEar();
  ear.hear(SPEECH);
  await clock.advance(STARVED_AFTER_MS + 1);
  expect(heard[0]).toBe(true);
  expect(heard.slice(1)).toHaveLength(12);
  expect(heard.slice(1)).not.toContain(true);
});

test('what came while the house itself was held up is no silence', async () => {
  const { clock, ear, heard } = openEar();
  ear.hear(SPEECH);
  clock.after(STARVED_AFTER_MS, () => ear.hear(SPEECH));
  await clock.advance(STARVED_AFTER_MS + 1);
  expect(heard).toEqual([true, true]);
});
