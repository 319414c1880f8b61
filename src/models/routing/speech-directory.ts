import type { Voice } from '../../../contract/voice.ts';
import type { ActivityDetector, BillableSpeech, BillableTranscription, TurnDetector } from '../spec/speech-handle.ts';
import type { Hearer } from './speech-source.ts';

/** One name for every engine that speaks or listens, local or a provider's. */
export interface SpeechDirectory<Mouth = BillableSpeech, Ears = BillableTranscription> {
  /** Every voice there is, installed or not. */
  voices(): Promise<Voice[]>;
  /** The voice a language is spoken with where nobody chose one: the best of those installed, else null. */
  defaultVoice(language: string, options?: { forCalls?: boolean }): Promise<string | null>;
  /** `voiceRef` as in `contract/voice.ts`. Throws `UnavailableError` (`voice-absent`) when it is not installed. */
  speech(voiceRef: string, signal: AbortSignal): Promise<{ handle: Mouth; voice: string }>;
  /** Everything that listens and is installed. */
  hearers(): Promise<Hearer[]>;
  /**
   * Throws `UnavailableError` (`hearing-absent`) when nothing installed understands the language. `ref`: one of
   * `hearers`, and no other.
   */
  transcription(language: string | null, signal: AbortSignal, ref?: string): Promise<Ears>;
  /** What a call needs besides words. Throws `UnavailableError` (`hearing-absent`). */
  ears(signal: AbortSignal): Promise<{ turns: TurnDetector; createActivity(): Promise<ActivityDetector> }>;
}
