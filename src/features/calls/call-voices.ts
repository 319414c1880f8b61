import type { Conversation } from '../../../contract/conversations.ts';
import { PLAIN_VOICE, type CallPreferences, type CharacterVoice, type Pronunciation } from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Bill } from '../../models/billing/bill.ts';
import type { ReplySpeaker } from '../../voice/voice-ports.ts';
import { assignVoices, type AssignedVoice, type CallSpeaker } from './assign-voices.ts';
import { chooseVoice, type CallVoice } from './call-voice.ts';
import type { CallsContext } from './calls-context.ts';

/** Somebody old speaks and hears at leisure: over a speed that nobody changed. */
const ELDER_SPEED = 0.9;
/** A participant of a conversation without a room is nobody in particular. */
const ALONE = '';

export interface CallVoicesOptions {
  context: Pick<CallsContext, 'speech' | 'settings' | 'conversations'>;
  actor: Actor;
  conversation: Conversation;
  preferences: CallPreferences;
  pronunciations: readonly Pronunciation[];
  /** Who pays for what is said. */
  bill: Bill;
  /** For this call: over the stored voice of the conversation's character, and over the person's speed. */
  override: () => { voice?: CharacterVoice; speed?: number };
}

/** How each who speaks in a call sounds: the character's voice, and in rooms no two alike. */
export class CallVoices {
  readonly #options: CallVoicesOptions;
  #speakers: Promise<readonly CallSpeaker[]>;
  /** By speaker and language; emptied when settings change or somebody comes in. */
  readonly #voices = new Map<string, Promise<CallVoice>>();
  readonly #assigned = new Map<string, Promise<Map<string, AssignedVoice>>>();

  constructor(options: CallVoicesOptions) {
    this.#options = options;
    this.#speakers = this.#read(options.conversation);
    // Whoever asks for a voice hears of it.
    this.#speakers.catch(() => undefined);
  }

  /** Settings have changed: every voice is chosen anew. */
  forget(): void {
    this.#voices.clear();
    this.#assigned.clear();
  }

  /** The voice that speaks a language here; where the character's own does not, the house's. */
  async voiceOf(speaker: Pick<ReplySpeaker, 'id'> | null, language: string, signal: AbortSignal): Promise<CallVoice> {
    const id = speaker?.id ?? (await this.#lead());
    if (!(await this.#speakers).some((one) => one.id === id)) await this.#readAgain();
    const key = `${language} ${id}`;
    const known = this.#voices.get(key);
    if (known) return known;
    const choosing = this.#choose(id, language, signal);
    this.#voices.set(key, choosing);
    // One that was not there may be by the next clause.
    choosing.catch(() => this.#voices.delete(key));
    return choosing;
  }

  /** Who a character of the conversation is in this call; null where only one answers. */
  async speakerOf(characterId: string): Promise<ReplySpeaker | null> {
    const speaker = (await this.#speakers).find((one) => one.characterId === characterId && one.id !== ALONE);
    return speaker ? { id: speaker.id, name: speaker.name } : null;
  }

  /** Has the engines of all who may speak made ready, the lead's first. */
  async warm(language: string, signal: AbortSignal): Promise<void> {
    const lead = await this.#lead();
    const others = (await this.#speakers).map(({ id }) => id).filter((id) => id !== lead);
    const warmed = new Set<string>();
    for (const id of [lead, ...others]) {
      const { handle } = await this.voiceOf({ id }, language, signal);
      if (!warmed.has(handle.ref)) await handle.warm(signal);
      warmed.add(handle.ref);
    }
  }

  /** Who sounds like somebody else but for pitch and speed, each with the names of those. */
  async alike(language: string): Promise<{ name: string; others: readonly string[] }[]> {
    const speakers = await this.#speakers;
    if (speakers.length < 2) return [];
    const assigned = await this.#assign(language);
    return speakers.flatMap(({ id, name }) => {
      const others = assigned.get(id)?.alike ?? [];
      return others.length > 0 ? [{ name, others }] : [];
    });
  }

  /** Whom the conversation began with; in a room without them whoever comes first. */
  async #lead(): Promise<string> {
    const speakers = await this.#speakers;
    const { character } = this.#options.conversation;
    const lead = speakers.find(({ characterId }) => characterId === character.id) ?? speakers[0];
    return lead?.id ?? ALONE;
  }

  async #choose(id: string, language: string, signal: AbortSignal): Promise<CallVoice> {
    const { context, actor, pronunciations, bill } = this.#options;
    const request = {
      language,
      speed: this.#speed(),
      pronunciations,
      forCalls: true,
      bill,
      permits: (voice: string) => context.settings.permits(actor, voice),
      signal,
    };
    const chosen = await this.#chosenOf(id, language);
    const own = await chooseVoice(context.speech, { ...request, chosen });
    if (own.languages.length === 0 || own.languages.includes(language)) return own;
    // A word of another language is better said with an accent than not at all.
    return chooseVoice(context.speech, { ...request, chosen: { ...chosen, voice: null } }).catch(() => own);
  }

  #speed(): number {
    const { preferences, override } = this.#options;
    const { speed, elder } = preferences;
    return override().speed ?? (elder && speed === 1 ? ELDER_SPEED : speed);
  }

  async #chosenOf(id: string, language: string): Promise<CharacterVoice> {
    const speakers = await this.#speakers;
    const speaker = speakers.find((one) => one.id === id) ?? speakers[0];
    if (speakers.length < 2) return speaker?.chosen ?? PLAIN_VOICE;
    return (await this.#assign(language)).get(id)?.voice ?? speaker?.chosen ?? PLAIN_VOICE;
  }

  #assign(language: string): Promise<Map<string, AssignedVoice>> {
    const known = this.#assigned.get(language);
    if (known) return known;
    const assigning = this.#assignAnew(language);
    this.#assigned.set(language, assigning);
    assigning.catch(() => this.#assigned.delete(language));
    return assigning;
  }

  async #assignAnew(language: string): Promise<Map<string, AssignedVoice>> {
    const { context, actor } = this.#options;
    const [speakers, voices, standing] = await Promise.all([
      this.#speakers,
      context.speech.voices(),
      context.speech.defaultVoice(language, { forCalls: true }),
    ]);
    const engine = voices.find(({ ref }) => ref === standing)?.engine.ref;
    const fitting = voices.filter(
      ({ installed, forCalls, cloned, languages, ref, engine: { ref: engineRef, place } }) => {
        if (!installed || !languages.includes(language)) return false;
        if (isWished(speakers, ref)) return true;
        // Nobody is given a likeness, and nothing is sent to a provider, without somebody having wished for it.
        return forCalls && !cloned && (engineRef === engine || place === 'this-computer');
      },
    );
    const permitted = await Promise.all(fitting.map(({ ref }) => context.settings.permits(actor, ref)));
    const usable = fitting.filter((_voice, index) => permitted[index] === true);
    const ofEngine = usable.filter((voice) => voice.engine.ref === engine || isWished(speakers, voice.ref));
    // One engine in memory is enough where it has voices for all.
    const among = ofEngine.length >= speakers.length ? ofEngine : usable;
    const byRank = among.toSorted((left, right) => Number(right.ref === standing) - Number(left.ref === standing));
    return assignVoices(speakers, byRank);
  }

  async #readAgain(): Promise<void> {
    const { context, actor, conversation } = this.#options;
    this.#speakers = this.#read(await context.conversations.read(actor, conversation.id));
    this.forget();
    await this.#speakers;
  }

  async #read({ room, participants, character, locale }: Conversation): Promise<CallSpeaker[]> {
    const { context, actor, override } = this.#options;
    const characters = participants.filter(({ kind, leftAt }) => kind === 'character' && leftAt === null);
    const lead = { id: ALONE, subjectId: character.id, name: character.name, position: 0 };
    const there = room === null ? [lead] : characters.toSorted((left, right) => left.position - right.position);
    return Promise.all(
      there.map(async ({ id, subjectId, name }) => {
        const stored = await context.settings.characterVoice(actor, subjectId, locale);
        return {
          id,
          characterId: subjectId,
          name,
          get chosen() {
            const asked = subjectId === character.id ? override().voice : undefined;
            return asked ? { ...asked, voice: asked.voice ?? stored.voice } : stored;
          },
        };
      }),
    );
  }
}

function isWished(speakers: readonly CallSpeaker[], ref: string): boolean {
  return speakers.some(({ chosen }) => chosen.voice === ref);
}
