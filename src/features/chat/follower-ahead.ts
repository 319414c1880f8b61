import { isAbort } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import type { SpokenStyle } from '../../turn/turn-request.ts';
import { readCast, turnOf } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { PlannedTurn } from './plan-spoken-turn.ts';
import { likelyNext } from './turn-order/likely-next.ts';
import { readTurns } from './turn-order/read-turns.ts';

/**
 * Lets the engine read what whoever probably goes on will begin with, up to the reply that still sounds: of that one
 * nothing is read before it was heard. Never throws: a cold start works too.
 */
export async function readFollowerAhead(
  context: ChatContext,
  {
    plan,
    replies,
    style,
    signal,
  }: {
    plan: PlannedTurn;
    /** Characters who have answered, this one among them. */ replies: number;
    style: SpokenStyle;
    signal: AbortSignal;
  },
): Promise<void> {
  const { db } = context.storage;
  const { id, ownerId } = plan.stage.conversation;
  try {
    const conversation = await readConversation(db, { id, ownerId });
    const turns = conversation && (await readTurns(db, conversation));
    if (!turns || replies >= turns.settings.mostReplies) return;
    const speakerId = likelyNext(turns);
    if (speakerId === undefined || speakerId === plan.choice?.participantId) return;
    const cast = await readCast(context, conversation, speakerId);
    const endId = plan.message?.id ?? plan.endId;
    await context.turns.warm({ conversation, ...turnOf(cast), endId, spoken: style, signal });
  } catch (error) {
    if (!isAbort(error)) context.logger.debug({ err: error }, 'whoever goes on could not be prepared');
  }
}
