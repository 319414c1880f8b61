import type { Voice } from '../../../contract/voice.ts';
import type { SpeechHandle, TranscriptionHandle } from '../spec/speech-handle.ts';

/** One place that voices and ears come from: this computer, the providers, a script. */
export interface SpeechSource {
  voices(): Promise<Voice[]>;
  /** Null when the voice is none of this place's. Throws `UnavailableError` when it is and cannot be had now. */
  speech(voiceRef: string, signal: AbortSignal): Promise<{ handle: SpeechHandle; voice: string } | null>;
  /** What listens here, installed and ready to be asked. */
  hearers(): Promise<Hearer[]>;
  /**
   * Null when nothing here understands the language; `language` null = whatever is spoken. `ref`: only that one, or null
   * where it is none of this place's.
   */
  transcription(language: string | null, signal: AbortSignal, ref?: string): Promise<TranscriptionHandle | null>;
}

/** An engine that listens, as a list shows it. */
export type Hearer = Pick<TranscriptionHandle, 'ref' | 'label' | 'place' | 'languages'>;

/** `<engine ref>/<voice>`; names of models may hold slashes, names of voices do not. */
export function splitVoiceRef(ref: string): { engine: string; voice: string } {
  const slash = ref.lastIndexOf('/');
  return { engine: ref.slice(0, Math.max(slash, 0)), voice: ref.slice(slash + 1) };
}
