import { systemClock } from '../../src/base/clock.ts';
import { floatToPcm16 } from '../../src/base/audio/pcm16.ts';
import { resample } from '../../src/base/audio/resampler.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { findSpeechEntry, loadSpeechCatalog } from '../../src/models/catalog/speech-catalog.ts';
import { createHearingHost } from '../../src/models/speech/hearing/hearing-host.ts';
import { loadSilero } from '../../src/models/speech/hearing/silero.ts';
import { createSpeechHost } from '../../src/models/speech/speaking/speech-host.ts';
import { HEARING_SAMPLE_RATE } from '../../src/models/spec/speech-handle.ts';
import type { TestClock, VirtualClock } from '../../src/voice/testing/virtual-clock.ts';
import { SPEAKING_SAMPLE_RATE, type Listener, type Speaker } from '../../src/voice/voice-ports.ts';
import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';

/** Virtual milliseconds that a transcript and a look at the turn take: what they take on two cores. */
const TRANSCRIPT_MS = 90;
const TURN_MS = 45;

const never = new AbortController().signal;

/** The real local engines, their work standing still in virtual time but for what it usually takes. */
export interface RealEngines extends AsyncDisposable {
  /** Mono 16 kHz speech of a person: the house's voice at another pitch. */
  speech(text: string, options?: { pitch?: number; speed?: number }): Promise<Float32Array>;
  listener(clock: VirtualClock): Promise<Listener>;
  speaker(clock: TestClock & Pick<VirtualClock, 'hold'>): Speaker;
}

export async function openEngines(): Promise<RealEngines> {
  const stack = new AsyncDisposableStack();
  const catalog = await loadSpeechCatalog();
  const parts = { clock: systemClock, logger: silentLogger() };
  const located = async (id: string) => ({ entry: findSpeechEntry(catalog, id), files: await locateSpeech(id) });
  const silero = stack.use(await loadSilero(Object.values((await located('silero-vad-6')).files)[0] ?? ''));
  const ears = stack.use(
    createHearingHost({ ...(await located('moonshine-tiny-en')), turn: await located('smart-turn-3.2'), ...parts }),
  );
  const mouth = stack.use(createSpeechHost({ ...(await located('piper-en-joe')), ...parts }));
  const spoken = new Map<string, Promise<Float32Array>>();
  const synthesize = async (text: string, { pitch = 0, speed = 1 } = {}): Promise<Float32Array> => {
    const pieces: Float32Array[] = [];
    const request = { text, language: 'en', voice: 'joe', speed, pitch, emotion: 'neutral' as const, signal: never };
    let sampleRate = SPEAKING_SAMPLE_RATE;
    for await (const piece of mouth.handle.synthesize(request)) {
      pieces.push(piece.samples);
      ({ sampleRate } = piece);
    }
    return resample(joined(pieces), { from: sampleRate, to: SPEAKING_SAMPLE_RATE });
  };
  const remembered = (text: string, options: { pitch?: number; speed?: number } = {}) => {
    const key = JSON.stringify([text, options]);
    const known = spoken.get(key) ?? synthesize(text, options);
    spoken.set(key, known);
    return known;
  };
  return {
    speech: async (text, options) =>
      resample(await remembered(text, options), { from: SPEAKING_SAMPLE_RATE, to: HEARING_SAMPLE_RATE }),
    listener: async (clock) => {
      const activity = silero.create();
      return {
        activity: { probability: (frame) => clock.hold(activity.probability(frame)), reset: () => activity.reset() },
        transcribe: async ({ samples, signal }) => {
          const heard = await clock.hold(ears.transcription.transcribe({ samples, language: 'en', signal }));
          await clock.sleep(TRANSCRIPT_MS, signal);
          return heard;
        },
        turnProbability: async (samples, signal) => {
          const probability = await clock.hold(ears.turns?.probability(samples, signal) ?? Promise.resolve(1));
          await clock.sleep(TURN_MS, signal);
          return probability;
        },
      };
    },
    speaker: (clock) => ({
      async *speak({ text }) {
        yield floatToPcm16(await clock.hold(remembered(text)));
      },
    }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
