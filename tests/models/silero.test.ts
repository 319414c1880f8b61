import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';
import { InvalidInputError } from '../../src/base/errors.ts';
import { loadSilero, type Silero } from '../../src/models/speech/hearing/silero.ts';
import { ACTIVITY_FRAME_SAMPLES, type ActivityDetector } from '../../src/models/spec/speech-handle.ts';
import { canSpeak, joinAudio, noise, silence, speak } from '../support/test-speech.ts';

const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes('silero-vad-6');

async function hear(detector: ActivityDetector, samples: Float32Array): Promise<number[]> {
  const heard: number[] = [];
  for (let start = 0; start + ACTIVITY_FRAME_SAMPLES <= samples.length; start += ACTIVITY_FRAME_SAMPLES)
    heard.push(await detector.probability(samples.subarray(start, start + ACTIVITY_FRAME_SAMPLES)));
  return heard;
}

describe.skipIf(!ready || !canSpeak)('Silero in process', () => {
  let silero: Silero;

  beforeAll(async () => {
    silero = await loadSilero((await locateSpeech('silero-vad-6'))['model'] ?? '');
  });
  afterAll(() => silero[Symbol.asyncDispose]());

  test('speech is heard within 100 ms and forgotten within 200 ms of its end', async () => {
    const sentence = await speak('The weather is lovely today.');
    const heard = await hear(silero.create(), joinAudio(silence(1), sentence, silence(1)));
    const first = heard.findIndex((probability) => probability > 0.5);
    const last = heard.findLastIndex((probability) => probability > 0.5);
    const frameInMs = 32;
    expect(first * frameInMs).toBeGreaterThan(900);
    expect(first * frameInMs).toBeLessThan(1100);
    const endInMs = 1000 + sentence.length / 16;
    expect(last * frameInMs).toBeGreaterThan(endInMs - 400);
    expect(last * frameInMs).toBeLessThan(endInMs + 200);
  });

  test('silence and noise of three colours are no speech', async () => {
    const quiet = [silence(3)];
    for (const colour of ['whitenoise', 'pinknoise', 'brownnoise'] as const) quiet.push(await noise(3, colour, -25));
    for (const samples of quiet) {
      const heard = await hear(silero.create(), samples);
      expect(heard.filter((probability) => probability > 0.5).length).toBeLessThan(heard.length * 0.02);
    }
  });

  test('frames asked for at once are heard in order, and detectors do not disturb each other', async () => {
    const samples = joinAudio(silence(0.2), await speak('One, two, three.'));
    const alone = await hear(silero.create(), samples);
    const [first, second] = [silero.create(), silero.create()];
    const frames = alone.map((_, index) =>
      samples.subarray(index * ACTIVITY_FRAME_SAMPLES, (index + 1) * ACTIVITY_FRAME_SAMPLES),
    );
    const together = await Promise.all(
      frames.map((frame) =>
        Promise.all([first.probability(frame), second.probability(new Float32Array(512).fill(0.1))]),
      ),
    );
    expect(together.map(([probability]) => probability)).toEqual(alone);
  });

  test('a frame of another size is refused by name, and the stream goes on', async () => {
    const detector = silero.create();
    await expect(detector.probability(new Float32Array(480))).rejects.toThrow(InvalidInputError);
    await expect(detector.probability(new Float32Array(480))).rejects.toThrow('512 samples; this one has 480');
    expect(await detector.probability(new Float32Array(512))).toBeLessThan(0.5);
  });

  test('samples that are no numbers, or far too loud, do not deafen it', async () => {
    const detector = silero.create();
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY, -1e30])
      expect(await detector.probability(new Float32Array(512).fill(poison))).toBeGreaterThanOrEqual(0);
    const heard = await hear(detector, joinAudio(silence(0.5), await speak('Can you hear me now?')));
    expect(Math.max(...heard)).toBeGreaterThan(0.9);
  });

  test('after a reset it is as new', async () => {
    const samples = await speak('Hello there.');
    const detector = silero.create();
    const before = await hear(detector, samples);
    detector.reset();
    expect(await hear(detector, samples)).toEqual(before);
  });
});
