import type { PromptRecord } from '../../../contract/prompts.ts';
import { receiptSchema } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readReceipt } from '../../conversation/conversation-store.ts';
import { presentPrompt } from '../../turn/present-prompt.ts';
import { readPromptRecord } from '../../turn/prompt-record-store.ts';
import { readCast, turnOf } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { requireMessage } from './require-message.ts';

/** What models see: the exact prompt of a reply that was written, or of one that could be. */
export class Prompts {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
  }

  /** The prompt of a reply exactly as it was sent. */
  async ofReply(actor: Actor, messageId: string): Promise<PromptRecord> {
    const { db } = this.#context.storage;
    await requireMessage(db, { actor, messageId });
    const [record, body] = await Promise.all([readPromptRecord(db, messageId), readReceipt(db, messageId)]);
    if (!record || body === undefined) {
      throw new NotFoundError('The prompt of this message was not kept.', { code: 'prompt-missing' });
    }
    const { prompt, evaluated, reused } = receiptSchema.parse(JSON.parse(body)).tokens;
    return { ...record, tokens: { prompt, evaluated, reused } };
  }

  /** The prompt of the next reply at the end of a conversation's path, as it would be sent now. */
  async next(actor: Actor, conversationId: string, signal: AbortSignal): Promise<PromptRecord> {
    const conversation = await this.#conversations.require(actor, conversationId);
    const cast = await readCast(this.#context, conversation);
    const { model, assembled } = await this.#context.turns.preview({
      conversation,
      ...turnOf(cast),
      endId: conversation.leafId,
      continueText: null,
      trigger: 'normal',
      seed: `${conversationId} ${conversation.leafId ?? ''}`,
      signal,
    });
    return presentPrompt({ messageId: conversation.leafId ?? conversationId, model, assembled });
  }
}
