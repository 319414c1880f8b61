import type { Voice } from '../../../contract/voice.ts';
import type { Clock } from '../../base/clock.ts';
import { errorMessage, UnavailableError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { providerName } from '../remote/provider-kinds.ts';
import type { RemoteSpeechOptions } from '../speech/remote/provider-call.ts';
import { createRemoteSpeech } from '../speech/remote/remote-speech.ts';
import { createRemoteTranscription } from '../speech/remote/remote-transcription.ts';
import { listRemoteVoices, type RemoteVoice } from '../speech/remote/remote-voices.ts';
import { speechOffer } from '../speech/remote/speech-offers.ts';
import type { SpeechHandle, TranscriptionHandle } from '../spec/speech-handle.ts';
import { toRemoteProvider, type ProviderRecord } from './provider-store.ts';
import { splitVoiceRef, type SpeechSource } from './speech-source.ts';

/** A likeness of a person at a provider. */
export interface ClonedVoiceRecord {
  id: string;
  label: string;
  /** ISO 639-1. */
  language: string;
  providerId: string;
  model: string;
  remoteVoice: string;
}

export interface RemoteSpeechSourceOptions {
  providers: { list(): Promise<ProviderRecord[]> };
  cloned: { list(): Promise<ClonedVoiceRecord[]> };
  clock: Clock;
  logger: Logger;
  fetch?: typeof fetch;
}

/** Lists of voices hardly change; a fault is asked about again sooner. Milliseconds. */
const LIST_AGE_IN_MS = 600_000;
const FAULT_AGE_IN_MS = 60_000;
/** A list is waited for this long; a slow one is there the next time. */
const LIST_WAIT_IN_MS = 3000;
const EVERY_LANGUAGE = ['en', 'zh', 'es', 'fr', 'de', 'it', 'pt', 'ja', 'ko', 'ru'];
/** Before the id of a likeness in its reference. */
export const CLONED_VOICE_PREFIX = 'cloned:';

interface Listed {
  voices: RemoteVoice[];
  until: number;
  refreshing: Promise<void> | null;
}

/** Voices and ears of the owner's providers, and likenesses of people there. */
export class RemoteSpeechSource implements SpeechSource {
  readonly #options: RemoteSpeechSourceOptions;
  readonly #lists = new Map<string, Listed>();

  constructor(options: RemoteSpeechSourceOptions) {
    this.#options = options;
  }

  async voices(): Promise<Voice[]> {
    const records = await this.#options.providers.list();
    const listed = await Promise.all(records.map(async (record) => this.#voicesOf(record)));
    const cloned = await this.#options.cloned.list();
    return [...listed.flat(), ...cloned.flatMap((voice) => presentCloned(voice, records))];
  }

  async speech(voiceRef: string, signal: AbortSignal): Promise<{ handle: SpeechHandle; voice: string } | null> {
    signal.throwIfAborted();
    const records = await this.#options.providers.list();
    if (voiceRef.startsWith(CLONED_VOICE_PREFIX)) {
      const found = (await this.#options.cloned.list()).find(({ id }) => `${CLONED_VOICE_PREFIX}${id}` === voiceRef);
      const record = records.find(({ id }) => id === found?.providerId);
      if (!found || !record) throw gone();
      return { handle: createRemoteSpeech(this.#callOptions(record, found.model)), voice: found.remoteVoice };
    }
    const { engine, voice } = splitVoiceRef(voiceRef);
    const record = records.find(({ id }) => engine.startsWith(`${id}:`));
    if (!record) return null;
    const model = engine.slice(record.id.length + 1);
    return { handle: createRemoteSpeech(this.#callOptions(record, model)), voice };
  }

  async hearers(): Promise<TranscriptionHandle[]> {
    const records = await this.#options.providers.list();
    return records.flatMap((record) =>
      speechOffer(record).hearing.map((model) => createRemoteTranscription(this.#callOptions(record, model))),
    );
  }

  async transcription(language: string | null, signal: AbortSignal, ref?: string): Promise<TranscriptionHandle | null> {
    signal.throwIfAborted();
    const fits = (handle: TranscriptionHandle) =>
      (ref === undefined || handle.ref === ref) && (language === null || handle.languages.includes(language));
    return (await this.hearers()).find(fits) ?? null;
  }

  #callOptions(record: ProviderRecord, model: string): RemoteSpeechOptions {
    const { fetch } = this.#options;
    return { provider: toRemoteProvider(record), model, ...(fetch ? { fetch } : {}) };
  }

  async #voicesOf(record: ProviderRecord): Promise<Voice[]> {
    const models = speechOffer(record).speech;
    if (models.length === 0) return [];
    const voices = await this.#listed(record);
    return models.flatMap((model) => {
      const handle = createRemoteSpeech(this.#callOptions(record, model));
      return voices.filter(({ cloned }) => !cloned).map((voice) => presentVoice({ voice, handle, record }));
    });
  }

  /** The provider's list as last seen, asked for anew in the background once it is old. */
  async #listed(record: ProviderRecord): Promise<RemoteVoice[]> {
    const key = JSON.stringify([record.id, record.baseUrl, record.apiKey]);
    const now = this.#options.clock.now();
    const known = this.#lists.get(key) ?? { voices: [], until: 0, refreshing: null };
    this.#lists.set(key, known);
    if (now >= known.until) known.refreshing ??= this.#refresh(record, known);
    if (known.until === 0) await known.refreshing;
    return known.voices;
  }

  async #refresh(record: ProviderRecord, known: Listed): Promise<void> {
    const { clock, logger, fetch } = this.#options;
    const signal = AbortSignal.timeout(LIST_WAIT_IN_MS);
    try {
      known.voices = await listRemoteVoices({
        provider: toRemoteProvider(record),
        signal,
        ...(fetch ? { fetch } : {}),
      });
      known.until = clock.now() + LIST_AGE_IN_MS;
    } catch (error) {
      logger.warn({ providerId: record.id, reason: errorMessage(error) }, 'provider voices not listed');
      known.until = clock.now() + FAULT_AGE_IN_MS;
    } finally {
      known.refreshing = null;
    }
  }
}

function presentVoice({
  voice,
  handle,
  record,
}: {
  voice: RemoteVoice;
  handle: SpeechHandle;
  record: ProviderRecord;
}): Voice {
  return {
    ref: `${handle.ref}/${voice.name}`,
    label: voice.label,
    languages: voice.languages.length > 0 ? voice.languages : EVERY_LANGUAGE,
    gender: voice.gender,
    engine: { ref: handle.ref, label: handle.label, place: 'provider' },
    modelId: null,
    installed: true,
    forCalls: !/-hd\b/u.test(handle.ref),
    cloned: false,
    emotions: [...handle.emotions],
    licence: providerName(toRemoteProvider(record)),
  };
}

function presentCloned(voice: ClonedVoiceRecord, records: readonly ProviderRecord[]): Voice[] {
  const record = records.find(({ id }) => id === voice.providerId);
  if (!record) return [];
  const handle = createRemoteSpeech({ provider: toRemoteProvider(record), model: voice.model });
  return [
    {
      ref: `${CLONED_VOICE_PREFIX}${voice.id}`,
      label: voice.label,
      languages: Array.from(new Set([voice.language, 'en', 'zh'])),
      gender: null,
      engine: { ref: handle.ref, label: handle.label, place: 'provider' },
      modelId: null,
      installed: true,
      forCalls: true,
      cloned: true,
      emotions: [...handle.emotions],
      licence: providerName(toRemoteProvider(record)),
    },
  ];
}

function gone(): UnavailableError {
  return new UnavailableError('This voice is not here any more. Choose another one for the character.', {
    code: 'voice-absent',
    retryable: false,
  });
}
