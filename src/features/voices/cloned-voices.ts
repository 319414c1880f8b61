import type { Locale } from '../../../contract/common.ts';
import type { CloneVoice, ClonedVoice, ClonedVoiceList, ConsentStatement, Voice } from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import { resample } from '../../base/audio/resampler.ts';
import { decodeWav } from '../../base/audio/wav.ts';
import type { Clock } from '../../base/clock.ts';
import { errorMessage, InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import { toRemoteProvider, type ProviderRecord } from '../../models/routing/provider-store.ts';
import { CLONED_VOICE_PREFIX, type ClonedVoiceRecord } from '../../models/routing/remote-speech-source.ts';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import { cloneRemoteVoice, deleteRemoteVoice, permitsCloning } from '../../models/speech/remote/clone-voice.ts';
import { speechOffer } from '../../models/speech/remote/speech-offers.ts';
import type { Storage } from '../../storage/storage.ts';
import {
  deleteClonedVoice,
  insertClonedVoice,
  isRecordingNamed,
  listClonedVoices,
  type ClonedVoiceRow,
} from './cloned-voice-store.ts';
import { LONGEST_CONSENT_IN_SECONDS, type ConsentCheck } from './consent-check.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';

export interface ClonedVoicesContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  providers: { list(): Promise<ProviderRecord[]> };
  check: ConsentCheck;
}

/** A voice to be copied, and what its speaker said to allow it (WAV). */
interface VoiceToCopy {
  record: ProviderRecord;
  label: string;
  locale: Locale;
  consent: { name: string; text: string; recording: Uint8Array<ArrayBuffer> };
  sample: Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
}

const MOST_VOICES = 20;

/**
 * Likenesses of people's voices. One is made only from a recording in which the person says, in words fixed for the day,
 * that they allow it; the recording is kept as long as the likeness is. Each is its maker's own, labelled everywhere, and
 * removed here and at the provider together.
 */
export class ClonedVoices {
  readonly #context: Omit<ClonedVoicesContext, 'check'>;
  readonly #check: ConsentCheck;

  constructor({ check, ...context }: ClonedVoicesContext) {
    this.#context = context;
    this.#check = check;
  }

  async list(actor: Actor): Promise<ClonedVoiceList> {
    const records = await this.#context.providers.list();
    const rows = await listClonedVoices(this.#context.storage.db, actor.userId);
    return {
      voices: rows.map((row) => present(row, records)),
      providers: records.filter(({ kind }) => permitsCloning(kind)).map(({ id, name }) => ({ id, name })),
    };
  }

  /** Drops the likenesses that are somebody else's. */
  async visible(actor: Actor, voices: readonly Voice[]): Promise<Voice[]> {
    const own = await this.#refsOf(actor);
    return voices.filter(({ cloned, ref }) => !cloned || own.has(ref));
  }

  /** Whether somebody may hear a voice: likenesses speak to their maker only, whoever knows the reference. */
  async permits(actor: Actor, ref: string): Promise<boolean> {
    return !ref.startsWith(CLONED_VOICE_PREFIX) || (await this.#refsOf(actor)).has(ref);
  }

  /** What the person has to read aloud today. */
  async statement(consent: { name: string; providerId: string; locale: Locale }): Promise<ConsentStatement> {
    const record = await this.#provider(consent.providerId);
    return { text: this.#check.statement({ ...consent, record }) };
  }

  async create(actor: Actor, request: CloneVoice, signal: AbortSignal): Promise<ClonedVoice> {
    const { name, label, locale } = request;
    const record = await this.#provider(request.providerId);
    const recording = readRecording(request.recording);
    await this.requireRoom(actor);
    const { samples, sampleRate } = decodeWav(recording, { maxSeconds: LONGEST_CONSENT_IN_SECONDS });
    const text = await this.#check.hear(
      {
        actor,
        samples: resample(samples, { from: sampleRate, to: HEARING_SAMPLE_RATE }),
        locale,
        door: 'conversation',
        field: 'recording',
        signal,
      },
      { name, record },
    );
    return this.copy(actor, { record, label, locale, consent: { name, text, recording }, sample: recording, signal });
  }

  /** Throws `TooLargeError` where somebody has as many as may be. */
  async requireRoom({ userId }: Actor): Promise<void> {
    if ((await listClonedVoices(this.#context.storage.db, userId)).length < MOST_VOICES) return;
    throw new TooLargeError(`There are ${MOST_VOICES} likenesses already: remove one first.`, {
      code: 'too-many-clones',
    });
  }

  /** Makes a likeness of the voice in `sample`, WAV: whoever calls has heard in it that its speaker allows that. */
  async copy(actor: Actor, { record, label, locale, consent, sample, signal }: VoiceToCopy): Promise<ClonedVoice> {
    const { storage, clock, newId } = this.#context;
    const id = newId();
    const remoteVoice = `Everwith${id.replace(/[^A-Za-z0-9]/gu, '')}`;
    const consentHash = await storage.blobs.write(consent.recording);
    try {
      await cloneRemoteVoice({
        provider: toRemoteProvider(record),
        recording: sample,
        voiceId: remoteVoice,
        signal,
      });
    } catch (error) {
      await this.removeRecording(consentHash);
      throw error;
    }
    const row: ClonedVoiceRow = {
      id,
      ownerId: actor.userId,
      label,
      language: locale,
      providerId: record.id,
      model: speechOffer(record).speech[0] ?? '',
      remoteVoice,
      consentName: consent.name,
      consentText: consent.text,
      consentHash,
      createdAt: clock.now(),
    };
    try {
      await storage.transaction((trx) => insertClonedVoice(trx, row));
    } catch (error) {
      await this.#forgetAtProvider(record, remoteVoice);
      throw error;
    }
    return present(row, [record]);
  }

  /** The recorded consent, WAV. */
  async consent(actor: Actor, id: string): Promise<Buffer> {
    const row = await this.#require(actor, id);
    return this.#context.storage.blobs.read(row.consentHash);
  }

  /** Removes it at the provider first: a likeness that nobody here knows of would be out of reach. */
  async remove(actor: Actor, id: string, signal: AbortSignal): Promise<void> {
    const { storage, providers } = this.#context;
    const row = await this.#require(actor, id);
    const record = (await providers.list()).find((provider) => provider.id === row.providerId);
    if (record) await deleteAtProvider({ record, remoteVoice: row.remoteVoice, signal });
    await storage.transaction((trx) => deleteClonedVoice(trx, { id, ownerId: actor.userId }));
    await this.removeRecording(row.consentHash);
  }

  /** For an export: what was consented to; the recordings are fetched one by one. */
  async belongings(actor: Actor): Promise<ClonedVoice[]> {
    return (await this.list(actor)).voices;
  }

  /** Everything of one person; a provider that does not answer keeps nobody's data here. */
  async purgeAllOf(userId: string): Promise<void> {
    const { storage, providers } = this.#context;
    const records = await providers.list();
    for (const row of await listClonedVoices(storage.db, userId)) {
      const record = records.find(({ id }) => id === row.providerId);
      if (record) await this.#forgetAtProvider(record, row.remoteVoice);
      await storage.transaction((trx) => deleteClonedVoice(trx, { id: row.id, ownerId: userId }));
      await this.removeRecording(row.consentHash);
    }
  }

  async #provider(id: string): Promise<ProviderRecord> {
    const record = (await this.#context.providers.list()).find((provider) => provider.id === id);
    if (!record) throw new NotFoundError('There is no such provider.', { code: 'provider-unknown' });
    if (permitsCloning(record.kind)) return record;
    throw new InvalidInputError(`${record.name} makes no likenesses of voices. Choose MiniMax.`, {
      code: 'cloning-not-offered',
      field: 'providerId',
    });
  }

  async #refsOf(actor: Actor): Promise<Set<string>> {
    const rows = await listClonedVoices(this.#context.storage.db, actor.userId);
    return new Set(rows.map(({ id }) => `${CLONED_VOICE_PREFIX}${id}`));
  }

  async #require(actor: Actor, id: string): Promise<ClonedVoiceRow> {
    const row = (await listClonedVoices(this.#context.storage.db, actor.userId)).find((voice) => voice.id === id);
    if (!row) throw new NotFoundError('There is no such voice.', { code: 'voice-unknown' });
    return row;
  }

  async #forgetAtProvider(record: ProviderRecord, remoteVoice: string): Promise<void> {
    try {
      await deleteAtProvider({ record, remoteVoice, signal: AbortSignal.timeout(15_000) });
    } catch (error) {
      this.#context.logger.warn(
        { providerId: record.id, reason: errorMessage(error) },
        'cloned voice not removed at the provider',
      );
    }
  }

  /** The same recording may have been used twice. */
  async removeRecording(hash: string): Promise<void> {
    const { storage } = this.#context;
    if (!(await isRecordingNamed(storage.db, hash))) await storage.blobs.remove(hash);
  }
}

/** For the directory of voices. */
export async function clonedVoiceRecords(storage: Storage): Promise<ClonedVoiceRecord[]> {
  return (await listClonedVoices(storage.db)).map(({ id, label, language, providerId, model, remoteVoice }) => ({
    id,
    label,
    language: languageOfLocale(language),
    providerId,
    model,
    remoteVoice,
  }));
}

async function deleteAtProvider({
  record,
  remoteVoice,
  signal,
}: {
  record: ProviderRecord;
  remoteVoice: string;
  signal: AbortSignal;
}): Promise<void> {
  try {
    await deleteRemoteVoice({ provider: toRemoteProvider(record), voiceId: remoteVoice, signal });
  } catch (error) {
    // Gone already: removed at the provider by hand, or expired.
    if (!(error instanceof InvalidInputError && error.code === 'voice-unknown')) throw error;
  }
}

function readRecording(recording: string | undefined): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(Buffer.from(recording ?? '', 'base64'));
  if (bytes.length > 0) return bytes;
  throw new InvalidInputError(
    'A likeness of a voice is made only with the person’s recorded consent. Record them reading the statement aloud.',
    { code: 'consent-missing', field: 'recording' },
  );
}

function present(row: ClonedVoiceRow, records: readonly ProviderRecord[]): ClonedVoice {
  const { id, label, language, providerId, model, consentName, consentText, createdAt } = row;
  const providerLabel = records.find((record) => record.id === providerId)?.name ?? providerId;
  const consent = { consentName, consentText };
  return {
    id,
    ref: `${CLONED_VOICE_PREFIX}${id}`,
    label,
    language,
    providerId,
    providerName: providerLabel,
    model,
    ...consent,
    createdAt,
  };
}
