import type { Message, SendMessage, SentMessage } from '../../../contract/messages.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { heardBy } from '../../conversation/heard-by.ts';
import { readMessage } from '../../conversation/message-store.ts';
import type { Seat } from '../../conversation/seat.ts';
import { witnesses } from '../../conversation/stage.ts';
import { readStage } from '../../conversation/stage-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { Cast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import { NewNodes } from './new-nodes.ts';
import type { RoomRuns } from './room-runs.ts';
import { findCalled } from './turn-order/find-mentions.ts';
import { readTurns } from './turn-order/read-turns.ts';

/** Times that a message waits for the path to be free: somebody else may always have been quicker. */
const TRIES = 20;

/** How a room takes what a human says: it lets them speak, and then characters answer one after the other. */
export class RoomAnswers {
  readonly #context: ChatContext;
  readonly #runs: RoomRuns;

  constructor(context: ChatContext, runs: RoomRuns) {
    this.#context = context;
    this.#runs = runs;
  }

  /** Commits once nobody speaks; a reply that is being written is heard out. Without a room nobody is waited for. */
  async inTurn<T>({ id, room }: ConversationRecord, commit: () => Promise<T>): Promise<T> {
    if (room === null) return commit();
    for (let attempt = 1; ; attempt += 1) {
      await this.#runs.giveWay(id);
      try {
        return await commit();
      } catch (error) {
        const isTaken = error instanceof ConflictError && error.code === 'reply-running';
        if (!isTaken || attempt === TRIES) throw error;
      }
    }
  }

  /** Whoever is asked by name has to be a character who is there and will hear it. */
  async requireSpeakers(
    { conversation, seat }: Seat,
    { cast, speakers, to }: { cast: Cast } & Pick<SendMessage, 'speakers' | 'to'>,
  ): Promise<void> {
    if (speakers === undefined) return;
    const { db } = this.#context.storage;
    const { participants } = cast;
    const leaf = conversation.leafId === null ? null : ((await readMessage(db, conversation.leafId)) ?? null);
    const stage = await readStage(db, { at: leaf, participants });
    const heard = await new NewNodes(this.#context).heard(db, { cast, parent: leaf, seat, to });
    for (const id of speakers) {
      const speaker = participants.find((one) => one.id === id && one.kind === 'character' && one.leftAt === null);
      if (!speaker || (cast.room === null && id !== cast.speaker?.id)) {
        throw new NotFoundError('There is no such character in this conversation.', { field: 'speakers' });
      }
      const isThere = id in stage.present && (!heard.audience || witnesses({ audience: heard.audience }, speaker));
      if (isThere) continue;
      throw new InvalidInputError(`${speaker.name} will not hear this: ask somebody who is there.`, {
        field: 'speakers',
      });
    }
  }

  /** Lets characters answer a message at the end of a room's path. `sent` with the first of them, once it has begun. */
  async answer<T extends Pick<SentMessage, 'reply' | 'revision'>>(
    sent: T,
    {
      conversation,
      seat,
      message,
      speakers,
    }: Seat & { message: MessageNode; speakers?: readonly string[] | undefined },
  ): Promise<T> {
    if (conversation.room === null) return sent;
    const { id: conversationId, ownerId } = conversation;
    const { db } = this.#context.storage;
    const asked = speakers ?? (await this.#called({ conversation, message }));
    const run = { conversationId, ownerId, actorId: seat.subjectId, leafId: message.id, answers: true };
    const first: Message | null = await this.#runs.begin({ ...run, asked });
    if (!first) return sent;
    const now = await readConversation(db, { id: conversationId, ownerId });
    return { ...sent, reply: heardBy(first, seat), revision: now?.revision ?? sent.revision };
  }

  async #called({
    conversation,
    message,
  }: {
    conversation: ConversationRecord;
    message: MessageNode;
  }): Promise<string[]> {
    const text = textOf(message.parts);
    if (!text.trimStart().startsWith('@')) return [];
    const turns = await readTurns(this.#context.storage.db, { ...conversation, leafId: message.id });
    return turns ? findCalled(text, turns.askable) : [];
  }
}
