import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { MEL_FILTERS, SmartTurnFeatures, TURN_FRAMES, TURN_SAMPLES } from './smart-turn-features.ts';

/**
 * What pipecat-ai 1.14.0 (`_whisper_features.py`, numpy 2.4) makes of the signal below: every eleventh filter and every
 * 27th frame of it.
 */
const fixtureSchema = z.object({ filterStep: z.int(), frameStep: z.int(), values: z.array(z.array(z.number())) });
let fixture: z.infer<typeof fixtureSchema>;

const silentSamples = 20_000;

/** Silence, then a chirp, a trembling high tone and a hum: every filter sees something. */
function signal(): Float32Array {
  return Float32Array.from({ length: TURN_SAMPLES }, (_, index) => {
    const time = index / 16_000;
    const chirp = 0.3 * Math.sin(2 * Math.PI * (200 * time + 150 * time ** 2));
    const trembling = 0.1 * Math.sin(2 * Math.PI * 3000 * time) * Math.sin(2 * Math.PI * 3 * time);
    return index < silentSamples ? 0 : chirp + trembling + 0.02 * Math.sin(2 * Math.PI * 50 * time);
  });
}

function largestDifference(features: Float32Array): number {
  const differences = fixture.values.flatMap((row, filter) =>
    row.map((value, frame) => {
      const found = features[filter * fixture.filterStep * TURN_FRAMES + frame * fixture.frameStep];
      return Math.abs((found ?? Number.NaN) - value);
    }),
  );
  return Math.max(...differences);
}

beforeAll(async () => {
  const text = await readFile(new URL('./fixtures/whisper-log-mel.json', import.meta.url), 'utf8');
  fixture = fixtureSchema.parse(JSON.parse(text));
});

test('the features agree with the numpy reference', () => {
  expect(fixture.values.flat()).toHaveLength(240);
  expect(largestDifference(new SmartTurnFeatures().extract(signal()))).toBeLessThan(4e-6);
});

test('what is shorter is padded in front, what is longer loses its beginning', () => {
  const features = new SmartTurnFeatures();
  expect(largestDifference(features.extract(signal().subarray(silentSamples)))).toBeLessThan(4e-6);
  const longer = new Float32Array(TURN_SAMPLES + 48_000).fill(0.9);
  longer.set(signal(), 48_000);
  expect(largestDifference(features.extract(longer))).toBeLessThan(4e-6);
});

test('nothing at all gives features without holes', () => {
  const features = new SmartTurnFeatures().extract(new Float32Array(0));
  expect(features).toHaveLength(MEL_FILTERS * TURN_FRAMES);
  expect(features.every(Number.isFinite)).toBe(true);
});
