import type { Emotion, Pronunciation } from '../../contract/voice.ts';
import { floatToPcm16 } from '../base/audio/pcm16.ts';
import { Resampler } from '../base/audio/resampler.ts';
import type { BilledSpeech } from '../models/spec/speech-handle.ts';
import { readAloud } from '../models/speech/text/read-aloud.ts';
import { SPEAKING_SAMPLE_RATE } from './voice-ports.ts';

/** Everything that decides how a text sounds. */
export interface SpeakingVoice {
  handle: BilledSpeech;
  /** A voice of that engine. */
  name: string;
  speed: number;
  pitch: number;
  pronunciations: readonly Pronunciation[];
}

export interface ClauseToSpeak {
  voice: SpeakingVoice;
  text: string;
  /** ISO 639-1. */
  language: string;
  emotion: Emotion;
  /** How it is to be said, in words, for engines that follow them. */
  instructions?: string | undefined;
  signal: AbortSignal;
}

/** Mono 24 kHz PCM16 of a text, as it is made; nothing where there is nothing to be said. */
export async function* speakClause({
  voice,
  text,
  language,
  emotion,
  instructions,
  signal,
}: ClauseToSpeak): AsyncGenerator<Int16Array> {
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
    instructions,
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
