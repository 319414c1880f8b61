import type { Message } from '../../../contract/messages.ts';
import type { ControlRun, RoomRun as ShownRun, TurnChoice } from '../../../contract/rooms.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError } from '../../base/errors.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { readRoom } from '../../conversation/read-room.ts';
import type { Conversations } from './conversations.ts';
import { DirectorAhead } from './director-ahead.ts';
import { RoomRun, type RunParts, type RunStart } from './room-run.ts';
import { requireSteering } from './seat-rights.ts';
import { isFree } from './spoken-stage.ts';
import { chooseTurn, directedRoom } from './turn-order/choose-turn.ts';
import { readTurns } from './turn-order/read-turns.ts';

/** Milliseconds that somebody's message waits in a room for the end of the reply being written there. */
const SENDING_PATIENCE_MS = 45_000;

/** In which rooms characters take turns by themselves now: at most one run each. */
export class RoomRuns {
  readonly #parts: RunParts & { conversations: Conversations };
  readonly #current = new Map<string, RoomRun>();
  readonly #all = new Set<RoomRun>();
  readonly #closing = new AbortController();
  readonly #ahead: DirectorAhead;

  constructor(parts: RunParts & { conversations: Conversations }) {
    this.#parts = parts;
    this.#ahead = new DirectorAhead(parts.context, parts.director);
  }

  /** Takes the place of the run before. Resolves with the first reply once it has begun; null: none, or not chosen yet. */
  async begin(start: RunStart): Promise<Message | null> {
    void this.end(start.conversationId);
    if (this.#closing.signal.aborted) return null;
    const run = new RoomRun(this.#parts, start);
    this.#current.set(start.conversationId, run);
    this.#all.add(run);
    void run.finished.finally(() => {
      this.#all.delete(run);
      if (this.#current.get(start.conversationId) !== run) return;
      this.#current.delete(start.conversationId);
      this.#ahead.begin(start);
    });
    return run.first;
  }

  /** Nobody follows any more; the reply being written goes on. Resolves once one that was about to begin has begun. */
  async end(conversationId: string): Promise<void> {
    this.#ahead.end(conversationId);
    const run = this.#current.get(conversationId);
    this.#current.delete(conversationId);
    await run?.end();
  }

  /** Lets a human speak: nobody follows, and the reply being written is heard out. Throws `ConflictError`. */
  async giveWay(conversationId: string): Promise<void> {
    await this.end(conversationId);
    const { live } = this.#parts.context;
    const waiting = { conversationId, signal: this.#closing.signal, patienceInMs: SENDING_PATIENCE_MS };
    if (await isFree({ live }, waiting)) return;
    throw new ConflictError('A reply is being written: wait for it or stop it first.', { code: 'reply-running' });
  }

  /** Whose turn it is now that somebody asks, also where nobody speaks by themselves. Throws `ConflictError`. */
  async choose(conversation: ConversationRecord): Promise<TurnChoice> {
    const { context, director } = this.#parts;
    const turns = await readTurns(context.storage.db, conversation);
    const isManual = turns?.settings.turnOrder === 'manual';
    const choice =
      turns &&
      (await chooseTurn(isManual ? { ...turns, settings: { ...turns.settings, turnOrder: 'natural' } } : turns, {
        director,
        room: directedRoom(conversation, this.#closing.signal),
        mustSpeak: true,
      }));
    if (choice) return choice;
    throw new ConflictError('Nobody who is here can answer that: name who is to speak, or let somebody come in.', {
      code: 'nobody-next',
    });
  }

  /** `start`: the characters go on at once. `pause`: nobody follows until then. `stop`: nobody follows. */
  async control(actor: Actor, conversationId: string, { action }: ControlRun): Promise<ShownRun> {
    const { conversations, context } = this.#parts;
    const seat = await conversations.requireSeat(actor, conversationId);
    requireSteering(seat);
    const { conversation } = seat;
    if (readRoom(conversation) === null) {
      throw new InvalidInputError('Only in a room do characters take turns: add a character first.', { field: 'id' });
    }
    const run = this.#current.get(conversationId);
    if (action === 'stop') await this.end(conversationId);
    else if (action === 'pause') run?.pause();
    else if (run?.isAt(conversation.leafId)) run.resume();
    else {
      const isReplying = context.live.inConversation(conversationId).length > 0;
      await this.begin({
        conversationId,
        ownerId: conversation.ownerId,
        actorId: actor.userId,
        leafId: conversation.leafId,
        afterReply: isReplying,
        answers: true,
      });
    }
    return context.live.runOf(conversationId);
  }

  /** Ends every run and stops the replies, which runs would hear out however long they take: the house closes. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#ahead.close();
    const runs = [...this.#all];
    for (const run of runs) void run.end();
    await this.#parts.runner.close();
    await Promise.all(runs.map(({ finished }) => finished));
  }
}
