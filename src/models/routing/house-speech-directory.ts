import type { Voice } from '../../../contract/voice.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { ActivityDetector, SpeechHandle, TranscriptionHandle, TurnDetector } from '../spec/speech-handle.ts';
import { chooseVoice, type ProvidedSpeech } from './choose-speech.ts';
import type { LocalSpeech } from './local-speech.ts';
import type { SpeechDirectory } from './speech-directory.ts';
import type { Hearer, SpeechSource } from './speech-source.ts';

type EngineDirectory = SpeechDirectory<SpeechHandle, TranscriptionHandle>;

export interface HouseSpeechDirectoryOptions {
  /** Null where this process does not run engines. */
  local: LocalSpeech | null;
  /** Of the owner's providers. */
  remote?: SpeechSource;
  /** Only in tests: speaks and hears before all others. */
  scripted?: EngineDirectory | null;
}

/** Every voice and every ear of the house under one name each. */
export class HouseSpeechDirectory implements EngineDirectory {
  readonly #options: HouseSpeechDirectoryOptions;

  constructor(options: HouseSpeechDirectoryOptions) {
    this.#options = options;
  }

  async voices(): Promise<Voice[]> {
    const { scripted } = this.#options;
    const sources = [...(scripted ? [scripted] : []), ...this.#sources()];
    return (await Promise.all(sources.map((source) => source.voices()))).flat();
  }

  async defaultVoice(language: string, { forCalls = false }: { forCalls?: boolean } = {}): Promise<string | null> {
    return chooseVoice(await this.voices(), { language, forCalls })?.ref ?? null;
  }

  async speech(voiceRef: string, signal: AbortSignal): Promise<{ handle: SpeechHandle; voice: string }> {
    const { scripted } = this.#options;
    if (scripted && voiceRef.startsWith('scripted:')) return scripted.speech(voiceRef, signal);
    for (const source of this.#sources()) {
      const found = await source.speech(voiceRef, signal);
      if (found) return found;
    }
    throw new UnavailableError('This voice is not here any more. Choose another one for the character.', {
      code: 'voice-absent',
      retryable: false,
    });
  }

  async hearers(): Promise<Hearer[]> {
    const { scripted } = this.#options;
    const sources = [...(scripted ? [scripted] : []), ...this.#sources()];
    return (await Promise.all(sources.map((source) => source.hearers()))).flat();
  }

  async transcription(language: string | null, signal: AbortSignal, ref?: string): Promise<TranscriptionHandle> {
    const { scripted } = this.#options;
    const heard = await (scripted ? unlessAbsent(scripted.transcription(language, signal, ref)) : null);
    if (heard) return heard;
    for (const source of this.#sources()) {
      const found = await source.transcription(language, signal, ref);
      if (found) return found;
    }
    throw noEars(language);
  }

  async ears(signal: AbortSignal): Promise<{ turns: TurnDetector; createActivity(): Promise<ActivityDetector> }> {
    const { scripted, local } = this.#options;
    const found = (await (scripted ? unlessAbsent(scripted.ears(signal)) : null)) ?? (await local?.ears(signal));
    if (found) return found;
    throw noEars(null);
  }

  /** What of a call in a language comes from elsewhere than this computer, and need not be fetched. */
  async elsewhere(language: string, signal: AbortSignal): Promise<ProvidedSpeech> {
    const { scripted, remote } = this.#options;
    const voices = [...((await scripted?.voices()) ?? []), ...((await remote?.voices()) ?? [])];
    const hears = scripted ? await unlessAbsent(scripted.transcription(language, signal)) : null;
    return {
      voice: chooseVoice(voices, { language, forCalls: true }) !== null,
      ears: hears !== null || ((await remote?.transcription(language, signal)) ?? null) !== null,
      turns: scripted ? (await unlessAbsent(scripted.ears(signal))) !== null : false,
    };
  }

  #sources(): SpeechSource[] {
    const { local, remote } = this.#options;
    return [local, remote].filter((source) => source !== null && source !== undefined);
  }
}

async function unlessAbsent<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'hearing-absent') return null;
    throw error;
  }
}

function noEars(language: string | null): UnavailableError {
  const what = language === null ? 'speech' : `speech in “${language}”`;
  return new UnavailableError(`Nothing installed here understands ${what}. Fetch it in the settings, under Models.`, {
    code: 'hearing-absent',
    retryable: false,
    ...(language === null ? {} : { details: { language } }),
  });
}
