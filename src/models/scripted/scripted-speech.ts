import type { SpeechModelV4, TranscriptionModelV4 } from '@ai-sdk/provider';
import type { Voice } from '../../../contract/voice.ts';
import { decodeWav, encodeWav } from '../../base/audio/wav.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { SpeechDirectory } from '../routing/speech-directory.ts';
import type {
  ActivityDetector,
  PcmChunk,
  SpeechHandle,
  SynthesisRequest,
  Transcript,
  TranscriptionHandle,
  TranscriptionRequest,
  TurnDetector,
} from '../spec/speech-handle.ts';
import { HEARING_SAMPLE_RATE } from '../spec/speech-handle.ts';
import { realWait, untilAborted, type Wait } from './scripted-wait.ts';
import { speechScriptSchema, type SpeechScript, type SpeechScriptInput } from './speech-script.ts';
import { fromTones, toTones } from './spoken-tones.ts';

export const SCRIPTED_VOICE = 'scripted:voice/tone';
const LANGUAGES = ['en', 'zh'];
/** The longest sound its models take by the specification, seconds. */
const MAX_SECONDS = 600;

/** A speech directory with what a test may ask of it afterwards. */
export interface ScriptedSpeech extends SpeechDirectory<SpeechHandle, TranscriptionHandle> {
  /** Texts that were to be spoken, oldest first. */
  readonly spoken: readonly string[];
}

/**
 * A real voice and real ears that do what a script says, when it says it. The voice says words as tones
 * (`spoken-tones.ts`), and the ears understand them again, wherever the sound has been.
 */
export function createScriptedSpeech(input: SpeechScriptInput = {}, options: { wait?: Wait } = {}): ScriptedSpeech {
  const script = speechScriptSchema.parse(input);
  const wait = options.wait ?? realWait;
  const mouth = new ScriptedMouth(script, wait);
  const ear = new ScriptedEar(script, wait);
  const turns = new ScriptedTurns(script, wait);
  const noEars = () => new UnavailableError('Nothing here understands speech.', { code: 'hearing-absent' });
  return {
    spoken: mouth.spoken,
    voices: async () => (script.hasVoice ? [voice] : []),
    defaultVoice: async () => (script.hasVoice ? SCRIPTED_VOICE : null),
    speech: async (voiceRef, signal) => {
      signal.throwIfAborted();
      if (!script.hasVoice || voiceRef !== SCRIPTED_VOICE) {
        throw new UnavailableError(`The voice ${voiceRef} is not here.`, { code: 'voice-absent' });
      }
      return { handle: mouth, voice: 'tone' };
    },
    hearers: async () => (script.hasEars ? [ear] : []),
    transcription: async (language, signal, ref) => {
      signal.throwIfAborted();
      if (
        !script.hasEars ||
        (ref !== undefined && ref !== ear.ref) ||
        (language !== null && !LANGUAGES.includes(language))
      )
        throw noEars();
      return ear;
    },
    ears: async (signal) => {
      signal.throwIfAborted();
      if (!script.hasEars) throw noEars();
      return { turns, createActivity: async () => new LevelActivity(script.speechLevel) };
    },
  };
}

const voice: Voice = {
  ref: SCRIPTED_VOICE,
  label: 'Tone',
  languages: LANGUAGES,
  gender: 'neutral',
  engine: { ref: 'scripted:voice', label: 'Scripted voice', place: 'scripted' },
  modelId: null,
  installed: true,
  forCalls: true,
  cloned: false,
  emotions: ['neutral'],
  licence: 'none',
};

type Rule = SpeechScript['utterances'][number] | SpeechScript['transcripts'][number];

/** Rules that are spent after their times. */
class Rules<T extends Rule> {
  readonly #rules: readonly T[];
  readonly #used = new Map<T, number>();

  constructor(rules: readonly T[]) {
    this.#rules = rules;
  }

  take(matches: (rule: T) => boolean): T | undefined {
    const found = this.#rules.find((rule) => {
      const isSpent = rule.times !== undefined && (this.#used.get(rule) ?? 0) >= rule.times;
      return !isSpent && matches(rule);
    });
    if (found) this.#used.set(found, (this.#used.get(found) ?? 0) + 1);
    return found;
  }
}

class ScriptedMouth implements SpeechHandle {
  readonly ref = 'scripted:voice';
  readonly label = 'Scripted voice';
  readonly place = 'scripted';
  readonly emotions = ['neutral'] as const;
  readonly spoken: string[] = [];
  readonly speechModel: SpeechModelV4;
  readonly #script: SpeechScript;
  readonly #wait: Wait;
  readonly #rules: Rules<SpeechScript['utterances'][number]>;

  constructor(script: SpeechScript, wait: Wait) {
    this.#script = script;
    this.#wait = wait;
    this.#rules = new Rules(script.utterances);
    this.speechModel = {
      specificationVersion: 'v4',
      provider: 'scripted',
      modelId: 'voice',
      doGenerate: async ({ text, speed = 1, abortSignal }) => {
        const request = { text, language: 'en', voice: 'tone', speed, pitch: 0, emotion: 'neutral' } as const;
        const samples: number[] = [];
        const signal = abortSignal ?? new AbortController().signal;
        for await (const chunk of this.synthesize({ ...request, signal })) samples.push(...chunk.samples);
        const audio = encodeWav({ samples: Float32Array.from(samples), sampleRate: script.sampleRate });
        return { audio, warnings: [], response: { timestamp: new Date(), modelId: 'voice' } };
      },
    };
  }

  async *synthesize({ text, speed, signal }: SynthesisRequest): AsyncGenerator<PcmChunk> {
    const { sampleRate, chunkInMs, chunkDelayInMs } = this.#script;
    this.spoken.push(text);
    const rule = this.#rules.take(({ when }) => {
      if (!when) return true;
      return 'contains' in when ? text.includes(when.contains) : text === when.equals;
    });
    const samples = toTones(text, { sampleRate, speed });
    const size = Math.round((chunkInMs * sampleRate) / 1000);
    for (let chunk = 0; ; chunk += 1) {
      if (chunk === rule?.failAfterChunks) {
        const { code, message, retryable } = rule;
        throw new UnavailableError(message, { code, retryable });
      }
      if (chunk === rule?.hangAfterChunks) await untilAborted(signal);
      if (chunk * size >= samples.length) return;
      await this.#wait(chunk === 0 ? (rule?.firstChunkInMs ?? this.#script.firstChunkInMs) : chunkDelayInMs, signal);
      yield { samples: samples.slice(chunk * size, (chunk + 1) * size), sampleRate };
    }
  }

  async warm(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }
}

class ScriptedEar implements TranscriptionHandle {
  readonly ref = 'scripted:ears';
  readonly label = 'Scripted ears';
  readonly place = 'scripted';
  readonly languages = LANGUAGES;
  readonly transcriptionModel: TranscriptionModelV4;
  readonly #script: SpeechScript;
  readonly #wait: Wait;
  readonly #rules: Rules<SpeechScript['transcripts'][number]>;

  constructor(script: SpeechScript, wait: Wait) {
    this.#script = script;
    this.#wait = wait;
    this.#rules = new Rules(script.transcripts);
    this.transcriptionModel = {
      specificationVersion: 'v4',
      provider: 'scripted',
      modelId: 'ears',
      doGenerate: async ({ audio, abortSignal }) => {
        const file = typeof audio === 'string' ? Buffer.from(audio, 'base64') : audio;
        const { samples, sampleRate } = decodeWav(file, { maxSeconds: MAX_SECONDS });
        const said = await this.#hear({ samples, sampleRate, signal: abortSignal ?? new AbortController().signal });
        return {
          text: said.text,
          segments: [],
          language: said.language ?? undefined,
          durationInSeconds: samples.length / sampleRate,
          warnings: [],
          response: { timestamp: new Date(), modelId: 'ears' },
        };
      },
    };
  }

  transcribe({ samples, language, signal }: TranscriptionRequest): Promise<Transcript> {
    return this.#hear({ samples, sampleRate: HEARING_SAMPLE_RATE, language, signal });
  }

  async warm(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }

  async #hear({
    samples,
    sampleRate,
    language = null,
    signal,
  }: PcmChunk & { language?: string | null; signal: AbortSignal }): Promise<Transcript> {
    const durationInMs = (samples.length * 1000) / sampleRate;
    const rule = this.#rules.take(
      ({ fromInMs, toInMs }) => durationInMs >= fromInMs && durationInMs <= (toInMs ?? Number.POSITIVE_INFINITY),
    );
    await this.#wait(this.#script.transcriptInMs, signal);
    if (!rule) return { text: fromTones(samples, sampleRate), language };
    const { fails, text, code, message, retryable } = rule;
    if (fails) throw new UnavailableError(message, { code, retryable });
    return { text, language: rule.language ?? language };
  }
}

class ScriptedTurns implements TurnDetector {
  readonly #script: SpeechScript;
  readonly #wait: Wait;
  #asked = 0;

  constructor(script: SpeechScript, wait: Wait) {
    this.#script = script;
    this.#wait = wait;
  }

  async probability(_samples: Float32Array, signal: AbortSignal): Promise<number> {
    const { turnProbabilities, turnOtherwise, turnInMs } = this.#script;
    const probability = turnProbabilities[this.#asked] ?? turnOtherwise;
    this.#asked += 1;
    await this.#wait(turnInMs, signal);
    return probability;
  }

  async warm(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }
}

/** Whatever is loud is speech. */
class LevelActivity implements ActivityDetector {
  readonly #level: number;

  constructor(level: number) {
    this.#level = level;
  }

  async probability(frame: Float32Array): Promise<number> {
    let energy = 0;
    for (const sample of frame) energy += sample * sample;
    return Math.sqrt(energy / Math.max(1, frame.length)) >= this.#level ? 0.98 : 0.01;
  }

  reset(): void {
    // It remembers nothing.
  }
}
