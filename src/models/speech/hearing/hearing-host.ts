import { floatToPcm16 } from '../../../base/audio/pcm16.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError, ResourceError, TooLargeError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { LocatedFiles } from '../../catalog/file-set.ts';
import type { SpeechEntry } from '../../catalog/speech-catalog.ts';
import { SupervisedProcess } from '../../host/supervised-process.ts';
import {
  HEARING_SAMPLE_RATE,
  type TranscriptionHandle,
  type TranscriptionRequest,
  type TurnDetector,
} from '../../spec/speech-handle.ts';
import type { HearingInfo, HearingMethods, HearingStart, TranscribeResult } from './hearing-protocol.ts';
import { createLocalTranscriptionModel } from './local-transcription-model.ts';
import { TURN_SAMPLES } from './smart-turn-features.ts';

export interface HearingHostOptions {
  /** Role `transcription`. */
  entry: SpeechEntry;
  files: LocatedFiles;
  /** A detector of ends of turns in the same child; null = `turns` is null. */
  turn: { entry: SpeechEntry; files: LocatedFiles } | null;
  /** 0 keeps the engine loaded. */
  idleUnloadInMs?: number;
  clock: Clock;
  logger: Logger;
}

/** Engines that listen, in one supervised child process. Nothing is loaded before the first call. */
export interface HearingHost extends AsyncDisposable {
  transcription: TranscriptionHandle;
  turns: TurnDetector | null;
  /** Process id of the child; null while there is none. */
  readonly pid: number | null;
  /** Frees the memory now; the next call loads again. */
  unload(): Promise<void>;
}

const defaultIdleUnloadInMs = 10 * 60_000;
/** Every length of audio is a shape of its own to the runtime, which keeps memory for each. */
const mostGrowthInBytes = 200 * 2 ** 20;
/** Of one request; longer recordings are cut by `transcribeLong`. */
const MOST_SECONDS = 30 * 60;

export function createHearingHost(options: HearingHostOptions): HearingHost {
  const { entry, turn, clock, logger } = options;
  const child = new SupervisedProcess<HearingMethods, HearingInfo>({
    program: new URL('./hearing-program.ts', import.meta.url),
    name: 'The hearing engine',
    startOptions: async () => startOptions(options),
    idleUnloadInMs: options.idleUnloadInMs ?? defaultIdleUnloadInMs,
    recycle: { growthInBytes: mostGrowthInBytes },
    logger,
    clock,
  });
  return {
    transcription: new LocalTranscription(entry, child),
    turns: turn && new LocalTurns(child),
    get pid() {
      return child.pid ?? null;
    },
    unload: () => child.unload(),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

type HearingChild = SupervisedProcess<HearingMethods, HearingInfo>;

function startOptions({ entry, files, turn }: HearingHostOptions): HearingStart {
  const { engine, languages, settings } = entry;
  const turnModel = turn?.files['model'] ?? null;
  if (turn && turnModel === null)
    throw new ResourceError(`The file "model" of ${turn.entry.label} is missing; fetch it again.`, {
      code: 'hearing-absent',
    });
  return { ears: { engine, languages, settings, files }, turnModel };
}

class LocalTranscription implements TranscriptionHandle {
  readonly ref: string;
  readonly label: string;
  readonly place = 'this-computer';
  readonly languages: readonly string[];
  readonly transcriptionModel: TranscriptionHandle['transcriptionModel'];
  readonly #child: HearingChild;
  /** What is under way of each live stream. */
  readonly #streams = new Map<string, AbortController>();

  constructor(entry: SpeechEntry, child: HearingChild) {
    this.ref = `local:${entry.id}`;
    this.label = entry.label;
    this.languages = entry.languages;
    this.#child = child;
    this.transcriptionModel = createLocalTranscriptionModel({
      modelId: entry.id,
      maxSeconds: MOST_SECONDS,
      transcribe: (request) => this.#hear({ ...request, priority: 'background' }),
    });
  }

  async transcribe(request: TranscriptionRequest): Promise<{ text: string; language: string | null }> {
    const { stream } = request;
    if (stream === undefined) return this.#understand(request);
    this.#streams.get(stream)?.abort();
    const superseded = new AbortController();
    this.#streams.set(stream, superseded);
    try {
      return await this.#understand({ ...request, signal: AbortSignal.any([request.signal, superseded.signal]) });
    } finally {
      if (this.#streams.get(stream) === superseded) this.#streams.delete(stream);
    }
  }

  async warm(signal: AbortSignal): Promise<void> {
    await this.#child.load(signal);
  }

  async #understand(request: TranscriptionRequest): Promise<{ text: string; language: string | null }> {
    const { text, language } = await this.#hear(request);
    return { text, language };
  }

  async #hear({ samples, language, priority = 'live', signal }: TranscriptionRequest): Promise<TranscribeResult> {
    if (language !== null && !this.languages.includes(language))
      throw new InvalidInputError(
        `${this.label} does not understand the language "${language}"; it understands ${this.languages.join(', ')}.`,
        { code: 'language-unsupported', field: 'language', details: { language } },
      );
    if (samples.length > MOST_SECONDS * HEARING_SAMPLE_RATE)
      throw new TooLargeError(`The recording is longer than ${MOST_SECONDS / 60} minutes. Send it in parts.`, {
        code: 'audio-too-long',
      });
    return this.#child.request('transcribe', { samples: floatToPcm16(samples), language, priority }, { signal });
  }
}

class LocalTurns implements TurnDetector {
  readonly #child: HearingChild;

  constructor(child: HearingChild) {
    this.#child = child;
  }

  async probability(samples: Float32Array, signal: AbortSignal): Promise<number> {
    const heard = samples.subarray(Math.max(0, samples.length - TURN_SAMPLES));
    const { probability } = await this.#child.request('turn', { samples: floatToPcm16(heard) }, { signal });
    return probability;
  }

  async warm(signal: AbortSignal): Promise<void> {
    await this.#child.load(signal);
  }
}
