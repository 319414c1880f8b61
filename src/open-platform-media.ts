import { join } from 'node:path';
import type { Actor } from './accounts/actor.ts';
import type { Clock } from './base/clock.ts';
import { ModelIntoEnglish } from './features/platform/audio/into-english.ts';
import { PlatformVoices, type PersonalVoices } from './features/platform/audio/platform-voices.ts';
import { PlatformSpeech } from './features/platform/audio/speech.ts';
import { Transcriptions } from './features/platform/audio/transcriptions.ts';
import type { Generations } from './features/platform/generations.ts';
import type { OfferedModel, PlatformModels } from './features/platform/platform-models.ts';
import type { Meter } from './metering/meter.ts';
import { SoundReader } from './models/speech/codecs/sound-reader.ts';
import type { SpeechDirectory } from './models/routing/speech-directory.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenPlatformMediaOptions {
  storage: Storage;
  clock: Clock;
  dataDirectory: string;
  meter: Meter;
  speech: SpeechDirectory;
  personalVoices: PersonalVoices;
  platformModels: PlatformModels;
  generations: Generations;
}

/** Sound for developers: texts spoken, recordings written down. */
export function openPlatformMedia({
  storage,
  clock,
  dataDirectory,
  meter,
  speech,
  personalVoices,
  platformModels,
  generations,
}: OpenPlatformMediaOptions) {
  const voices = new PlatformVoices({ speech, personal: personalVoices, storage });
  const reader = new SoundReader({ folder: join(dataDirectory, 'uploads') });
  const english = new ModelIntoEnglish({ models: platformModels, generations });
  const platformSpeech = new PlatformSpeech({ voices, meter, clock });
  const transcriptions = new Transcriptions({ speech, reader, english, meter, clock });
  /** What speaks and listens, for the list of models. */
  const listSpeechModels = async ({ key }: Actor): Promise<OfferedModel[]> => {
    const all = [...(await voices.models()), ...(await transcriptions.models())];
    return all
      .filter(({ name }) => !key?.models || key.models.includes(name))
      .map(({ name, ref }) => ({ name, ref, label: name, place: placeOf(ref) }));
  };
  return { platformSpeech, transcriptions, listSpeechModels };
}

function placeOf(ref: string): string {
  if (ref.startsWith('local:')) return 'this-computer';
  return ref.startsWith('scripted:') ? 'scripted' : 'provider';
}
