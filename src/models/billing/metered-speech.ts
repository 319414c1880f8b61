import type { SpeechDirectory } from '../routing/speech-directory.ts';
import {
  HEARING_SAMPLE_RATE,
  type BillableSpeech,
  type BillableTranscription,
  type PcmChunk,
  type SpeechHandle,
  type SynthesisRequest,
  type Transcript,
  type TranscriptionHandle,
  type TranscriptionRequest,
} from '../spec/speech-handle.ts';
import type { Bill } from './bill.ts';
import type { Cashier } from './cashier.ts';

type Charged = Extract<Bill, { account: unknown }>;
type Engines = SpeechDirectory<SpeechHandle, TranscriptionHandle>;

/** Set aside for each character, milliseconds of sound: slowly spoken Chinese. */
export const MOST_MS_A_CHARACTER = 300;

/** The house's voices and ears, which work for nobody before it is said who pays. */
export class MeteredSpeech implements SpeechDirectory {
  readonly #engines: Engines;
  readonly #cashier: Cashier;

  constructor(engines: Engines, cashier: Cashier) {
    this.#engines = engines;
    this.#cashier = cashier;
  }

  voices(): ReturnType<SpeechDirectory['voices']> {
    return this.#engines.voices();
  }

  defaultVoice(...asked: Parameters<SpeechDirectory['defaultVoice']>): ReturnType<SpeechDirectory['defaultVoice']> {
    return this.#engines.defaultVoice(...asked);
  }

  async speech(voiceRef: string, signal: AbortSignal): Promise<{ handle: BillableSpeech; voice: string }> {
    const { handle, voice } = await this.#engines.speech(voiceRef, signal);
    return { handle: this.#mouth(handle), voice };
  }

  hearers(): ReturnType<SpeechDirectory['hearers']> {
    return this.#engines.hearers();
  }

  async transcription(...asked: Parameters<SpeechDirectory['transcription']>): Promise<BillableTranscription> {
    return this.#ears(await this.#engines.transcription(...asked));
  }

  ears(signal: AbortSignal): ReturnType<SpeechDirectory['ears']> {
    return this.#engines.ears(signal);
  }

  #mouth(engine: SpeechHandle): BillableSpeech {
    const { ref, label, place, emotions } = engine;
    const facts = { ref, label, place, emotions, warm: (signal: AbortSignal) => engine.warm(signal) };
    const billed = (bill: Bill) => ({
      ...facts,
      synthesize: (request: SynthesisRequest) =>
        'account' in bill ? this.#synthesize(engine, bill, request) : engine.synthesize(request),
    });
    return { ...facts, billed };
  }

  async *#synthesize(engine: SpeechHandle, charged: Charged, request: SynthesisRequest): AsyncGenerator<PcmChunk> {
    const characters = Array.from(request.text).length;
    const estimate = { characters, audioInMs: characters * MOST_MS_A_CHARACTER };
    const work = { ref: engine.ref, kind: 'speech', estimate, source: 'tokenizer' } as const;
    const { bill, done } = await this.#cashier.open(work, charged);
    const signal = AbortSignal.any([request.signal, bill.signal]);
    let isBegun = false;
    try {
      for await (const chunk of engine.synthesize({ ...request, signal })) {
        const audioInMs = (chunk.samples.length * 1000) / chunk.sampleRate;
        const kept = bill.add({ audioInMs, ...(isBegun ? {} : { characters }) });
        isBegun = true;
        if (kept) await kept;
        yield chunk;
      }
    } catch (error) {
      throw bill.fail(error);
    } finally {
      await done();
    }
  }

  #ears(engine: TranscriptionHandle): BillableTranscription {
    const { ref, label, place, languages } = engine;
    const facts = { ref, label, place, languages, warm: (signal: AbortSignal) => engine.warm(signal) };
    const billed = (bill: Bill) => ({
      ...facts,
      transcribe: (request: TranscriptionRequest) =>
        'account' in bill ? this.#transcribe(engine, bill, request) : engine.transcribe(request),
    });
    return { ...facts, billed };
  }

  async #transcribe(engine: TranscriptionHandle, charged: Charged, request: TranscriptionRequest): Promise<Transcript> {
    const audioInMs = (request.samples.length * 1000) / HEARING_SAMPLE_RATE;
    const estimate = { audioInMs: Math.ceil(audioInMs) };
    const work = { ref: engine.ref, kind: 'transcription', estimate, source: 'tokenizer' } as const;
    const { bill, done } = await this.#cashier.open(work, charged);
    try {
      const signal = AbortSignal.any([request.signal, bill.signal]);
      const heard = await engine.transcribe({ ...request, signal });
      void bill.add({ audioInMs });
      return heard;
    } catch (error) {
      throw bill.fail(error);
    } finally {
      await done();
    }
  }
}
