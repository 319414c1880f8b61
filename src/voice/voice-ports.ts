import type { Emotion, SpokenTimings } from '../../contract/voice.ts';
import type { ActivityDetector, Transcript } from '../models/spec/speech-handle.ts';

/** Samples per second of what a call says, the OpenAI Realtime protocol's `audio/pcm`. */
export const SPEAKING_SAMPLE_RATE = 24_000;

/** The only time a call knows; a virtual one in tests. Milliseconds from an arbitrary origin. */
export interface CallClock {
  now(): number;
  /** Runs once; the result takes it back. */
  after(delayInMs: number, run: () => void): () => void;
}

/** Ears: who speaks, what was said, has the person finished. */
export interface Listener {
  activity: ActivityDetector;
  /** `samples`: mono 16 kHz. */
  transcribe(request: { samples: Float32Array; signal: AbortSignal }): Promise<Transcript>;
  /** 0 to 1, of a turn's audio up to now. */
  turnProbability(samples: Float32Array, signal: AbortSignal): Promise<number>;
}

/** A mouth. */
export interface Speaker {
  /** Mono 24 kHz PCM16 of one clause, silence trimmed, its first chunk as early as can be. */
  speak(request: SpeakRequest): AsyncIterable<Int16Array>;
}

export interface SpeakRequest {
  text: string;
  emotion: Emotion;
  /** Whose mouth it is; null where only one answers. */
  speaker: ReplySpeaker | null;
  signal: AbortSignal;
}

/** One of several who answer in a call. */
export interface ReplySpeaker {
  id: string;
  name: string;
}

/** Whoever answers. The loop knows nothing of characters: words in, words out. */
export interface Replier {
  /** Begins a reply that may still be dropped: nothing of it is kept before `confirm`. Must not throw; `words` may. */
  draft(request: DraftRequest): ReplyDraft;
}

export interface DraftRequest {
  /** What the person said, as far as it is understood now. */
  text: string;
  how: 'spoken' | 'typed';
  /** Fires with `discard`, with an interruption, and when the call ends. */
  signal: AbortSignal;
}

export interface ReplyDraft {
  /** The reply as it is written. Throws when the model fails. Pulled at once. */
  words: AsyncIterable<string>;
  /** Who speaks, settled before the first word; absent where only one answers. Never rejects. */
  speaker?: Promise<ReplySpeaker | null>;
  /**
   * The turn is certain: what the person said is kept from now on, and the reply grows as it is heard. Once. `said` is
   * null for a reply that follows another.
   */
  confirm(said: Said | null): Promise<ConfirmedTurn>;
  /** After `confirm`: the beginning of the reply that has been heard, whole clauses. Grows only. */
  heard(text: string): void;
  /** After `confirm`, once: how the reply ended. Resolves when that is kept. */
  end(outcome: ReplyOutcome): Promise<void>;
  /** Instead of `confirm`: the person went on speaking. Nothing may be left of it. */
  discard(): void;
  /** After `end`, where it was heard to its end: a reply that follows without a word of the person; null = none. */
  follow?(request: { signal: AbortSignal }): Promise<ReplyDraft | null>;
}

export interface Said {
  text: string;
  /** ISO 639-1, where the ears know. */
  language: string | null;
  /** Mono 16 kHz; null for typed words. */
  samples: Float32Array | null;
}

/** Ids by which whoever answers knows the two messages. */
export interface ConfirmedTurn {
  /** Null for a reply that follows another. */
  messageId: string | null;
  replyMessageId: string;
}

export interface ReplyOutcome {
  /** `done`: heard to its end. `interrupted`: the person spoke. `stopped`: the call ended. `failed`: see `failure`. */
  state: 'done' | 'interrupted' | 'stopped' | 'failed';
  /** What was heard, an exact beginning of the reply's words; empty when nothing was. */
  heard: string;
  /** Milliseconds that it sounded. */
  durationInMs?: number;
  timings: SpokenTimings;
  failure: { code: string; message: string; retryable: boolean } | null;
}
