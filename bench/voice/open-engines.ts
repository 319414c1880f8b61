import { floatToPcm16 } from '../../src/base/audio/pcm16.ts';
import { resample } from '../../src/base/audio/resampler.ts';
import { loadSilero } from '../../src/models/speech/hearing/silero.ts';
import { HEARING_SAMPLE_RATE } from '../../src/models/spec/speech-handle.ts';
import type { TestClock, VirtualClock } from '../../src/voice/testing/virtual-clock.ts';
import { SPEAKING_SAMPLE_RATE, type Listener, type Speaker } from '../../src/voice/voice-ports.ts';
import { needed, openEars, openMouth, type Manner } from './speech-tools.ts';

/** Virtual milliseconds that a transcript and a look at the turn take: what they take on two cores. */
const TRANSCRIPT_MS = 90;
const TURN_MS = 45;

/** The real local engines, their work standing still in virtual time but for what it usually takes. */
export interface RealEngines extends AsyncDisposable {
  /** Mono 16 kHz speech of a person: the house's voice at another pitch. */
  speech(text: string, manner?: Manner): Promise<Float32Array>;
  listener(clock: VirtualClock): Promise<Listener>;
  speaker(clock: TestClock & Pick<VirtualClock, 'hold'>): Speaker;
}

export async function openEngines(): Promise<RealEngines> {
  const stack = new AsyncDisposableStack();
  const silero = stack.use(await loadSilero(Object.values((await needed('silero-vad-6')).files)[0] ?? ''));
  const ears = stack.use(openEars(await needed('moonshine-tiny-en'), await needed('smart-turn-3.2')));
  const mouth = stack.use(openMouth(await needed('piper-en-joe'), { voice: 'joe', language: 'en' }));
  const spoken = new Map<string, Promise<Float32Array>>();
  const remembered = (text: string, manner: Manner = {}) => {
    const key = JSON.stringify([text, manner]);
    const said = spoken.get(key) ?? mouth.say(text, manner);
    spoken.set(key, said);
    return said;
  };
  return {
    speech: remembered,
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
        const samples = await clock.hold(remembered(text));
        yield floatToPcm16(resample(samples, { from: HEARING_SAMPLE_RATE, to: SPEAKING_SAMPLE_RATE }));
      },
    }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
