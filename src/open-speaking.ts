import { join } from 'node:path';
import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Config } from './config/config.ts';
import { ModelIntoEnglish } from './features/platform/audio/into-english.ts';
import { PlatformVoices, type PersonalVoices } from './features/platform/audio/platform-voices.ts';
import { PlatformSpeech } from './features/platform/audio/speech.ts';
import { Transcriptions } from './features/platform/audio/transcriptions.ts';
import { HeardWords } from './features/platform/chat/heard-words.ts';
import { SpokenAnswers } from './features/platform/chat/spoken-answers.ts';
import type { Generations } from './features/platform/generations.ts';
import type { SpeechDirectory } from './models/routing/speech-directory.ts';
import { SoundReader } from './models/speech/codecs/sound-reader.ts';
import type { Gateway } from './open-gateway.ts';
import type { Storage } from './storage/storage.ts';

interface OpenSpeakingOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  dataDirectory: string;
  gateway: Gateway;
  generations: Generations;
  speech: SpeechDirectory;
  voiceSettings: PersonalVoices;
  config: Pick<Config, 'searchPath'>;
}

/** What speaks and listens for developers, by itself and within answers. */
export function openSpeaking(options: OpenSpeakingOptions) {
  const { storage, clock, newId, dataDirectory, gateway, generations, speech, config } = options;
  const { meter, platformModels: models, router } = gateway;
  const { searchPath } = config;
  const voices = new PlatformVoices({ speech, personal: options.voiceSettings, storage });
  const reader = new SoundReader({ folder: join(dataDirectory, 'uploads'), searchPath });
  const english = new ModelIntoEnglish({ models, generations });
  const platformSpeech = new PlatformSpeech({ voices, meter, clock, searchPath });
  const transcriptions = new Transcriptions({ speech, reader, english, meter, clock });
  return {
    voices,
    platformSpeech,
    transcriptions,
    hearing: new HeardWords({ transcriptions, models, router }),
    spoken: new SpokenAnswers({ speech: platformSpeech, storage, clock, newId }),
  };
}

export type Speaking = ReturnType<typeof openSpeaking>;
