import { setTimeout as sleep } from 'node:timers/promises';
import type { StoryEvent } from '../../../contract/rooms.ts';
import { ConflictError } from '../../base/errors.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import { appendToPath, claimPath, requireSettledLeaf } from '../../conversation/conversation-tree.ts';
import { insertParticipant, listParticipants, type ParticipantRecord } from '../../conversation/participant-store.ts';
import { hostSeat, isHost } from '../../conversation/seat.ts';
import type { Stage } from '../../conversation/stage.ts';
import { insertStage, readStage } from '../../conversation/stage-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import type { RoomsContext } from './rooms-context.ts';

/** Milliseconds that coming and going waits for a reply that is being written; then it is refused. */
const REPLY_PATIENCE_MS = 15_000;

/** Something that happened in the story: to whom, and what it makes of the stage. */
export interface Happening {
  event: StoryEvent;
  /** Participants it happened to. */
  who: readonly ParticipantRecord[];
  detail?: string;
  change: (present: Record<string, string>) => Record<string, string>;
}

/** The end of a conversation's path while it is changed. */
export interface RoomPath {
  conversation: ConversationRecord;
  participants: ParticipantRecord[];
  stage: Stage;
  leaf: MessageNode | null;
}

/** What happens in a room happens at the end of its path, once no reply is being written there. */
export class RoomPaths {
  readonly #context: Pick<RoomsContext, 'storage' | 'events' | 'live' | 'clock' | 'newId' | 'nameOf'>;

  constructor(context: Pick<RoomsContext, 'storage' | 'events' | 'live' | 'clock' | 'newId' | 'nameOf'>) {
    this.#context = context;
  }

  /**
   * Works at the path's end in one transaction. A reply under way is waited for; where it takes long, or another
   * begins each time, that is a `ConflictError` (`reply-running`).
   */
  async atEnd<T>(
    { id, ownerId }: Pick<ConversationRecord, 'id' | 'ownerId'>,
    work: (trx: Trx, path: RoomPath) => Promise<T>,
  ): Promise<T> {
    const deadline = performance.now() + REPLY_PATIENCE_MS;
    for (;;) {
      await this.#settled(id, deadline - performance.now());
      try {
        return await this.#context.storage.transaction(async (trx) =>
          work(trx, await this.#claim(trx, { id, ownerId })),
        );
      } catch (error) {
        const isBusy = error instanceof ConflictError && error.code === 'reply-running';
        if (!isBusy || performance.now() >= deadline) throw error;
        // Begun meanwhile, by a server that tells it a moment later.
        await sleep(50);
      }
    }
  }

  async #claim(trx: Trx, { id, ownerId }: Pick<ConversationRecord, 'id' | 'ownerId'>): Promise<RoomPath> {
    const now = this.#context.clock.now();
    const conversation = await claimPath(trx, { id, ownerId, expected: undefined, now });
    const leaf = (await requireSettledLeaf(trx, conversation)) ?? null;
    const participants = await this.#listEverybody(trx, conversation);
    const stage = await readStage(trx, { at: leaf, participants });
    return { conversation, participants, stage, leaf };
  }

  /** With the host, whom an old import may not list. */
  async #listEverybody(trx: Trx, conversation: ConversationRecord): Promise<ParticipantRecord[]> {
    const participants = await listParticipants(trx, conversation.id);
    if (participants.some(isHost)) return participants;
    const host = { ...hostSeat(conversation), name: await this.#context.nameOf(conversation.ownerId) };
    await insertParticipant(trx, host);
    return [host, ...participants];
  }

  async #settled(conversationId: string, patienceInMs: number): Promise<void> {
    const replies = this.#context.live.inConversation(conversationId);
    if (replies.length === 0 || patienceInMs <= 0) return;
    const patience = new AbortController();
    const waiting = sleep(patienceInMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.all(replies.map(({ finished }) => finished)), waiting]);
    patience.abort();
  }

  /** Tells in the story what happened. Heard by those who were near, before or after, and by whom it happened to. */
  async append(
    trx: Trx,
    { conversation, leaf, stage }: Pick<RoomPath, 'conversation' | 'leaf' | 'stage'>,
    { actorId, happening }: { actorId: string; happening: Happening },
  ): Promise<MessageNode> {
    const { clock, newId, events } = this.#context;
    const { event, who, detail = '', change } = happening;
    const present = change(stage.present);
    const ids = new Set(who.map(({ id }) => id));
    const doors = new Set([...ids].flatMap((id) => [stage.present[id], present[id]]));
    const near = [stage.present, present].flatMap((there) =>
      Object.keys(there).filter((id) => ids.has(id) || doors.has(there[id])),
    );
    const id = newId();
    const node: MessageNode = {
      ...blankMessage({ id, conversationId: conversation.id, parent: leaf, createdAt: clock.now() }),
      author: { kind: 'narrator', id: '', name: '' },
      parts: [{ type: 'event', event, names: who.map(({ name }) => name), detail }],
      audience: [...new Set([...near, ...ids])],
      stageId: id,
    };
    await appendToPath(trx, { conversation, nodes: [node] });
    await insertStage(trx, { messageId: id, conversationId: conversation.id, stage: { ...stage, present } });
    const payload = { messageId: id, event };
    await events.append(trx, { type: 'message-commit', actorId, subjectId: conversation.id, payload });
    return node;
  }
}
