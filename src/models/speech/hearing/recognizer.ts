import type { Transcript } from '../../spec/speech-handle.ts';

export interface RecognizeOptions {
  /** ISO 639-1, or null to let the engine find out where it can. */
  language: string | null;
  /** An engine that can stop in the middle throws `AbortedError`; one that cannot may ignore it. */
  signal: AbortSignal;
}

/** An engine inside the hearing child. It is asked for one piece at a time. */
export interface Recognizer {
  /** Mono 16 kHz in [-1, 1], no longer than the engine's window. */
  transcribe(samples: Float32Array, options: RecognizeOptions): Promise<Transcript>;
  dispose(): Promise<void>;
}
