import type { Message } from '../../../contract/messages.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { appendToPath, claimPath, requireSettledLeaf } from '../../conversation/conversation-tree.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import { beginReply } from './begin-reply.ts';
import { readCast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import { appendMessageEvent } from './message-events.ts';
import { NewNodes } from './new-nodes.ts';
import type { ReplyRunner } from './reply-runner.ts';
import { announceConversation } from './settle-reply.ts';

/** The path ends elsewhere than whoever takes a turn believed. */
class PathMoved extends Error {}

export interface TurnToTake {
  conversationId: string;
  ownerId: string;
  /** Who set it going. */
  actorId: string;
  /** Where the path has to end. */
  leafId: string | null;
  choice: TurnChoice;
  /** Aborted before the reply is there, there is none. */
  signal: AbortSignal;
}

/** Begins a character's reply at the end of the path; null where the path has moved on or the conversation is gone. */
export async function takeTurn(
  context: ChatContext,
  runner: ReplyRunner,
  { conversationId, ownerId, actorId, leafId, choice, signal }: TurnToTake,
): Promise<{ reply: MessageNode; message: Message } | null> {
  const { storage, clock } = context;
  const right = { id: conversationId, ownerId, expected: undefined };
  const looked = await readConversation(storage.db, right);
  if (!looked || looked.deletedAt !== null || looked.leafId !== leafId) return null;
  const cast = await readCast(context, looked, choice.participantId);
  const nodes = new NewNodes(context);
  const taken = await storage
    .transaction(async (trx) => {
      const conversation = await claimPath(trx, { ...right, now: clock.now() });
      if (conversation.leafId !== leafId || signal.aborted) throw new PathMoved();
      const parent = (await requireSettledLeaf(trx, conversation)) ?? null;
      const reply = await nodes.reply(trx, { conversation, parent, cast });
      await appendToPath(trx, { conversation, nodes: [reply] });
      const event = { conversationId, type: 'reply-start', messageId: reply.id } as const;
      await appendMessageEvent(context, trx, { ...event, actor: { userId: actorId } });
      return { conversation, reply };
    })
    .catch((error: unknown) => {
      if (error instanceof PathMoved) return null;
      throw error;
    });
  if (!taken) return null;
  const { conversation, reply } = taken;
  const plan = { reply, trigger: 'normal', endId: reply.parentId, continueText: null } as const;
  const message = await beginReply(context, runner, { conversation, cast, plan, turn: choice });
  await announceConversation(context, { conversationId, ownerId });
  return { reply, message };
}
