import type { Bill } from '../../models/billing/bill.ts';
import { payerOf } from '../../models/billing/payers.ts';
import { Tab } from '../../models/billing/tab.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { CallPreferences, Pronunciation, TurnProfile } from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError, isAbort } from '../../base/errors.ts';
import { endCall, insertCall, saveCallProgress } from '../../conversation/call-store.ts';
import type { CallEndReason, CallEvent } from '../../voice/call-events.ts';
import { createCall } from '../../voice/create-call.ts';
import type { CallClock } from '../../voice/voice-ports.ts';
import { CallReplier } from './call-replier.ts';
import type { CallVoice } from './call-voice.ts';
import { CallVoices } from './call-voices.ts';
import type { CallsContext } from './calls-context.ts';
import { openListener } from './listener.ts';
import { narrationOf } from './narration.ts';
import type { CallSettings, OpenCall } from './open-call.ts';
import type { Recordings } from './recordings.ts';
import { VoiceSpeaker } from './speaker.ts';
import { AWAY_LIMIT_MS, TrackedCall } from './tracked-call.ts';

export interface CallLineOptions {
  actor: Actor;
  conversation: Conversation;
  playback: 'reported' | 'estimated';
  settings: CallSettings;
  clock: CallClock;
  recordings: Recordings;
  awayLimitInMs?: number;
  closing: AbortSignal;
  onEnd: () => void;
}

/** Everything of one call under way: the loop with its ears, its mouth and whoever answers, and its row. */
export class CallLine {
  readonly id: string;
  readonly ownerId: string;
  readonly conversationId: string;
  readonly #context: CallsContext;
  readonly #options: CallLineOptions;
  readonly #preferences: CallPreferences;
  readonly #voices: CallVoices;
  /** Of everything that is said and heard. */
  readonly #tab = new Tab();
  readonly #over = new AbortController();
  /** ISO 639-1. */
  readonly #language: string;
  #settings: CallSettings;
  #call!: TrackedCall; // set by `open`, before anybody gets the line
  #turns = 0;

  private constructor(
    context: CallsContext,
    options: CallLineOptions,
    known: { preferences: CallPreferences; pronunciations: readonly Pronunciation[] },
  ) {
    this.id = context.newId();
    this.ownerId = options.actor.userId;
    this.conversationId = options.conversation.id;
    this.#context = context;
    this.#options = options;
    this.#settings = options.settings;
    this.#preferences = known.preferences;
    const { actor, conversation } = options;
    const bill = this.#bill('reply');
    this.#voices = new CallVoices({ context, actor, conversation, ...known, bill, override: () => this.#settings });
    this.#language = languageOfLocale(options.conversation.locale);
  }

  static async open(context: CallsContext, options: CallLineOptions): Promise<CallLine> {
    const { settings } = context;
    const { actor } = options;
    const [preferences, pronunciations] = await Promise.all([
      settings.preferences(actor),
      settings.pronunciations(actor),
    ]);
    const line = new CallLine(context, options, { preferences, pronunciations });
    try {
      await line.#begin();
    } catch (error) {
      line.#over.abort();
      await line.#tab.close();
      throw error;
    }
    return line;
  }

  get durationInMs(): number {
    return this.#call.durationInMs;
  }

  present({ resumed }: { resumed: boolean }): OpenCall {
    const { character, locale } = this.#options.conversation;
    return {
      id: this.id,
      conversationId: this.conversationId,
      characterName: character.name,
      locale,
      resumed,
      call: this.#call,
      configure: (settings) => this.configure(settings),
    };
  }

  /** From the next turn on. Throws `UnavailableError` (`voice-absent`) for a voice that is not there, and changes nothing. */
  async configure(settings: CallSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = { ...before, ...settings };
    if (settings.voice || settings.speed !== undefined) this.#voices.forget();
    if (settings.voice) {
      await this.#voices.voiceOf(null, this.#language, this.#over.signal).catch((error: unknown) => {
        this.#settings = before;
        this.#voices.forget();
        throw error;
      });
    }
    if (settings.profile) this.#call.setProfile(settings.profile);
    if (settings.instructions !== undefined && settings.instructions !== before.instructions) this.#warm();
  }

  /** Says words of a character's that are kept already. */
  async say({ characterId, ...words }: { text: string; messageId: string; characterId: string }): Promise<void> {
    this.#call.say({ ...words, speaker: await this.#voices.speakerOf(characterId) });
  }

  end(reason: CallEndReason): Promise<void> {
    return this.#call.end(reason);
  }

  async #begin(): Promise<void> {
    const { speech, newId } = this.#context;
    const { closing, clock, playback, awayLimitInMs = AWAY_LIMIT_MS } = this.#options;
    const signal = AbortSignal.any([closing, this.#over.signal]);
    const [listener, voice, alike] = await Promise.all([
      openListener(speech, { language: this.#language, bill: this.#bill('dictation'), signal }),
      this.#voices.voiceOf(null, this.#language, signal),
      this.#voices.alike(this.#language),
    ]);
    await this.#insert();
    const inner = createCall({
      clock,
      newId,
      listener,
      speaker: new VoiceSpeaker({
        language: this.#language,
        voiceFor: (by, language, asked) => this.#voices.voiceOf(by, language, asked),
      }),
      replier: this.#replier(),
      profile: this.#settings.profile ?? profileOf(this.#preferences),
      playback,
      language: this.#language,
      narration: narrationOf(this.#options.conversation.character),
    });
    this.#call = new TrackedCall({
      inner,
      clock,
      awayLimitInMs,
      notices: [...noticesOf(voice), ...noticesOfAlike(alike)],
      onEnd: (end) => this.#end(end),
    });
    this.#warm();
    void this.#voices.warm(this.#language, signal).catch((error: unknown) => this.#note(error));
    void this.#endWithConversation();
  }

  /** One for the words of all who speak, one for what the person says. */
  #bill(purpose: 'reply' | 'dictation'): Bill {
    const { actor, conversation } = this.#options;
    const about = { conversationId: conversation.id, characterId: conversation.character.id };
    return { account: { payer: payerOf(actor), door: 'call', purpose, ...about }, tab: this.#tab };
  }

  #replier(): CallReplier {
    const { actor, recordings } = this.#options;
    const { turns, logger } = this.#context;
    return new CallReplier({
      actor,
      conversationId: this.conversationId,
      callId: this.id,
      turns,
      recordings,
      logger,
      style: () => this.#style(),
      keepsRecordings: () => this.#preferences.keepRecordings,
      onStop: () => this.#call.interrupt(),
      onTurn: () => this.#count(),
    });
  }

  #style(): { instructions: string | null } {
    return { instructions: this.#settings.instructions?.trim() || null };
  }

  #warm(): void {
    const { actor } = this.#options;
    const style = this.#style();
    void this.#context.turns.warm({ actor, conversationId: this.conversationId, style, signal: this.#over.signal });
  }

  async #insert(): Promise<void> {
    const { storage, events, clock } = this.#context;
    const { id, ownerId, conversationId } = this;
    const { character, locale } = this.#options.conversation;
    const call = { id, ownerId, conversationId, characterId: character.id, locale, startedAt: clock.now() };
    await storage.transaction(async (trx) => {
      await insertCall(trx, { ...call, endedAt: null, endReason: null, turns: 0, durationInMs: 0 });
      await events.append(trx, {
        type: 'call-start',
        actorId: ownerId,
        subjectId: conversationId,
        payload: { callId: id, characterId: character.id, locale },
      });
    });
  }

  #count(): void {
    this.#turns += 1;
    const progress = { id: this.id, turns: this.#turns, durationInMs: this.durationInMs };
    saveCallProgress(this.#context.storage.db, progress).catch((error: unknown) => this.#note(error));
  }

  async #end({ reason, durationInMs }: { reason: CallEndReason; durationInMs: number }): Promise<void> {
    const { storage, events, clock } = this.#context;
    this.#over.abort();
    this.#options.onEnd();
    await this.#tab.close();
    const ended = { id: this.id, endedAt: clock.now(), endReason: reason, turns: this.#turns, durationInMs };
    await storage.transaction(async (trx) => {
      if (!(await endCall(trx, ended))) return;
      await events.append(trx, {
        type: 'call-end',
        actorId: this.ownerId,
        subjectId: this.conversationId,
        payload: { callId: this.id, reason, turns: this.#turns, durationInMs },
      });
    });
  }

  /** A conversation that is deleted takes its call along. */
  async #endWithConversation(): Promise<void> {
    const { live, conversations } = this.#context;
    const { actor } = this.#options;
    const { conversationId } = this;
    try {
      const read = () => conversations.readOwn(actor, conversationId);
      for await (const event of live.watch({ conversationId, read, signal: this.#over.signal })) {
        if (event.type === 'conversation-delete') await this.end('hung-up');
      }
    } catch (error) {
      // Deleted before anybody watched.
      if (error instanceof NotFoundError) await this.end('hung-up');
      else this.#note(error);
    }
  }

  #note(error: unknown): void {
    if (isAbort(error) || this.#over.signal.aborted) return;
    this.#context.logger.warn({ err: error, callId: this.id }, 'something of a call went wrong');
  }
}

/** Who asked for leisure does not get a caller in a hurry. */
function profileOf({ elder, profile }: CallPreferences): TurnProfile {
  return elder && profile === 'normal' ? 'slow-speaker' : profile;
}

function noticesOf({ insteadOf, ref }: CallVoice): CallEvent[] {
  if (insteadOf === null) return [];
  const message = `The voice ${insteadOf} is not installed: ${ref} speaks instead. Fetch it on the page of voices.`;
  return [{ type: 'failure', stage: 'speaking', code: 'voice-absent', message, retryable: false }];
}

/** Whoever hears two with one voice is told why. */
function noticesOfAlike(alike: Awaited<ReturnType<CallVoices['alike']>>): CallEvent[] {
  const [first] = alike;
  if (!first) return [];
  const names = alike.map(({ name }) => name).join(', ');
  const message = `There are fewer voices here than characters: ${names} sounds like ${first.others.join(', ')}, at another pitch and speed. Fetch more on the page of voices.`;
  return [{ type: 'failure', stage: 'speaking', code: 'voice-shared', message, retryable: false }];
}
