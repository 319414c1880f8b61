import type { BillableSpeech } from '../../../models/spec/speech-handle.ts';
import type { CharacterVoice, Pronunciation, Voice } from '../../../../contract/voice.ts';
import type { Locale } from '../../../../contract/common.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError, NotFoundError, UnavailableError } from '../../../base/errors.ts';
import { findCharacterBySlug } from '../../../character/character-store.ts';
import { chooseVoice } from '../../../models/routing/choose-speech.ts';
import type { SpeechDirectory } from '../../../models/routing/speech-directory.ts';
import { splitVoiceRef } from '../../../models/routing/speech-source.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { SpeakingVoice } from '../../../voice/speak-clause.ts';
import { requireModelAllowed } from '../platform-caller.ts';
import { findSpeechModel, namesOfRefs, wantsQuickSpeech, type SpeechModelName } from './speech-model-names.ts';

/** How one person likes to hear; the wiring satisfies it. */
export interface PersonalVoices {
  permits(actor: Actor, ref: string): Promise<boolean>;
  characterVoice(actor: Actor, characterId: string, locale: Locale): Promise<CharacterVoice>;
  pronunciations(actor: Actor): Promise<Pronunciation[]>;
}

export interface FoundVoice {
  /** Speaks once it is said who pays. */
  voice: Omit<SpeakingVoice, 'handle'> & { handle: BillableSpeech };
  /** The voice's own. */
  ref: string;
  /** The name under which it is billed and allowed. */
  model: string;
  characterId: string | null;
}

/** OpenAI's voices, so that those who know them get one of the same kind. */
const OPENAI_VOICES: Readonly<Record<string, 'female' | 'male'>> = {
  alloy: 'female',
  coral: 'female',
  marin: 'female',
  nova: 'female',
  sage: 'female',
  shimmer: 'female',
  ash: 'male',
  ballad: 'male',
  cedar: 'male',
  echo: 'male',
  fable: 'male',
  onyx: 'male',
  verse: 'male',
};
const SPEEDS = { slowest: 0.5, fastest: 2 };
const CHARACTER = 'character/';

/** Voices as developers name them: OpenAI's names, the house's own, a character's. */
export class PlatformVoices {
  readonly #speech: SpeechDirectory;
  readonly #personal: PersonalVoices;
  readonly #storage: Pick<Storage, 'db'>;

  constructor(options: { speech: SpeechDirectory; personal: PersonalVoices; storage: Pick<Storage, 'db'> }) {
    this.#speech = options.speech;
    this.#personal = options.personal;
    this.#storage = options.storage;
  }

  /** What speaks now, as models. */
  async models(): Promise<SpeechModelName[]> {
    const voices = await this.#speech.voices();
    return namesOfRefs(voices.filter(({ installed, cloned }) => installed && !cloned).map(({ engine }) => engine.ref));
  }

  /**
   * Throws `NotFoundError` (`model-not-found`, `character-unknown`), `InvalidInputError` (`voice-unknown`) naming what
   * there is, `UnavailableError` (`voice-absent`).
   */
  async find(
    actor: Actor,
    request: { model: string; voice: string; speed: number; language: string; signal: AbortSignal },
  ): Promise<FoundVoice> {
    const { model, language, speed, signal } = request;
    requireModelAllowed(actor, model);
    const models = await this.models();
    const only = findSpeechModel(models, { model, job: 'speech' });
    const voices = (await this.#speech.voices()).filter(
      ({ installed, engine }) => installed && (only === null || engine.ref === only.ref),
    );
    const character = await this.#characterVoice(actor, request);
    const wanted = character ? character.voice.voice : request.voice;
    const chosen = (wanted === null ? null : await this.#named(actor, voices, wanted)) ?? standIn(voices, request);
    if (chosen === null) throw noVoice(language);
    if (wanted !== null && !character && chosen.unknown) throw unknownVoice(wanted, voices);
    const { handle, voice: name } = await this.#speech.speech(chosen.voice.ref, signal);
    return {
      ref: chosen.voice.ref,
      model: models.find(({ ref }) => ref === chosen.voice.engine.ref)?.name ?? chosen.voice.engine.ref,
      characterId: character?.id ?? null,
      voice: {
        handle,
        name,
        speed: Math.min(SPEEDS.fastest, Math.max(SPEEDS.slowest, speed * (character?.voice.speed ?? 1))),
        pitch: character?.voice.pitch ?? 0,
        pronunciations: await this.#personal.pronunciations(actor),
      },
    };
  }

  async #characterVoice(
    actor: Actor,
    { voice, language }: { voice: string; language: string },
  ): Promise<{ id: string; voice: CharacterVoice } | null> {
    if (!voice.startsWith(CHARACTER)) return null;
    const slug = voice.slice(CHARACTER.length);
    const id = await findCharacterBySlug(this.#storage.db, { slug, userId: actor.userId });
    if (id === undefined) {
      throw new NotFoundError(`There is no character “${slug.slice(0, 200)}” that you can see.`, {
        code: 'character-unknown',
        field: 'voice',
      });
    }
    const locale = language === 'zh' ? 'zh-CN' : 'en';
    return { id, voice: await this.#personal.characterVoice(actor, id, locale) };
  }

  /** A voice by its ref, its label or its name at its engine, if the person may hear it. */
  async #named(actor: Actor, voices: readonly Voice[], wanted: string): Promise<Choice | null> {
    const name = wanted.toLowerCase();
    const found =
      voices.find(({ ref }) => ref === wanted) ??
      voices.find(({ ref, cloned }) => !cloned && splitVoiceRef(ref).voice.toLowerCase() === name) ??
      voices.find(({ label, cloned }) => !cloned && label.toLowerCase() === name);
    return found && (await this.#personal.permits(actor, found.ref)) ? { voice: found, unknown: false } : null;
  }
}

interface Choice {
  voice: Voice;
  /** It stands in for a name that nobody knows. */
  unknown: boolean;
}

/** The house's voice of the language; of the kind that a name of OpenAI's says, and steadily the same for a name. */
function standIn(
  voices: readonly Voice[],
  { voice: wanted, language, model }: { voice: string; language: string; model: string },
): Choice | null {
  const best = chooseVoice(voices, { language, forCalls: wantsQuickSpeech(model) }) ?? anyVoice(voices);
  if (best === null) return null;
  const name = wanted.toLowerCase();
  const gender = OPENAI_VOICES[name];
  if (gender === undefined) return { voice: best, unknown: !wanted.startsWith(CHARACTER) };
  const fitting = voices.filter(
    (voice) =>
      voice.engine.ref === best.engine.ref &&
      voice.gender === gender &&
      !voice.cloned &&
      voice.languages.some((spoken) => best.languages.includes(spoken)) &&
      (voice.languages.includes(language) || !best.languages.includes(language)),
  );
  const place = Object.keys(OPENAI_VOICES)
    .filter((known) => OPENAI_VOICES[known] === gender)
    .indexOf(name);
  return { voice: fitting[place % Math.max(1, fitting.length)] ?? best, unknown: false };
}

/** A model that was asked for by name speaks even where the language is none of its own. */
function anyVoice(voices: readonly Voice[]): Voice | null {
  return voices.find(({ cloned }) => !cloned) ?? null;
}

function noVoice(language: string): UnavailableError {
  return new UnavailableError(`No voice that speaks “${language}” is installed. The owner fetches one in Voices.`, {
    code: 'voice-absent',
    retryable: false,
  });
}

function unknownVoice(wanted: string, voices: readonly Voice[]): InvalidInputError {
  const some = voices.slice(0, 6).map(({ ref }) => ref);
  return new InvalidInputError(
    `There is no voice “${wanted.slice(0, 200)}”. Use a name of OpenAI's (${Object.keys(OPENAI_VOICES).join(', ')}), ` +
      `character/<slug>, or one of this house, such as ${some.join(', ')}.`,
    { code: 'voice-unknown', field: 'voice' },
  );
}
