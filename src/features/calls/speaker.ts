import type { Emotion } from '../../../contract/voice.ts';
import { floatToPcm16 } from '../../base/audio/pcm16.ts';
import { Resampler } from '../../base/audio/resampler.ts';
import { SPEAKING_SAMPLE_RATE, type ReplySpeaker, type SpeakRequest, type Speaker } from '../../voice/voice-ports.ts';
import type { CallVoice } from './call-voice.ts';
import { languageOfText } from './language-of-text.ts';
import { readAloud } from './read-aloud.ts';

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
    yield* speakPcm16({ voice, text, language, emotion, signal });
  }
}

/** Mono 24 kHz PCM16 of a text, as it is made; nothing where there is nothing to be said. */
export async function* speakPcm16({
  voice,
  text,
  language,
  emotion,
  signal,
}: {
  voice: CallVoice;
  text: string;
  language: string;
  emotion: Emotion;
  signal: AbortSignal;
}): AsyncGenerator<Int16Array> {
  const { handle, name, speed, pitch, pronunciations } = voice;
  const spoken = readAloud(text, { language, pronunciations });
  if (spoken === '') return;
  let resampler: Resampler | null = null;
  const request = {
    text: spoken,
    language,
    voice: name,
    speed,
    pitch,
    emotion: handle.emotions.includes(emotion) ? emotion : 'neutral',
    signal,
  } as const;
  for await (const { samples, sampleRate } of handle.synthesize(request)) {
    resampler ??= new Resampler({ from: sampleRate, to: SPEAKING_SAMPLE_RATE });
    const pcm = floatToPcm16(resampler.push(samples));
    if (pcm.length > 0) yield pcm;
  }
  const rest = resampler?.end();
  if (rest && rest.length > 0) yield floatToPcm16(rest);
}
