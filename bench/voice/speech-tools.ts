import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';
import { joinSamples } from '../../src/base/audio/join-samples.ts';
import { resample } from '../../src/base/audio/resampler.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { type LocatedFiles } from '../../src/models/catalog/file-set.ts';
import { loadSpeechCatalog, type SpeechEntry } from '../../src/models/catalog/speech-catalog.ts';
import { HEARING_SAMPLE_RATE } from '../../src/models/spec/speech-handle.ts';
import { createHearingHost, type HearingHost } from '../../src/models/speech/hearing/hearing-host.ts';
import { createSpeechHost } from '../../src/models/speech/speaking/speech-host.ts';

export interface Installed {
  entry: SpeechEntry;
  files: LocatedFiles;
}

/** A speech model of the catalog with its files; null, said on stderr, when it was not fetched. */
export async function installed(id: string): Promise<Installed | null> {
  const { entries } = await loadSpeechCatalog();
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`The catalog has no ${id}.`);
  try {
    return { entry, files: await locateSpeech(id) };
  } catch {
    console.error(`${id} is not installed and is left out; ./everwith test fetches what packages carry.`);
    return null;
  }
}

/** Throws where the measurement makes no sense without. */
export async function needed(id: string): Promise<Installed> {
  const found = await installed(id);
  if (!found) throw new Error(`This benchmark needs ${id}: run ./everwith test once, which fetches it.`);
  return found;
}

export function openEars(ears: Installed, turn: Installed | null): HearingHost {
  return createHearingHost({ ...ears, turn, idleUnloadInMs: 0, clock: systemClock, logger: silentLogger() });
}

/** Speed 1 and pitch 0 are the voice's own; semitones. */
export interface Manner {
  speed?: number;
  pitch?: number;
}

export interface Mouth extends AsyncDisposable {
  name: string;
  /** Mono 16 kHz, without silence around. */
  say(text: string, manner?: Manner): Promise<Float32Array>;
}

export function openMouth(
  { entry, files }: Installed,
  { voice, language }: { voice: string; language: string },
): Mouth {
  const host = createSpeechHost({ entry, files, idleUnloadInMs: 0, clock: systemClock, logger: silentLogger() });
  const signal = new AbortController().signal;
  return {
    name: `${entry.id}/${voice}`,
    async say(text, { speed = 1, pitch = 0 } = {}) {
      const pieces: Float32Array[] = [];
      let sampleRate = HEARING_SAMPLE_RATE;
      const request = { text, language, voice, speed, pitch, emotion: 'neutral', signal } as const;
      for await (const chunk of host.handle.synthesize(request)) {
        pieces.push(chunk.samples);
        sampleRate = chunk.sampleRate;
      }
      return resample(joinSamples(pieces), { from: sampleRate, to: HEARING_SAMPLE_RATE });
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

export function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * HEARING_SAMPLE_RATE));
}
