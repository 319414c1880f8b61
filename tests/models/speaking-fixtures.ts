import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';
import { rmsInDbfs } from '../../src/base/audio/loudness.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { findSpeechEntry, loadSpeechCatalog } from '../../src/models/catalog/speech-catalog.ts';
import type { SpeechHandle, SynthesisRequest } from '../../src/models/spec/speech-handle.ts';
import { createSpeechHost, type SpeechHost } from '../../src/models/speech/speaking/speech-host.ts';

/** Whether the tests were given a speech model of the catalog. */
export function hasSpeech(id: string): boolean {
  return (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(id);
}

export async function openVoice(id: string): Promise<SpeechHost> {
  return createSpeechHost({
    entry: findSpeechEntry(await loadSpeechCatalog(), id),
    files: await locateSpeech(id),
    idleUnloadInMs: 0,
    logger: silentLogger(),
    clock: systemClock,
  });
}

export interface Spoken {
  samples: Float32Array;
  sampleRate: number;
  seconds: number;
  /** Root mean square, dBFS. */
  level: number;
  chunks: number;
}

export function request(given: Partial<SynthesisRequest> & { text: string; voice: string }): SynthesisRequest {
  return {
    language: 'en',
    speed: 1,
    pitch: 0,
    emotion: 'neutral',
    signal: new AbortController().signal,
    ...given,
  };
}

export async function speak(
  handle: SpeechHandle,
  given: Partial<SynthesisRequest> & { text: string; voice: string },
): Promise<Spoken> {
  const parts: Float32Array[] = [];
  let sampleRate = 0;
  for await (const chunk of handle.synthesize(request(given))) {
    parts.push(chunk.samples);
    ({ sampleRate } = chunk);
  }
  const samples = Float32Array.from(parts.flatMap((part) => [...part]));
  return { samples, sampleRate, seconds: samples.length / sampleRate, level: rmsInDbfs(samples), chunks: parts.length };
}

/** Milliseconds before the first sample, and after the last one, that stands out. */
export function edges({ samples, sampleRate }: Spoken): { before: number; after: number } {
  const sounds = (sample: number) => Math.abs(sample) > 0.01;
  return {
    before: (samples.findIndex(sounds) / sampleRate) * 1_000,
    after: ((samples.length - 1 - samples.findLastIndex(sounds)) / sampleRate) * 1_000,
  };
}
