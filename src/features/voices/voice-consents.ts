import type { Locale } from '../../../contract/common.ts';
import type { CreatedVoice, VoiceConsent } from '../../../contract/openai/voice-consents.ts';
import type { Actor } from '../../accounts/actor.ts';
import { encodeWav } from '../../base/audio/wav.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { ProviderRecord } from '../../models/routing/provider-store.ts';
import { soundKindOf } from '../../models/speech/codecs/decode-sound.ts';
import type { SoundReader } from '../../models/speech/codecs/sound-reader.ts';
import { permitsCloning } from '../../models/speech/remote/clone-voice.ts';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import type { Storage } from '../../storage/storage.ts';
import type { ClonedVoices } from './cloned-voices.ts';
import { LONGEST_CONSENT_IN_SECONDS, type ConsentCheck } from './consent-check.ts';
import {
  deleteVoiceConsent,
  insertVoiceConsent,
  listVoiceConsents,
  readVoiceConsent,
  renameVoiceConsent,
  type VoiceConsentRow,
} from './voice-consent-store.ts';

export interface VoiceConsentsContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  providers: { list(): Promise<ProviderRecord[]> };
  check: ConsentCheck;
  reader: Pick<SoundReader, 'read'>;
  clonedVoices: ClonedVoices;
}

/** A recording as a program sends it. */
interface SentRecording {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
}

const MOST_CONSENTS = 100;

/**
 * Likenesses as programs make them: first the recorded consent, in which a person reads the day's statement, then a voice
 * from a sample. The sample says the statement too, so that the voice that is copied is the voice that consented; the
 * consent's own recording serves. A voice keeps its consent when the consent is deleted here.
 */
export class VoiceConsents {
  readonly #context: VoiceConsentsContext;

  constructor(context: VoiceConsentsContext) {
    this.#context = context;
  }

  /**
   * `name`: the person's own. Throws `NotFoundError` (`cloning-absent`), `InvalidInputError` (`language-unsupported`,
   * `consent-too-short`, `consent-differs` with what is to be read, and what the reader of sound throws),
   * `UnavailableError` where nothing listens, `TooLargeError`.
   */
  async create(actor: Actor, sent: SentRecording & { language: string }): Promise<VoiceConsent> {
    const { storage, clock, newId, check } = this.#context;
    const { name, language, signal } = sent;
    const locale = localeOf(language);
    const record = await this.#maker();
    if ((await listVoiceConsents(storage.db, { ownerId: actor.userId })).length >= MOST_CONSENTS) throw tooMany();
    const { samples, wav } = await this.#read(sent, 'recording');
    const heard = { actor, samples, locale, door: 'api', field: 'recording', signal } as const;
    const text = await check.hear(heard, { name, record });
    const row: VoiceConsentRow = {
      id: `cons_${newId()}`,
      ownerId: actor.userId,
      label: name,
      name,
      language,
      providerId: record.id,
      text,
      hash: await storage.blobs.write(wav),
      createdAt: clock.now(),
    };
    await storage.transaction((trx) => insertVoiceConsent(trx, row));
    return present(row);
  }

  /** Newest first. */
  async list(actor: Actor, { after, limit }: { after?: string | undefined; limit: number }) {
    const from = after === undefined ? undefined : await this.#require(actor, after);
    const rows = await listVoiceConsents(this.#context.storage.db, { ownerId: actor.userId, after: from, limit });
    const data = rows.slice(0, limit).map(present);
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return { object: 'list' as const, data, ...ends, has_more: rows.length > limit };
  }

  async read(actor: Actor, id: string): Promise<VoiceConsent> {
    return present(await this.#require(actor, id));
  }

  /** What it is called; who consented stays as it was said. */
  async rename(actor: Actor, { id, label }: { id: string; label: string }): Promise<VoiceConsent> {
    const row = await this.#require(actor, id);
    await this.#context.storage.transaction((trx) => renameVoiceConsent(trx, { id, ownerId: row.ownerId, label }));
    return present({ ...row, label });
  }

  async remove(actor: Actor, id: string) {
    const { storage, clonedVoices } = this.#context;
    const { hash, ownerId } = await this.#require(actor, id);
    await storage.transaction((trx) => deleteVoiceConsent(trx, { id, ownerId }));
    await clonedVoices.removeRecording(hash);
    return { id, object: 'audio.voice_consent' as const, deleted: true as const };
  }

  /** A voice of a person who consented. Its id is what `voice` takes. Throws as `create`, and what the provider says. */
  async createVoice(actor: Actor, sent: SentRecording & { consent: string }): Promise<CreatedVoice> {
    const { storage, check, providers, clonedVoices } = this.#context;
    const { name: label, consent: id, signal } = sent;
    const { name, text, hash, language, providerId } = await this.#require(actor, id, 'consent');
    const record = (await providers.list()).find((one) => one.id === providerId && permitsCloning(one.kind));
    if (!record) throw noMaker();
    await clonedVoices.requireRoom(actor);
    const { samples, wav: sample } = await this.#read(sent, 'audio_sample');
    const locale = localeOf(language);
    await check.hearOneOf({ actor, samples, locale, door: 'api', field: 'audio_sample', signal }, [text]);
    const recording = Uint8Array.from(await storage.blobs.read(hash));
    const consent = { name, text, recording };
    const made = await clonedVoices.copy(actor, { record, label, locale, consent, sample, signal });
    return { object: 'audio.voice', id: made.ref, name: label, created_at: Math.floor(made.createdAt / 1000) };
  }

  /** For an export. */
  async belongings({ userId }: Actor): Promise<Omit<VoiceConsentRow, 'ownerId' | 'hash'>[]> {
    const rows = await listVoiceConsents(this.#context.storage.db, { ownerId: userId });
    return rows.map(({ ownerId: _owner, hash: _hash, ...consent }) => consent);
  }

  async purgeAllOf(userId: string): Promise<void> {
    const { storage, clonedVoices } = this.#context;
    for (const { id, hash } of await listVoiceConsents(storage.db, { ownerId: userId })) {
      await storage.transaction((trx) => deleteVoiceConsent(trx, { id, ownerId: userId }));
      await clonedVoices.removeRecording(hash);
    }
  }

  async #maker(): Promise<ProviderRecord> {
    const record = (await this.#context.providers.list()).find(({ kind }) => permitsCloning(kind));
    if (record) return record;
    throw noMaker();
  }

  /** What ears take, and the WAV that is kept or copied. */
  async #read({ bytes, signal }: SentRecording, field: string) {
    const { reader } = this.#context;
    const samples = await reader.read(bytes, { maxSeconds: LONGEST_CONSENT_IN_SECONDS, signal }).catch(naming(field));
    if (soundKindOf(bytes) === 'wav') return { samples, wav: bytes };
    return { samples, wav: Uint8Array.from(encodeWav({ samples, sampleRate: HEARING_SAMPLE_RATE })) };
  }

  async #require({ userId }: Actor, id: string, field?: string): Promise<VoiceConsentRow> {
    const row = await readVoiceConsent(this.#context.storage.db, { id, ownerId: userId });
    if (row) return row;
    throw new NotFoundError(`There is no consent “${id.slice(0, 60)}”. Ask GET /v1/audio/voice_consents.`, {
      code: 'voice-consent-unknown',
      ...(field === undefined ? {} : { field }),
    });
  }
}

/** Errors of the reader speak of `file`. */
function naming(field: string) {
  return (error: unknown): never => {
    if (error instanceof InvalidInputError) {
      throw new InvalidInputError(error.message, { code: error.code, field, cause: error });
    }
    if (error instanceof TooLargeError) {
      throw new TooLargeError(error.message, { code: error.code, field, cause: error });
    }
    throw error;
  };
}

/** The statement is written in the languages of the house. */
function localeOf(language: string): Locale {
  const [code] = language.toLowerCase().split(/[-_]/u);
  if (code === 'en') return 'en';
  if (code === 'zh') return 'zh-CN';
  throw new InvalidInputError(
    `Consents are read aloud in English or Chinese here: say “en-US” or “zh-CN”, not “${language.slice(0, 40)}”.`,
    { code: 'language-unsupported', field: 'language' },
  );
}

function present({ id, label, language, createdAt }: VoiceConsentRow): VoiceConsent {
  return { object: 'audio.voice_consent', id, name: label, language, created_at: Math.floor(createdAt / 1000) };
}

function noMaker(): NotFoundError {
  return new NotFoundError(
    'Nothing here makes voices to order: the owner sets up a provider that does (MiniMax) in the settings, under Models.',
    { code: 'cloning-absent' },
  );
}

function tooMany(): TooLargeError {
  return new TooLargeError(`There are ${MOST_CONSENTS} consents already: delete one first.`, {
    code: 'too-many-consents',
  });
}
