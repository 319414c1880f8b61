import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { SpeechModel, VoiceList, VoiceReadiness } from '../../../contract/voice.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { ModelStatus } from '../../models/catalog/model-status.ts';
import { transferBytes } from '../../models/catalog/file-set.ts';
import type { SpeechDownloads, SpeechEntry } from '../../models/catalog/speech-catalog.ts';
import { missingForCalls } from '../../models/routing/choose-speech.ts';
import type { HouseSpeechDirectory } from '../../models/routing/house-speech-directory.ts';
import type { LocalSpeech } from '../../models/routing/local-speech.ts';
import type { ClonedVoices } from './cloned-voices.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';

export interface VoicesContext {
  directory: HouseSpeechDirectory;
  downloads: SpeechDownloads;
  /** Null where this process does not run engines. */
  local: LocalSpeech | null;
  clonedVoices: ClonedVoices;
}

const FETCHING: ReadonlySet<ModelStatus['state']> = new Set(['queued', 'downloading', 'verifying']);

/** The voices and ears of the house: what there is, what a call still needs, fetching and removing. */
export class Voices {
  readonly #context: VoicesContext;

  constructor(context: VoicesContext) {
    this.#context = context;
  }

  async list(actor: Actor): Promise<VoiceList> {
    const { directory, clonedVoices } = this.#context;
    const defaults: [string, string | null][] = [];
    for (const locale of localeSchema.options) {
      defaults.push([locale, await directory.defaultVoice(languageOfLocale(locale), { forCalls: true })]);
    }
    return {
      voices: await clonedVoices.visible(actor, await directory.voices()),
      defaults: Object.fromEntries(defaults),
    };
  }

  /** Whether a call in a language can be held now. */
  async readiness(locale: Locale, signal: AbortSignal): Promise<VoiceReadiness> {
    const { downloads, local } = this.#context;
    const missing = await this.#missing(locale, signal);
    const statuses = await Promise.all(missing.map(({ id }) => downloads.statusOf(id)));
    const failed = statuses.find(({ state }) => state === 'failed');
    const noEngines = local === null && missing.length > 0;
    return {
      language: locale,
      ready: missing.length === 0,
      fetching: statuses.some(({ state }) => FETCHING.has(state)),
      missing: missing.map((entry) => ({
        modelId: entry.id,
        label: entry.label,
        sizeBytes: transferBytes(entry),
        licence: entry.licence,
      })),
      totalBytes: statuses.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
      receivedBytes: statuses.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
      error: noEngines ? { code: noEngineHere().code, message: noEngineHere().message } : (failed?.error ?? null),
    };
  }

  /**
   * Begins to fetch what a first call in a language needs. Anybody of the house may, as long as it is the starters: a
   * handful of known files, each fetched once whoever asks. Whatever else is the owner's to fetch.
   */
  async prepare(actor: Actor, locale: Locale, signal: AbortSignal): Promise<VoiceReadiness> {
    const missing = await this.#missing(locale, signal);
    if (missing.some(({ use }) => use !== 'starter')) requireOwner(actor);
    if (missing.length > 0) this.#requireEngines();
    for (const { id } of missing) await this.#context.downloads.start(id);
    return this.readiness(locale, signal);
  }

  async models(): Promise<SpeechModel[]> {
    const { downloads } = this.#context;
    const statuses = new Map((await downloads.status()).map((status) => [status.id, status]));
    return downloads.entries().flatMap((entry) => {
      const status = statuses.get(entry.id);
      return status ? [presentModel(entry, status)] : [];
    });
  }

  async download(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    this.#requireEngines();
    await this.#context.downloads.start(id);
  }

  async cancel(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    await this.#context.downloads.cancel(id);
  }

  async remove(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    const { downloads, local } = this.#context;
    downloads.entry(id);
    await local?.release(id);
    await downloads.remove(id);
  }

  async verify(actor: Actor, id: string, signal: AbortSignal): Promise<{ ok: boolean }> {
    requireOwner(actor);
    return this.#context.downloads.verify(id, signal);
  }

  async #missing(locale: Locale, signal: AbortSignal): Promise<SpeechEntry[]> {
    const { directory, downloads } = this.#context;
    const language = languageOfLocale(locale);
    const [statuses, provided] = await Promise.all([downloads.status(), directory.elsewhere(language, signal)]);
    const installed = new Set(statuses.filter(({ state }) => state === 'installed').map(({ id }) => id));
    return missingForCalls({ entries: downloads.entries(), installed, language, provided });
  }

  #requireEngines(): void {
    if (this.#context.local === null) throw noEngineHere();
  }
}

function noEngineHere(): UnavailableError {
  return new UnavailableError('This server does not run models itself: choose a voice of a provider.', {
    code: 'no-engine-here',
    retryable: false,
  });
}

function presentModel(entry: SpeechEntry, status: ModelStatus): SpeechModel {
  const { id, role, label, licence, languages, use, forCalls, voices } = entry;
  const { state, receivedBytes, bytesPerSecond, etaInSeconds, source, error } = status;
  const progress = { state, receivedBytes, bytesPerSecond, etaInSeconds, source, error };
  const facts = { id, role, label, licence, languages, forCalls };
  return {
    ...facts,
    ...progress,
    starter: use === 'starter',
    voiceCount: voices.length,
    sizeBytes: transferBytes(entry),
  };
}
