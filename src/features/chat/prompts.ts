import type { PromptRecord } from '../../../contract/prompts.ts';
import { receiptSchema } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readReceipt } from '../../conversation/conversation-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import { presentPrompt } from '../../turn/present-prompt.ts';
import { readPromptRecord } from '../../turn/prompt-record-store.ts';
import { readOrigin } from '../../conversation/origin-store.ts';
import { readMessage } from '../../conversation/message-store.ts';
import { readCast, turnOf } from './cast.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { requireHeardMessage, requireMessage } from './require-message.ts';
import { withholdPrompt } from './withhold-prompt.ts';

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
    const { conversation, node } = await requireMessage(db, { actor, messageId });
    const { seat } = await requireHeardMessage(db, { actor, messageId });
    const [record, body] = await Promise.all([readPromptRecord(db, messageId), readReceipt(db, messageId)]);
    if (!record || body === undefined) {
      if (body !== undefined && (await this.#isCopy(conversation, node))) {
        throw new NotFoundError(
          'This reply was copied when the conversation was branched off: its prompt stays with the original.',
          { code: 'prompt-elsewhere' },
        );
      }
      throw new NotFoundError('The prompt of this message was not kept.', { code: 'prompt-missing' });
    }
    const { tokens, memory } = receiptSchema.parse(JSON.parse(body));
    const { prompt, evaluated, reused } = tokens;
    const whole = { ...record, tokens: { prompt, evaluated, reused } };
    return withholdPrompt(db, whole, { conversation, seat, endId: messageId, used: memory?.used ?? [] });
  }

  /** True where a reply came along when its conversation was branched off from another that is still there. */
  async #isCopy({ id, ownerId }: ConversationRecord, node: MessageNode): Promise<boolean> {
    const { db } = this.#context.storage;
    const origin = await readOrigin(db, { conversationId: id, ownerId });
    const parting = origin && (await readMessage(db, origin.messageId));
    return parting !== undefined && node.depth <= parting.depth;
  }

  /** The prompt of the next reply at the end of a conversation's path, as it would be sent now. */
  async next(actor: Actor, conversationId: string, signal: AbortSignal): Promise<PromptRecord> {
    const conversation = await this.#conversations.require(actor, conversationId);
    const { seat } = await this.#conversations.requireSeat(actor, conversationId);
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
    const prompt = presentPrompt({ messageId: conversation.leafId ?? conversationId, model, assembled });
    const used = assembled.memory?.used ?? [];
    return withholdPrompt(this.#context.storage.db, prompt, { conversation, seat, endId: conversation.leafId, used });
  }
}
