import type { Locale } from '../../../contract/common.ts';
import {
  callPreferencesSchema,
  PLAIN_CALLS,
  PLAIN_VOICE,
  type CallPreferences,
  type CharacterVoice,
  type Pronunciation,
} from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { readCharacter } from '../../character/character-store.ts';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import { readSetting, writeSetting } from '../../storage/setting-store.ts';
import type { Storage } from '../../storage/storage.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';
import type { ClonedVoices } from './cloned-voices.ts';
import type { VoiceConsents } from './voice-consents.ts';
import {
  deletePronunciation,
  listCharacterVoices,
  listPronunciations,
  purgeVoiceSettings,
  putCharacterVoice,
  putPronunciation,
  readCharacterVoice,
} from './voice-settings-store.ts';

export interface VoiceSettingsContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  speech: SpeechDirectory;
  clonedVoices: ClonedVoices;
  voiceConsents: VoiceConsents;
}

const PREFERENCES = 'voice.preferences';
/** Read before every clause that is spoken. */
const MAX_PRONUNCIATIONS = 1000;

/** How one person likes to hear: the voice of each character, how calls go, words that are said in a way of their own. */
export class VoiceSettings {
  readonly #context: VoiceSettingsContext;

  constructor(context: VoiceSettingsContext) {
    this.#context = context;
  }

  async characterVoice(actor: Actor, characterId: string, locale: Locale): Promise<CharacterVoice> {
    await this.#requireCharacter(actor, characterId);
    const { storage } = this.#context;
    return (await readCharacterVoice(storage.db, { userId: actor.userId, characterId, locale })) ?? PLAIN_VOICE;
  }

  async setCharacterVoice(
    actor: Actor,
    characterId: string,
    { locale, voice }: { locale: Locale; voice: CharacterVoice },
  ): Promise<CharacterVoice> {
    const { storage } = this.#context;
    await this.#requireCharacter(actor, characterId);
    if (voice.voice !== null) await this.#requireVoice(actor, voice.voice, locale);
    await storage.transaction((trx) => putCharacterVoice(trx, { userId: actor.userId, characterId, locale, voice }));
    return voice;
  }

  async preferences(actor: Actor): Promise<CallPreferences> {
    const stored = await readSetting(this.#context.storage.db, { scope: actor.userId, key: PREFERENCES });
    if (stored === undefined) return PLAIN_CALLS;
    // A setting that came with a later version has its plain value until it is chosen.
    return callPreferencesSchema.parse({ ...PLAIN_CALLS, ...(JSON.parse(stored) as object) });
  }

  async setPreferences(actor: Actor, preferences: CallPreferences): Promise<CallPreferences> {
    const value = JSON.stringify(preferences);
    await this.#context.storage.transaction((trx) =>
      writeSetting(trx, { scope: actor.userId, key: PREFERENCES, value }),
    );
    return preferences;
  }

  pronunciations(actor: Actor, language?: Locale): Promise<Pronunciation[]> {
    return listPronunciations(this.#context.storage.db, { ownerId: actor.userId, language });
  }

  async addPronunciation(
    actor: Actor,
    word: Pick<Pronunciation, 'language' | 'written' | 'spoken'>,
  ): Promise<Pronunciation> {
    const { storage, clock, newId } = this.#context;
    return storage.transaction(async (trx) => {
      const known = await listPronunciations(trx, { ownerId: actor.userId });
      const isNew = !known.some(({ language, written }) => language === word.language && written === word.written);
      if (isNew && known.length >= MAX_PRONUNCIATIONS) {
        throw new TooLargeError(`There are ${MAX_PRONUNCIATIONS} words already: remove one first.`, {
          code: 'too-many-pronunciations',
        });
      }
      return putPronunciation(trx, { ...word, id: newId(), createdAt: clock.now(), ownerId: actor.userId });
    });
  }

  async removePronunciation(actor: Actor, id: string): Promise<void> {
    const removed = await this.#context.storage.transaction((trx) =>
      deletePronunciation(trx, { id, ownerId: actor.userId }),
    );
    if (!removed) throw new NotFoundError('There is no such word.', { code: 'pronunciation-unknown' });
  }

  /** All of it, for an export; null when there is nothing. */
  async belongings(actor: Actor): Promise<object | null> {
    const { userId } = actor;
    const { db } = this.#context.storage;
    const [characters, pronunciations, preferences] = await Promise.all([
      listCharacterVoices(db, userId),
      listPronunciations(db, { ownerId: userId }),
      readSetting(db, { scope: userId, key: PREFERENCES }),
    ]);
    const clones = await this.#context.clonedVoices.belongings(actor);
    const voiceConsents = await this.#context.voiceConsents.belongings(actor);
    const isEmpty = characters.length + pronunciations.length + clones.length + voiceConsents.length === 0;
    if (isEmpty && preferences === undefined) return null;
    return {
      characters,
      pronunciations,
      clonedVoices: clones,
      voiceConsents,
      preferences: preferences === undefined ? null : (JSON.parse(preferences) as unknown),
    };
  }

  /** Whether somebody may hear a voice. */
  permits(actor: Actor, ref: string): Promise<boolean> {
    return this.#context.clonedVoices.permits(actor, ref);
  }

  async purgeAllOf(userId: string): Promise<void> {
    await this.#context.clonedVoices.purgeAllOf(userId);
    await this.#context.voiceConsents.purgeAllOf(userId);
    await this.#context.storage.transaction((trx) => purgeVoiceSettings(trx, userId));
  }

  async #requireCharacter({ userId }: Actor, id: string): Promise<void> {
    const character = await readCharacter(this.#context.storage.db, { id, userId });
    if (!character) throw new NotFoundError('There is no such character.');
  }

  async #requireVoice(actor: Actor, ref: string, locale: Locale): Promise<void> {
    const { speech, clonedVoices } = this.#context;
    const voice = (await clonedVoices.visible(actor, await speech.voices())).find((one) => one.ref === ref);
    if (!voice) {
      throw new InvalidInputError('There is no such voice. Choose one of the list.', {
        code: 'voice-unknown',
        field: 'voice',
      });
    }
    const language = languageOfLocale(locale);
    if (voice.languages.includes(language)) return;
    throw new InvalidInputError(`${voice.label} does not speak this language. Choose another voice.`, {
      code: 'voice-language',
      field: 'voice',
      details: { language },
    });
  }
}
