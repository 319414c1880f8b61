import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, NotFoundError } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { readMessage } from '../../conversation/message-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import { readCast, type Cast } from './cast.ts';
import type { ChatContext } from './chat-context.ts';

/** Milliseconds that somebody who speaks waits for a reply that is being written; then it is stopped, words kept. */
const WRITING_PATIENCE_MS = 8000;
/** Milliseconds until a reply that was stopped must have left the path. */
const STOPPING_PATIENCE_MS = 5000;

/** Where a spoken turn stands: below the end of the path. */
export interface SpokenStage {
  conversation: ConversationRecord;
  cast: Cast;
  leaf: MessageNode | null;
}

/** The end of the path once nothing is being written there. Throws `NotFoundError`, `ConflictError` (`reply-running`). */
export async function readSpokenStage(
  context: ChatContext,
  { actor, conversationId, signal }: { actor: Actor; conversationId: string; signal: AbortSignal },
): Promise<SpokenStage> {
  const { db } = context.storage;
  await freePath(context, { conversationId, signal });
  const conversation = await readConversation(db, { id: conversationId, ownerId: actor.userId });
  if (!conversation || conversation.deletedAt !== null) throw new NotFoundError('There is no such conversation.');
  const cast = await readCast(context, conversation);
  const leaf = conversation.leafId === null ? null : ((await readMessage(db, conversation.leafId)) ?? null);
  return { conversation, cast, leaf };
}

/** Waits until no reply is being written in a conversation; one that takes long is stopped and keeps its words. */
export async function freePath(
  { live }: Pick<ChatContext, 'live'>,
  { conversationId, signal }: { conversationId: string; signal: AbortSignal },
): Promise<void> {
  if (await isFree({ live }, { conversationId, signal, patienceInMs: WRITING_PATIENCE_MS })) return;
  for (const reply of live.inConversation(conversationId)) reply.stop.abort();
  if (await isFree({ live }, { conversationId, signal, patienceInMs: STOPPING_PATIENCE_MS })) return;
  throw new ConflictError('A reply is being written: wait for it or stop it first.', { code: 'reply-running' });
}

/** True once nothing is being written in a conversation; false where that takes longer. */
export async function isFree(
  { live }: Pick<ChatContext, 'live'>,
  { conversationId, signal, patienceInMs }: { conversationId: string; signal: AbortSignal; patienceInMs: number },
): Promise<boolean> {
  signal.throwIfAborted();
  const replies = live.inConversation(conversationId);
  if (replies.length === 0) return true;
  using stack = new DisposableStack();
  const patience = new AbortController();
  stack.defer(() => patience.abort());
  const waiting = sleep(patienceInMs, false, { signal: AbortSignal.any([signal, patience.signal]) }).catch(() => false);
  const isOver = await Promise.race([Promise.all(replies.map(({ finished }) => finished)).then(() => true), waiting]);
  signal.throwIfAborted();
  return isOver;
}
