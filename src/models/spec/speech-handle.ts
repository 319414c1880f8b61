import type { HeardTokens } from './heard-tokens.ts';
import type { SpeechModelV4, TranscriptionModelV4 } from '@ai-sdk/provider';
import type { Bill } from '../billing/bill.ts';
import type { Emotion } from '../../../contract/voice.ts';

/**
 * What the rest of the house knows about engines that speak and listen: the AI SDK's model specifications
 * (`@ai-sdk/provider`), plus what a conversation in real time needs and they lack: audio while it is made, silence
 * trimmed, several voices, and an answer to "has this person finished?".
 */

/** Mono PCM. Samples in [-1, 1]; hertz. */
export interface PcmChunk {
  samples: Float32Array;
  sampleRate: number;
}

export interface SynthesisRequest {
  /** One clause or sentence as it is to be read: no markdown, no stage directions. */
  text: string;
  /** ISO 639-1 of the text. */
  language: string;
  /** A voice of this engine. */
  voice: string;
  /** 1 = the voice's own; 0.5 to 2. */
  speed: number;
  /** Semitones, -12 to 12; 0 = the voice's own. */
  pitch: number;
  emotion: Emotion;
  /** How it is to be said, in words; engines that follow none leave it. */
  instructions?: string | undefined;
  signal: AbortSignal;
}

/** An engine that speaks. */
export interface SpeechHandle {
  /** `local:<catalog id>`, `<provider id>:<model name>` or `scripted:<name>`. */
  ref: string;
  label: string;
  place: 'this-computer' | 'provider' | 'scripted';
  /** What the engine can follow of a tone; others are spoken as `neutral`. */
  emotions: readonly Emotion[];
  /** The whole utterance at once, by the specification. */
  speechModel: SpeechModelV4;
  /**
   * Audio as it is made, its first chunk as early as the engine can; silence before and after is trimmed to some 40 ms.
   * Throws `UnavailableError` when the engine is lost, `InvalidInputError` for a voice or language it has not.
   */
  synthesize(request: SynthesisRequest): AsyncIterable<PcmChunk>;
  /** Loads the engine before somebody waits for it. */
  warm(signal: AbortSignal): Promise<void>;
}

export interface TranscriptionRequest {
  /** Mono, 16 kHz, in [-1, 1]. */
  samples: Float32Array;
  /** ISO 639-1, or null to let the engine find out where it can. */
  language: string | null;
  /** `live` (the default): somebody waits for an answer. `background`: it gives way to what is live. */
  priority?: 'live' | 'background';
  /** One live stream of audio, for example a call: a newer request of it makes the older one throw `AbortedError`. */
  stream?: string;
  signal: AbortSignal;
}

/** `text` is empty where nothing was said. */
export interface Transcript {
  text: string;
  /** ISO 639-1, where the engine says. */
  language: string | null;
  /** Where the engine counts them. */
  tokens?: HeardTokens;
}

/** An engine that listens. */
export interface TranscriptionHandle {
  ref: string;
  label: string;
  place: 'this-computer' | 'provider' | 'scripted';
  languages: readonly string[];
  transcriptionModel: TranscriptionModelV4;
  transcribe(request: TranscriptionRequest): Promise<Transcript>;
  warm(signal: AbortSignal): Promise<void>;
}

/** An engine that speaks or listens, asked by somebody of whom it is known who pays. */
export type BilledSpeech = Omit<SpeechHandle, 'speechModel'>;
export type BilledTranscription = Omit<TranscriptionHandle, 'transcriptionModel'>;

/** A voice as the house offers it: it speaks once it is said who pays. */
export interface BillableSpeech extends Omit<BilledSpeech, 'synthesize'> {
  billed(bill: Bill): BilledSpeech;
}

/** Ears as the house offers them. */
export interface BillableTranscription extends Omit<BilledTranscription, 'transcribe'> {
  billed(bill: Bill): BilledTranscription;
}

/** Says whether somebody who has just fallen silent has finished. */
export interface TurnDetector {
  /** `samples`: mono 16 kHz of this turn, from half a second before its speech through the silence. 0 to 1. */
  probability(samples: Float32Array, signal: AbortSignal): Promise<number>;
  warm(signal: AbortSignal): Promise<void>;
}

/** Says whether somebody speaks, frame by frame. One per stream of audio: it remembers. */
export interface ActivityDetector {
  /** `frame`: 512 samples of 16 kHz (32 ms). 0 to 1. Frames in order, one at a time. */
  probability(frame: Float32Array): Promise<number>;
  reset(): void;
}

/** Samples per second of everything that listens. */
export const HEARING_SAMPLE_RATE = 16_000;
/** Samples in a frame of an activity detector. */
export const ACTIVITY_FRAME_SAMPLES = 512;
