import { languageOfText } from '../../models/speech/text/language-of-text.ts';
import { speakClause } from '../../voice/speak-clause.ts';
import type { ReplySpeaker, SpeakRequest, Speaker } from '../../voice/voice-ports.ts';
import type { CallVoice } from './call-voice.ts';

/** The characters' mouths in a call: the voice of whoever speaks, the person's pronunciations and speed, at the rate of calls. */
export class VoiceSpeaker implements Speaker {
  readonly #voiceFor: (speaker: ReplySpeaker | null, language: string, signal: AbortSignal) => Promise<CallVoice>;
  /** ISO 639-1. */
  readonly #language: string;

  /** `voiceFor`: the voice in which somebody speaks a language now. */
  constructor({
    language,
    voiceFor,
  }: {
    language: string;
    voiceFor: (speaker: ReplySpeaker | null, language: string, signal: AbortSignal) => Promise<CallVoice>;
  }) {
    this.#language = language;
    this.#voiceFor = voiceFor;
  }

  async *speak({ text, emotion, speaker, signal }: SpeakRequest): AsyncGenerator<Int16Array> {
    const language = languageOfText(text, this.#language);
    const voice = await this.#voiceFor(speaker, language, signal);
    yield* speakClause({ voice, text, language, emotion, signal });
  }
}
