import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryUse } from '../../../contract/memory.ts';
import type { MessagePart, Receipt } from '../../../contract/messages.ts';
import type { TurnChoice } from '../../../contract/rooms.ts';
import type { SpokenTimings } from '../../../contract/voice.ts';
import { ResourceError, UnavailableError } from '../../base/errors.ts';
import { insertReceipt, readConversation, setPreviewAtLeaf } from '../../conversation/conversation-store.ts';
import { previewOf } from '../../conversation/conversation-tree.ts';
import { readMessage, settleMessage } from '../../conversation/message-store.ts';
import { textOf, type Failure } from '../../conversation/tree-types.ts';
import { findForgotten, lockMemory } from '../../memory/remembered-store.ts';
import type { Trx } from '../../storage/storage.ts';
import { commitTurn, type TurnRecord } from '../../turn/commit-turn.ts';
import { redactKeptReply } from '../../turn/redact-replies.ts';
import type { TurnBill } from '../../turn/turn-bill.ts';
import type { ReceiptBody } from '../../turn/turn-receipt.ts';
import { waitingCalls } from './answered-calls.ts';
import type { ChatContext } from './chat-context.ts';
import { presentConversation } from './present-conversation.ts';
import { presentMessage } from './present-message.ts';

/** Milliseconds between tries to save a finished reply while the disk is full or the database is away. */
const COMMIT_PAUSE_MS = 2000;

/** How a reply's writing ended. */
export interface ReplyEnding {
  state: 'done' | 'stopped' | 'failed';
  failure: Failure | null;
  receipt: ReceiptBody | null;
  record: TurnRecord | null;
  /** Settled with the reply. */
  bill?: TurnBill;
}

export interface EndedReply {
  messageId: string;
  conversationId: string;
  ownerId: string;
  parts: MessagePart[];
  ending: ReplyEnding;
  /** Of a reply that was heard. */
  spoken?: SpokenTimings;
  /** Why it was this character's turn; only in rooms. */
  turn?: TurnChoice | null;
}

/**
 * Keeps a reply's end. A full disk or a database that is away must not cost a finished reply: it waits in memory and
 * tries again until the house closes. A reply that can never be saved as it is keeps the prefix that was, so that the
 * path is free.
 */
export async function settleWithPatience(context: ChatContext, reply: EndedReply, closing: AbortSignal): Promise<void> {
  const { logger } = context;
  const { messageId } = reply;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const isRedacted = await settleReply(context, reply);
      // The engine keeps the tokens of a prompt that told what has been forgotten since.
      if (isRedacted) await context.engineMemory.forget(reply.conversationId);
      return;
    } catch (error) {
      if (closing.aborted) throw error;
      if (!(error instanceof ResourceError || error instanceof UnavailableError)) {
        logger.error({ err: error, messageId }, 'a reply cannot be saved whole');
        await interrupt(context, messageId);
        await reply.ending.bill?.settle(context.storage.db);
        return;
      }
      if (attempt === 1) logger.warn({ err: error, messageId }, 'a reply waits to be saved');
      await sleep(COMMIT_PAUSE_MS, undefined, { signal: closing }).catch(() => undefined);
    }
  }
}

async function interrupt({ storage, clock }: ChatContext, messageId: string): Promise<void> {
  await storage.transaction(async (trx) => {
    const node = await readMessage(trx, messageId);
    if (!node) return;
    await settleMessage(trx, { ...node, state: 'interrupted', settledAt: clock.now() });
  });
}

/**
 * The end of a reply with its receipt, its prompt and its event, in one transaction. What was forgotten while it was
 * written is not kept with it; true where that was so.
 */
async function settleReply(
  { storage, search, events, clock }: ChatContext,
  { messageId, conversationId, ownerId, parts, ending, spoken, turn }: EndedReply,
): Promise<boolean> {
  const now = clock.now();
  const { state, failure } = judge(ending, parts);
  const { receipt, record } = ending;
  return storage.transaction(async (trx) => {
    // What was written is owed, whatever became of the message meanwhile.
    const cost = (await ending.bill?.settleIn(trx)) ?? null;
    const settled = await settleMessage(trx, {
      id: messageId,
      parts,
      state,
      failure,
      hasReceipt: receipt !== null,
      settledAt: now,
    });
    if (!settled) return false;
    if (receipt) {
      const more = { ...(spoken ? { spoken } : {}), ...(turn ? { turn } : {}), ...(cost ? { cost } : {}) };
      const body: Receipt = { ...receipt, ...more, messageId, createdAt: now };
      await insertReceipt(trx, { messageId, conversationId, body: JSON.stringify(body) });
    }
    if (record) await commitTurn(trx, { messageId, conversationId, ownerId, record });
    const used = receipt?.memory?.used ?? [];
    const isRedacted = await redactForgotten(trx, { messageId, conversationId, ownerId, used });
    const preview = previewOf({ parts });
    if (preview) await setPreviewAtLeaf(trx, { id: conversationId, leafId: messageId, preview, now });
    await search.put(trx, { id: messageId, conversationId, text: textOf(parts) });
    await events.append(trx, {
      type: 'reply-end',
      actorId: ownerId,
      subjectId: conversationId,
      payload: {
        messageId,
        state,
        model: receipt?.model.ref ?? null,
        outputTokens: receipt?.tokens.output ?? 0,
        firstTokenInMs: receipt?.timings.firstTokenInMs ?? null,
        totalInMs: receipt?.timings.totalInMs ?? null,
        ...(spoken ? { heardInMs: spoken.heardInMs, interrupted: spoken.interrupted } : {}),
      },
    });
    return isRedacted;
  });
}

async function redactForgotten(
  trx: Trx,
  {
    messageId,
    conversationId,
    ownerId,
    used,
  }: Pick<EndedReply, 'messageId' | 'conversationId' | 'ownerId'> & { used: readonly MemoryUse[] },
): Promise<boolean> {
  if (used.length === 0) return false;
  const reply = await readMessage(trx, messageId);
  if (!reply) return false;
  const pair = { ownerId, characterId: reply.author.id };
  await lockMemory(trx, pair.characterId);
  const forgotten = await findForgotten(trx, pair, used);
  return redactKeptReply(trx, { messageId, conversationId, forgotten });
}

/** A model that says nothing at all has failed, whatever it reports. */
function judge(
  ending: ReplyEnding,
  parts: readonly MessagePart[],
): { state: ReplyEnding['state']; failure: Failure | null } {
  const says = textOf(parts).trim() !== '' || waitingCalls(parts).length > 0;
  if (ending.state !== 'done' || says) return { state: ending.state, failure: ending.failure };
  return {
    state: 'failed',
    failure: { code: 'empty-reply', message: 'The model answered without a word. Try again.', retryable: true },
  };
}

/** Tells watchers how a reply ended and how the conversation stands. */
export async function announceReplyEnd(
  context: ChatContext,
  { messageId, conversationId, ownerId }: Pick<EndedReply, 'messageId' | 'conversationId' | 'ownerId'>,
): Promise<void> {
  const { storage, live } = context;
  const node = await readMessage(storage.db, messageId);
  if (!node || node.state === 'streaming') return; // purged while it was written
  const message = await presentMessage(storage.db, node);
  live.publish(conversationId, { type: 'reply-end', messageId, state: node.state, message });
  await announceConversation(context, { conversationId, ownerId });
}

export async function announceConversation(
  context: Pick<ChatContext, 'storage' | 'live' | 'presence'>,
  { conversationId, ownerId }: { conversationId: string; ownerId: string },
): Promise<void> {
  const record = await readConversation(context.storage.db, { id: conversationId, ownerId });
  if (!record || record.deletedAt !== null) return;
  const conversation = await presentConversation(context, record);
  context.live.publish(conversationId, { type: 'conversation-change', conversation });
}
