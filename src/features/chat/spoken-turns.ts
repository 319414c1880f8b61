import type { Actor } from '../../accounts/actor.ts';
import { isAbort } from '../../base/errors.ts';
import type { SpokenStyle } from '../../turn/turn-request.ts';
import type { TurnDirector } from '../../turn/director/director.ts';
import { readCast, turnOf } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { RoomRuns } from './room-runs.ts';
import { readSpokenStage } from './spoken-stage.ts';
import { SpokenTurn, type SpokenTurnRequest } from './spoken-turn.ts';
import { directedRoom, prepareDirector } from './turn-order/choose-turn.ts';
import { likelyNext } from './turn-order/likely-next.ts';
import { readTurns } from './turn-order/read-turns.ts';

/** Turns of calls: drafts that become part of the conversation as they are heard. */
export class SpokenTurns {
  readonly #context: ChatContext;
  readonly #director: TurnDirector;
  readonly #runs: RoomRuns;
  readonly #closing = new AbortController();

  /** `director`: asked whose turn it is in rooms that have one. `runs`: turns in text, which end when somebody speaks. */
  constructor(context: ChatContext, { director, runs }: { director: TurnDirector; runs: RoomRuns }) {
    this.#context = context;
    this.#director = director;
    this.#runs = runs;
  }

  /** Returns at once; what goes wrong is in the words. */
  begin(request: SpokenTurnRequest): SpokenTurn {
    const { signal: closing } = this.#closing;
    void this.#runs.end(request.conversationId);
    return new SpokenTurn({ context: this.#context, director: this.#director, closing }, request);
  }

  /** Lets the engine read the conversation as it is read in a call. Never throws: a cold start works too. */
  async warm({
    actor,
    conversationId,
    style,
    signal,
  }: {
    actor: Actor;
    conversationId: string;
    style: SpokenStyle;
    signal: AbortSignal;
  }): Promise<void> {
    try {
      const { conversation, leaf } = await readSpokenStage(this.#context, { actor, conversationId, signal });
      const turns = await readTurns(this.#context.storage.db, conversation);
      if (turns) await prepareDirector(turns, { director: this.#director, room: directedRoom(conversation, signal) });
      const speakerId = turns ? likelyNext(turns) : undefined;
      const cast = await readCast(this.#context, conversation, speakerId);
      const endId = leaf?.id ?? null;
      await this.#context.turns.warm({ conversation, ...turnOf(cast), endId, spoken: style, signal });
    } catch (error) {
      if (!isAbort(error)) this.#context.logger.debug({ err: error }, 'a call could not be prepared');
    }
  }

  /** Replies that cannot be kept are not waited for any more: the house closes. */
  close(): void {
    this.#closing.abort();
  }
}
