import { join } from 'node:path';
import type { Cashier } from './models/billing/cashier.ts';
import { MeteredSpeech } from './models/billing/metered-speech.ts';
import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import { clonedVoiceRecords, ClonedVoices } from './features/voices/cloned-voices.ts';
import { ConsentCheck } from './features/voices/consent-check.ts';
import { VoiceConsents } from './features/voices/voice-consents.ts';
import { VoiceSettings } from './features/voices/voice-settings.ts';
import { VoiceSamples } from './features/voices/voice-samples.ts';
import { Voices } from './features/voices/voices.ts';
import { loadSpeechCatalog } from './models/catalog/speech-catalog.ts';
import { createFileSetDownloads } from './models/catalog/file-set-downloads.ts';
import { HouseSpeechDirectory } from './models/routing/house-speech-directory.ts';
import { LocalSpeech } from './models/routing/local-speech.ts';
import type { ProviderStore } from './models/routing/provider-store.ts';
import { RemoteSpeechSource } from './models/routing/remote-speech-source.ts';
import { createScriptedSpeech } from './models/scripted/scripted-speech.ts';
import type { Script } from './models/scripted/script.ts';
import { SoundReader } from './models/speech/codecs/sound-reader.ts';
import { createHearingHost } from './models/speech/hearing/hearing-host.ts';
import { loadSilero } from './models/speech/hearing/silero.ts';
import { convertCtranslate2Whisper } from './models/speech/whisper/convert-ctranslate2.ts';
import { SpeechCache } from './models/speech/speaking/speech-cache.ts';
import { createSpeechHost, type SpeechHostOptions } from './models/speech/speaking/speech-host.ts';
import { followedTones } from './models/speech/speaking/tone.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenSpeechOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  storage: Storage;
  cashier: Cashier;
  newId: NewId;
  providers: ProviderStore;
  /** Only in tests. */
  script: Script | null;
  stack: AsyncDisposableStack;
}

/** What speaks and listens: voices and ears of this computer, their files, how each person likes them. */
export async function openSpeech({
  config,
  logger,
  clock,
  environment,
  storage,
  cashier,
  newId,
  providers,
  script,
  stack,
}: OpenSpeechOptions) {
  const downloads = stack.use(
    createFileSetDownloads({
      catalog: await loadSpeechCatalog(),
      cacheDirectory: config.cacheDirectory,
      environment,
      offline: config.offline,
      converters: { 'ctranslate2-whisper': convertCtranslate2Whisper },
      logger,
      clock,
    }),
  );
  // In memory only: on the disk it would outlive somebody who deletes what was theirs.
  const cache = stack.use(await SpeechCache.open({ logger }));
  const speak = (request: SpeechHostOptions) => createSpeechHost({ ...request, cache });
  const makers = { createSpeechHost: speak, createHearingHost, loadSilero, emotions: followedTones };
  const local = config.roles.includes('models')
    ? stack.use(new LocalSpeech({ downloads, makers, clock, logger, availableMemory: () => process.availableMemory() }))
    : null;
  const scripted = script && createScriptedSpeech(script.speech);
  const cloned = { list: () => clonedVoiceRecords(storage) };
  const remote = new RemoteSpeechSource({ providers, cloned, clock, logger });
  const house = new HouseSpeechDirectory({ local, remote, scripted });
  const directory = new MeteredSpeech(house, cashier);
  const check = new ConsentCheck({ directory, clock });
  const clonedVoices = new ClonedVoices({ storage, clock, newId, logger, providers, check });
  const reader = new SoundReader({ folder: join(config.dataDirectory, 'uploads'), searchPath: config.searchPath });
  const voiceConsents = new VoiceConsents({ storage, clock, newId, providers, check, reader, clonedVoices });
  const voiceSettings = new VoiceSettings({ storage, clock, newId, speech: directory, clonedVoices, voiceConsents });
  return {
    speech: directory,
    speechDownloads: downloads,
    voices: new Voices({ directory: house, downloads, local, clonedVoices }),
    clonedVoices,
    voiceConsents,
    voiceSettings,
    voiceSamples: new VoiceSamples({ directory, clonedVoices }),
  };
}
