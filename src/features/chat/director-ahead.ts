import { isAbort } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import type { TurnDirector } from '../../turn/director/director.ts';
import type { ChatContext } from './chat-context.ts';
import { directedRoom, prepareDirector } from './turn-order/choose-turn.ts';
import { readTurns } from './turn-order/read-turns.ts';

/** Lets the directors of rooms read what was said while nobody waits for them: one reading for each room. */
export class DirectorAhead {
  readonly #context: Pick<ChatContext, 'storage' | 'logger'>;
  readonly #director: TurnDirector;
  readonly #reading = new Map<string, AbortController>();
  #closed = false;

  constructor(context: Pick<ChatContext, 'storage' | 'logger'>, director: TurnDirector) {
    this.#context = context;
    this.#director = director;
  }

  /** Returns at once; what goes wrong is only noted, for a director reads by itself too. */
  begin(room: { conversationId: string; ownerId: string }): void {
    if (this.#closed) return;
    const { conversationId } = room;
    this.end(conversationId);
    const reading = new AbortController();
    this.#reading.set(conversationId, reading);
    void this.#read(room, reading.signal)
      .catch((error: unknown) => {
        if (!isAbort(error)) this.#context.logger.debug({ err: error }, 'a director could not read ahead');
      })
      .finally(() => {
        if (this.#reading.get(conversationId) === reading) this.#reading.delete(conversationId);
      });
  }

  /** Something is said: what was to be read is out of date. */
  end(conversationId: string): void {
    this.#reading.get(conversationId)?.abort();
    this.#reading.delete(conversationId);
  }

  close(): void {
    this.#closed = true;
    for (const reading of this.#reading.values()) reading.abort();
  }

  async #read({ conversationId: id, ownerId }: { conversationId: string; ownerId: string }, signal: AbortSignal) {
    const { db } = this.#context.storage;
    const conversation = await readConversation(db, { id, ownerId });
    const turns = conversation?.deletedAt === null ? await readTurns(db, conversation) : null;
    signal.throwIfAborted();
    if (!conversation || !turns) return;
    await prepareDirector(turns, { director: this.#director, room: directedRoom(conversation, signal) });
  }
}
