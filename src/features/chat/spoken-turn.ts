import { payerOf } from '../../models/billing/payers.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import { partsOfReply } from '../../../contract/reply-parts.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import type { SpokenTimings } from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import { BoundedQueue } from '../../base/bounded-queue.ts';
import { AppError, ConflictError, UnavailableError, errorMessage, isAbort } from '../../base/errors.ts';
import type { LiveReply } from '../../conversation/live-replies.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { saveReplyPrefixes } from '../../conversation/message-store.ts';
import type { Failure } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { TurnDirector } from '../../turn/director/director.ts';
import type { TurnPart } from '../../turn/run-turn.ts';
import type { SpokenStyle } from '../../turn/turn-request.ts';
import { turnOf } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import { readFollowerAhead } from './follower-ahead.ts';
import { presentMessage } from './present-message.ts';
import { announceConversation, announceReplyEnd, settleWithPatience, type ReplyEnding } from './settle-reply.ts';
import { keepTurn, PathMovedError, removeUnheard, withoutMessage } from './keep-spoken-turn.ts';
import { planTurn, type PlannedTurn } from './plan-spoken-turn.ts';
import { chooseFollower } from './turn-order/choose-spoken-turn.ts';

/** Deltas that wait for whoever speaks them; a reply has some hundreds. */
const WORDS_LIMIT = 20_000;
/** Times that a path may move away from under a turn before it is given up. */
const MOST_MOVES = 8;
/** What no longer depends on whether the call goes on. */
const never = new AbortController().signal;

export interface SpokenTurnRequest {
  actor: Actor;
  conversationId: string;
  callId: string;
  /** Null where a character follows another. */
  text: string | null;
  how: 'spoken' | 'typed';
  style: SpokenStyle;
  /** Ends the writing. What is kept already stays. */
  signal: AbortSignal;
  /** Somebody asks elsewhere that the reply ends, with the button under it. */
  onStop: () => void;
}

/** Where a turn stands among those that answer one thing a human said. */
export interface TurnPlace {
  /** Who speaks; null where that is still to be chosen. */
  choice: TurnChoice | null;
  /** Characters who have answered before. */
  replies: number;
}

/** A character who speaks in a room. */
export interface Speaking {
  participantId: string;
  name: string;
}

/** What every turn of a house's calls has in common. */
export interface SpokenTurnHouse {
  context: ChatContext;
  director: TurnDirector;
  /** Aborted when the house closes. */
  closing: AbortSignal;
}

export interface SaidAloud {
  text: string;
  /** Milliseconds it took to say. */
  durationInMs: number;
  recorded: boolean;
  /** Joins the transaction that keeps the message. */
  join?: (trx: Trx, message: { messageId: string; createdAt: number }) => Promise<void>;
}

export interface HeardReply {
  state: 'done' | 'interrupted' | 'stopped' | 'failed';
  /** A beginning of the reply's words. */
  heard: string;
  /** Milliseconds that it sounded. */
  durationInMs: number;
  timings: SpokenTimings;
  failure: Failure | null;
}

/**
 * A turn of a call. *Drafting*: the model writes, and nothing is in the conversation. `confirm` keeps what the person
 * said with an empty reply (*kept*); the reply's row then holds what was heard and nothing else. `end` settles it; a
 * reply of which nothing was heard leaves the conversation again. `discard` instead of `confirm` leaves nothing. In a
 * room `follow` begins the turn of the character who goes on after it.
 */
export class SpokenTurn {
  readonly words: AsyncIterable<string>;
  /** Who speaks, known before the first word; null where there is no room. Never rejects. */
  readonly speaker: Promise<Speaking | null>;
  readonly #house: SpokenTurnHouse;
  readonly #place: TurnPlace;
  readonly #context: ChatContext;
  readonly #request: SpokenTurnRequest;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queue = new BoundedQueue<string>(WORDS_LIMIT);
  readonly #finished = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  #planned: Promise<PlannedTurn>;
  /** Aborted when the path moved before a word was written: the turn is written again where the path ends now. */
  #attempt = new AbortController();
  #text = '';
  #reasoning = '';
  #ending: ReplyEnding | null = null;
  #failure: Failure | null = null;
  #kept: { live: LiveReply; plan: PlannedTurn } | null = null;
  #saving: Promise<void> | null = null;
  #savedText = '';

  constructor(house: SpokenTurnHouse, request: SpokenTurnRequest, place: TurnPlace = { choice: null, replies: 0 }) {
    this.#house = house;
    this.#context = house.context;
    this.#request = request;
    this.#place = place;
    this.#signal = AbortSignal.any([request.signal, this.#stopping.signal]);
    const { director } = house;
    this.#planned = planTurn(this.#context, { ...request, choice: place.choice, director, signal: this.#signal });
    this.speaker = this.#planned.then(speakingOf, () => null);
    this.#running = this.#write();
    this.words = this.#read();
  }

  /**
   * Keeps what the person said, null where a character follows another, and an empty reply, where the path ends. Throws
   * when the conversation is gone.
   */
  async confirm(said: SaidAloud | null): Promise<{ messageId: string | null; replyMessageId: string }> {
    const { callId, how } = this.#request;
    const text = said?.text ?? null;
    const voice: MessagePart[] =
      how === 'typed' || said === null
        ? []
        : [{ type: 'voice', callId, recorded: said.recorded, durationInMs: said.durationInMs, interrupted: false }];
    let plan = await this.#planned.catch(() => this.#planAgain(text));
    if (plan.asked !== text) plan = await this.#planAgain(text);
    for (let move = 1; ; move += 1) {
      try {
        const silent = this.#parts('', { isCut: false, durationInMs: 0 });
        await keepTurn(this.#context, { ...this.#request, plan, voice, silent, join: said?.join });
        break;
      } catch (error) {
        const isMoved =
          error instanceof PathMovedError || (error instanceof ConflictError && error.code === 'reply-running');
        if (!isMoved || move === MOST_MOVES) throw error;
        plan = await this.#planAgain(text);
      }
    }
    await this.#announceKept(plan);
    return { messageId: plan.message?.id ?? null, replyMessageId: plan.reply.id };
  }

  /** So much of the reply has been heard; grows only. */
  heard(text: string): void {
    const live = this.#kept?.live;
    if (!live || text.length <= live.text.length) return;
    const delta = text.slice(live.text.length);
    live.text = text;
    this.#context.live.publish(live.conversationId, { type: 'text-delta', messageId: live.messageId, text: delta });
    this.#saving ??= this.#save().finally(() => (this.#saving = null));
  }

  async end({ state, heard, durationInMs, timings, failure }: HeardReply): Promise<void> {
    const kept = this.#kept;
    if (!kept) return this.discard();
    if (state !== 'done') this.#stopping.abort();
    await this.#running;
    await this.#saving;
    const isWhole = heard.trim() === this.#text.trim();
    const isCut = (state === 'interrupted' || state === 'stopped') && !(isWhole && heard.trim() !== '');
    const { messageId, conversationId } = kept.live;
    const { ownerId } = kept.plan.stage.conversation;
    const parts = this.#parts(heard.trimEnd(), { isCut, durationInMs });
    const ending: ReplyEnding = {
      state: state === 'failed' ? 'failed' : isCut ? 'stopped' : 'done',
      failure: state === 'failed' ? failure : null,
      receipt: this.#ending?.receipt ?? null,
      record: this.#record(kept.plan),
    };
    try {
      if (isCut && heard.trim() === '') await this.#remove(kept.plan);
      else {
        const { choice: turn } = kept.plan;
        const ended = { messageId, conversationId, ownerId, parts, ending, spoken: timings, turn };
        await settleWithPatience(this.#context, ended, this.#house.closing);
      }
    } finally {
      this.#context.live.remove(messageId);
      this.#finished.resolve();
    }
    await announceReplyEnd(this.#context, { messageId, conversationId, ownerId });
  }

  /**
   * The turn of whoever goes on after this one has been heard to its end; null where nobody does, or somebody else has
   * said something meanwhile.
   */
  async follow({ signal }: { signal: AbortSignal }): Promise<SpokenTurn | null> {
    const kept = this.#kept;
    if (!kept?.plan.choice) return null;
    const { id, ownerId } = kept.plan.stage.conversation;
    const { db } = this.#context.storage;
    const conversation = await readConversation(db, { id, ownerId });
    if (conversation?.deletedAt !== null || conversation.leafId !== kept.plan.reply.id) return null;
    const replies = this.#place.replies + 1;
    const { director } = this.#house;
    const choice = await chooseFollower(db, { conversation, replies, director, signal });
    if (!choice || signal.aborted) return null;
    return new SpokenTurn(this.#house, { ...this.#request, text: null, signal }, { choice, replies });
  }

  /** Nothing of the turn is kept. */
  discard(): void {
    this.#stopping.abort();
    this.#queue.end();
  }

  async *#read(): AsyncGenerator<string> {
    yield* this.#queue;
    if (!this.#failure) return;
    const { code, message, retryable } = this.#failure;
    throw new UnavailableError(message, { code, retryable });
  }

  /** Pulls the turn at once, whether or not anybody reads. */
  async #write(): Promise<void> {
    try {
      for (;;) {
        const { signal: moved } = this.#attempt;
        const ending = await this.#writeOnce(await this.#planned, moved);
        if (moved.aborted && !this.#signal.aborted) continue;
        this.#ending = ending;
        if (ending.state === 'failed') this.#failure = ending.failure;
        return;
      }
    } catch (error) {
      if (!isAbort(error) && !this.#signal.aborted) this.#failure = toFailure(error);
    } finally {
      this.#queue.end();
    }
  }

  async #writeOnce({ stage, message, reply, endId }: PlannedTurn, moved: AbortSignal): Promise<ReplyEnding> {
    const { conversation, cast } = stage;
    const parts = this.#context.turns.run({
      conversation,
      ...turnOf(cast),
      endId,
      ...(message ? { pending: [message] } : {}),
      spoken: this.#request.style,
      payer: payerOf(this.#request.actor),
      continueText: null,
      trigger: 'normal',
      seed: reply.id,
      signal: AbortSignal.any([this.#signal, moved]),
    });
    let ending: ReplyEnding = { state: 'stopped', failure: null, receipt: null, record: null };
    for await (const part of parts) {
      if (part.type === 'turn-end') ending = part;
      else if (!moved.aborted) this.#take(part);
    }
    return ending;
  }

  #take(part: Exclude<TurnPart, { type: 'turn-end' }>): void {
    if (part.type === 'reasoning-delta') this.#reasoning += part.text;
    if (part.type !== 'text-delta') return;
    this.#text += part.text;
    this.#queue.push(part.text);
  }

  /** The path moved, or something else was said than was answered: the words stay, the place is found again. */
  async #planAgain(text: string | null): Promise<PlannedTurn> {
    const before = await this.#planned.catch(() => null);
    const { choice } = this.#place;
    const { director } = this.#house;
    const planning = planTurn(this.#context, { ...this.#request, text, choice, director, signal: never, before });
    const plan = await planning;
    if (this.#text === '' && before && before.endId !== plan.endId) {
      this.#planned = planning;
      const moved = this.#attempt;
      this.#attempt = new AbortController();
      moved.abort();
    }
    return plan;
  }

  async #announceKept(plan: PlannedTurn): Promise<void> {
    const { live, storage } = this.#context;
    const { conversationId } = this.#request;
    const reply: LiveReply = {
      messageId: plan.reply.id,
      conversationId,
      audience: plan.reply.audience,
      stop: new AbortController(),
      text: '',
      reasoning: '',
      tools: [],
      progress: null,
      finished: this.#finished.promise,
    };
    this.#kept = { live: reply, plan };
    reply.stop.signal.addEventListener('abort', () => this.#request.onStop(), { once: true });
    live.add(reply);
    if (plan.message) {
      const message = await presentMessage(storage.db, plan.message);
      live.publish(conversationId, { type: 'message-commit', message });
    }
    live.publish(conversationId, { type: 'reply-start', message: await presentMessage(storage.db, plan.reply) });
    await announceConversation(this.#context, { conversationId, ownerId: this.#request.actor.userId });
    void this.#readAhead(plan);
  }

  /** Once it is written and while it sounds, the engine is free for whoever goes on. */
  async #readAhead(plan: PlannedTurn): Promise<void> {
    await this.#running;
    if (plan.choice === null || this.#signal.aborted) return;
    const { style } = this.#request;
    const signal = AbortSignal.any([this.#signal, this.#house.closing]);
    await readFollowerAhead(this.#context, { plan, replies: this.#place.replies + 1, style, signal });
  }

  /** What was heard reaches the disk as fast as the disk takes it: a crash keeps it. */
  async #save(): Promise<void> {
    for (let live = this.#kept?.live; live && live.text !== this.#savedText; live = this.#kept?.live) {
      this.#savedText = live.text;
      const parts = this.#parts(live.text, { isCut: false, durationInMs: 0 });
      try {
        await saveReplyPrefixes(this.#context.storage.db, [{ id: live.messageId, parts }]);
      } catch (error) {
        this.#context.logger.warn({ err: error, messageId: live.messageId }, 'what was heard could not be saved yet');
        return;
      }
    }
  }

  #parts(heard: string, { isCut, durationInMs }: { isCut: boolean; durationInMs: number }): MessagePart[] {
    const reasoning = heard === '' ? '' : this.#reasoning;
    const { callId } = this.#request;
    return [
      ...partsOfReply({ text: heard, reasoning, tools: [] }),
      { type: 'voice', callId, recorded: false, durationInMs, interrupted: isCut },
    ];
  }

  /** The prompt that was sent; where other words were kept than it had, it names its own. */
  #record(plan: PlannedTurn): ReplyEnding['record'] {
    const record = this.#ending?.record ?? null;
    const { message, asked } = plan;
    return record && message && asked !== this.#request.text ? withoutMessage(record, message.id) : record;
  }

  async #remove(plan: PlannedTurn): Promise<void> {
    const { live } = this.#context;
    await removeUnheard(this.#context, { reply: plan.reply, ownerId: plan.stage.conversation.ownerId });
    const { conversationId, ownerId } = {
      conversationId: this.#request.conversationId,
      ownerId: this.#request.actor.userId,
    };
    const message = { ...(await presentMessage(this.#context.storage.db, plan.reply)), parts: [], deleted: true };
    const settled = { ...message, state: 'stopped' as const };
    live.remove(plan.reply.id);
    live.publish(conversationId, { type: 'reply-end', messageId: plan.reply.id, state: 'stopped', message: settled });
    await announceConversation(this.#context, { conversationId, ownerId });
  }
}

function speakingOf({ choice, stage: { cast } }: PlannedTurn): Speaking | null {
  return choice && { participantId: choice.participantId, name: cast.charName };
}

function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'internal', message: `The reply failed: ${errorMessage(error).slice(0, 500)}`, retryable: true };
}
