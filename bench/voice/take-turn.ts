import type { TurnProfile } from '../../contract/voice.ts';
import type { TurnDetector } from '../../src/models/spec/speech-handle.ts';
import type { Silero } from '../../src/models/speech/hearing/silero.ts';
import { createCall } from '../../src/voice/create-call.ts';
import { FRAME_MS } from '../../src/voice/ear.ts';
import { FakePorts } from '../../src/voice/testing/fake-ports.ts';
import { SimulatedCaller } from '../../src/voice/testing/simulated-caller.ts';
import { endsUnfinished } from '../../src/voice/unfinished-words.ts';
import { VirtualClock } from '../../src/voice/testing/virtual-clock.ts';
import type { Listener } from '../../src/voice/voice-ports.ts';

/** What the stages of a call take on two idle cores with the fallback models, milliseconds. */
const STAGES = { transcriptInMs: 90, firstTokenInMs: 350, tokenInMs: 15, firstAudioInMs: 150, confirmInMs: 5 };
const DETECTOR_MS = 46;

export interface TakenTurn {
  /** When the loop was certain that the turn is over, and when the reply began to leave for the caller. */
  decidedAt: number[];
  soundedAt: number[];
  /** What the turn detector said, and when it was asked; 0 where the words said that more will come. */
  asked: { at: number; probability: number }[];
  /** Where Silero heard nobody: from the end of the last frame with speech to the end of the next one. */
  silences: { from: number; to: number }[];
}

export interface EarsUnderTest {
  silero: Silero;
  turns: TurnDetector;
  /** The words; absent = they are always understood. */
  transcribe?: Listener['transcribe'];
}

/** The real loop with the real ears on a virtual clock; only the words, the model and the voice are made up. */
export async function takeTurn(samples: Float32Array, ears: EarsUnderTest, profile: TurnProfile): Promise<TakenTurn> {
  const clock = new VirtualClock();
  const ports = new FakePorts(clock, STAGES);
  ports.answer = () => 'I see.';
  const detector = ears.silero.create();
  const voiced: number[] = [];
  const asked: TakenTurn['asked'] = [];
  let understood = '';
  const listener: Listener = {
    activity: {
      probability: async (frame) => {
        const probability = await clock.hold(detector.probability(frame));
        voiced.push(probability);
        return probability;
      },
      reset: () => detector.reset(),
    },
    transcribe: async (request) => {
      const heard = ears.transcribe
        ? await clock.hold(ears.transcribe(request))
        : { text: 'so I said', language: 'en' };
      await clock.sleep(STAGES.transcriptInMs, request.signal);
      understood = heard.text;
      return heard;
    },
    turnProbability: async (turn, signal) => {
      const at = clock.now();
      const probability = await clock.hold(ears.turns.probability(turn, signal));
      await clock.sleep(DETECTOR_MS, signal);
      asked.push({ at, probability: endsUnfinished(understood) ? 0 : probability });
      return probability;
    },
  };
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  const { speaker, replier } = ports;
  const call = createCall({ clock, newId, listener, speaker, replier, profile, playback: 'reported', language: 'en' });
  const caller = new SimulatedCaller(call, clock);
  caller.speak(samples);
  await caller.run((samples.length * 1000) / 16_000);
  const times = (wanted: (event: (typeof caller.events)[number]['event']) => boolean): number[] =>
    caller.events.filter(({ event }) => wanted(event)).map(({ at }) => at);
  const taken = {
    decidedAt: times((event) => event.type === 'state-change' && event.state === 'thinking'),
    soundedAt: times((event) => event.type === 'audio'),
    asked,
    silences: silencesOf(voiced),
  };
  const ended = call.end('hung-up');
  await caller.run(1000);
  await ended;
  return taken;
}

/** With the hysteresis that the loop uses. */
function silencesOf(probabilities: readonly number[]): TakenTurn['silences'] {
  const found: TakenTurn['silences'] = [];
  let isVoiced = false;
  let begun = false;
  for (const [frame, probability] of probabilities.entries()) {
    const now: boolean = probability >= (isVoiced ? 0.35 : 0.5);
    const last = found.at(-1);
    if (begun && !now && isVoiced) found.push({ from: frame * FRAME_MS, to: Infinity });
    if (now && !isVoiced && last) last.to = (frame + 1) * FRAME_MS;
    begun ||= now;
    isVoiced = now;
  }
  return found;
}
