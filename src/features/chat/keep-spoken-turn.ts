import type { MessagePart } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError } from '../../base/errors.ts';
import { touchMark } from '../../character/mark-store.ts';
import { appendToPath, claimPath, requireSettledLeaf, takeLeafAway } from '../../conversation/conversation-tree.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import type { TurnRecord } from '../../turn/commit-turn.ts';
import { insertTurnState } from '../../turn/turn-state-store.ts';
import type { ChatContext } from './chat-context.ts';
import type { PlannedTurn } from './plan-spoken-turn.ts';
import type { SaidAloud } from './spoken-turn.ts';

/** The path ends elsewhere by now. */
export class PathMovedError extends ConflictError {
  constructor() {
    super('The conversation has changed in another window.', { code: 'revision-conflict', retryable: true });
  }
}

/** What the person said, if it was they, and a reply of which nothing has been heard, in one transaction. Throws `PathMovedError`. */
export async function keepTurn(
  { storage, search, events, clock }: ChatContext,
  {
    actor,
    callId,
    plan,
    voice,
    silent,
    join,
  }: {
    actor: Actor;
    callId: string;
    plan: PlannedTurn;
    /** How the person's words were said. */
    voice: readonly MessagePart[];
    /** The parts of a reply that nobody has heard yet. */
    silent: MessagePart[];
    join: SaidAloud['join'];
  },
): Promise<void> {
  const { id, ownerId } = plan.stage.conversation;
  await storage.transaction(async (trx) => {
    const conversation = await claimPath(trx, { id, ownerId, expected: undefined, now: clock.now() });
    const leaf = await requireSettledLeaf(trx, conversation);
    if ((leaf?.id ?? null) !== plan.endId) throw new PathMovedError();
    const { message: planned, state } = plan;
    const message = planned && { ...planned, parts: [...planned.parts, ...voice] };
    await appendToPath(trx, { conversation, nodes: [...(message ? [message] : []), { ...plan.reply, parts: silent }] });
    const event = (type: 'message-commit' | 'reply-start', messageId: string) =>
      events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: { messageId, callId } });
    if (message) {
      if (state) await insertTurnState(trx, { messageId: message.id, conversationId: id, state });
      await search.put(trx, { id: message.id, conversationId: id, text: textOf(message.parts) });
      await touchMark(trx, { userId: ownerId, characterId: conversation.characterId, now: message.createdAt });
      await event('message-commit', message.id);
    }
    await event('reply-start', plan.reply.id);
    if (message) await join?.(trx, { messageId: message.id, createdAt: message.createdAt });
  });
}

/** A reply of which nothing was heard never was: the path ends at what the person said. */
export async function removeUnheard(
  { storage, events, clock }: Pick<ChatContext, 'storage' | 'events' | 'clock'>,
  { reply, ownerId }: { reply: Pick<MessageNode, 'id' | 'conversationId' | 'parentId'>; ownerId: string },
): Promise<void> {
  const { id, conversationId } = reply;
  await storage.transaction(async (trx) => {
    await takeLeafAway(trx, { leaf: reply, now: clock.now() });
    await events.append(trx, {
      type: 'reply-end',
      actorId: ownerId,
      subjectId: conversationId,
      payload: { messageId: id, state: 'stopped', heard: false },
    });
  });
}

/** A record of a prompt that keeps the words of a message itself, for they are not what the message says now. */
export function withoutMessage(record: TurnRecord, messageId: string): TurnRecord {
  const messages = record.assembled.messages.map((message) => ({
    ...message,
    pieces: message.pieces.map((piece) => {
      if (piece.chunk.messageId !== messageId) return piece;
      const { messageId: _said, ...chunk } = piece.chunk;
      return { ...piece, chunk };
    }),
  }));
  return { ...record, assembled: { ...record.assembled, messages } };
}
