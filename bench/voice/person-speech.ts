import { resample } from '../../src/base/audio/resampler.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { findSpeechEntry, loadSpeechCatalog } from '../../src/models/catalog/speech-catalog.ts';
import { createSpeechHost } from '../../src/models/speech/speaking/speech-host.ts';
import { HEARING_SAMPLE_RATE } from '../../src/models/spec/speech-handle.ts';
import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';

const VOICES = {
  en: { id: 'piper-en-joe', voice: 'joe', pitch: 3 },
  zh: { id: 'kokoro-82m', voice: 'zf_xiaoni', pitch: 0 },
};

/** A person who says these things: a voice of the house that no character has, mono 16 kHz. */
export async function personSpeech(language: keyof typeof VOICES, texts: readonly string[]): Promise<Float32Array[]> {
  const { id, voice, pitch } = VOICES[language];
  const entry = findSpeechEntry(await loadSpeechCatalog(), id);
  await using host = createSpeechHost({
    entry,
    files: await locateSpeech(id),
    clock: systemClock,
    logger: silentLogger(),
  });
  const said: Float32Array[] = [];
  for (const text of texts) {
    const pieces: number[] = [];
    const signal = new AbortController().signal;
    for await (const { samples, sampleRate } of host.handle.synthesize({
      text,
      language,
      voice,
      speed: 1,
      pitch,
      emotion: 'neutral',
      signal,
    })) {
      pieces.push(...resample(samples, { from: sampleRate, to: HEARING_SAMPLE_RATE }));
    }
    said.push(Float32Array.from(pieces));
  }
  return said;
}
