import type { Actor } from '../../accounts/actor.ts';
import { isAbort } from '../../base/errors.ts';
import { listConversations } from '../../conversation/conversation-list-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { WarmReport } from '../../models/spec/model-handle.ts';
import { readCast, turnOf } from './cast.ts';
import type { TurnDirector } from '../../turn/director/director.ts';
import { directedRoom, prepareDirector } from './turn-order/choose-turn.ts';
import { likelyNext } from './turn-order/likely-next.ts';
import { readTurns } from './turn-order/read-turns.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';

/** Conversations prepared one after the other while nobody talks. */
const IDLE_WARM_COUNT = 3;

/**
 * Lets the engine read a conversation before its person has typed. One at a time: the conversation opened last
 * matters most, so opening another one ends the preparation of the one before.
 */
export class WarmStarts {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #director: TurnDirector;
  #running: AbortController | undefined;
  #closed = false;

  constructor(context: ChatContext, parts: { conversations: Conversations; director: TurnDirector }) {
    this.#context = context;
    this.#conversations = parts.conversations;
    this.#director = parts.director;
  }

  /** Returns at once; what goes wrong is only noted, for a cold start works too. */
  begin(actor: Actor, conversationId: string): void {
    if (this.#closed) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    void this.#conversations
      .require(actor, conversationId)
      .then((conversation) => this.#warm(conversation, running.signal))
      .catch((error: unknown) => this.#note(error))
      .finally(() => {
        if (this.#running === running) this.#running = undefined;
      });
  }

  /** Prepares a person's latest conversations, until somebody talks or opens one. */
  async warmLatest(ownerId: string): Promise<void> {
    if (this.#running || this.#closed) return;
    const running = new AbortController();
    this.#running = running;
    try {
      const latest = await listConversations(this.#context.storage.db, {
        userId: ownerId,
        sort: 'recent',
        marks: { archived: 'hide' },
        cursor: null,
        limit: IDLE_WARM_COUNT,
        characterId: null,
        search: null,
      });
      // The latest one last, so that it is the one the engine still holds in memory.
      for (const conversation of latest.toReversed()) await this.#warm(conversation, running.signal);
    } catch (error) {
      this.#note(error);
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  close(): void {
    this.#closed = true;
    this.#running?.abort();
  }

  async #warm(conversation: ConversationRecord, signal: AbortSignal): Promise<WarmReport | undefined> {
    signal.throwIfAborted();
    if (this.#context.live.inConversation(conversation.id).length > 0) return undefined;
    const turns = await readTurns(this.#context.storage.db, conversation);
    // Whoever chooses is asked first, and has little to read.
    if (turns) await prepareDirector(turns, { director: this.#director, room: directedRoom(conversation, signal) });
    const speakerId = turns ? likelyNext(turns) : undefined;
    const cast = await readCast(this.#context, conversation, speakerId);
    return this.#context.turns.warm({ conversation, ...turnOf(cast), endId: conversation.leafId, signal });
  }

  #note(error: unknown): void {
    if (!isAbort(error)) this.#context.logger.debug({ err: error }, 'a warm start was not possible');
  }
}
