import type { Message, Receipt } from '../../../contract/messages.ts';
import type { ConversationEvent } from '../../../contract/conversations.ts';
import type { Actor } from '../../accounts/actor.ts';
import { ConflictError, UnavailableError } from '../../base/errors.ts';
import { textOf } from '../../conversation/tree-types.ts';
import type { Commission } from '../../turn/turn-request.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import type { Messages } from './messages.ts';
import type { Replies } from './replies.ts';

/** Something said in a conversation of one's own, whose reply is waited for. */
export interface OrderedReply {
  conversationId: string;
  /** The message it follows: where the talk went on from there already, it becomes a branch. Null = the path's end. */
  afterId: string | null;
  text: string;
  /** The same id again is the same message. */
  clientId: string;
  commission: Commission;
  /** Stops the reply; its words stay. */
  signal: AbortSignal;
}

/** A reply as it grows. `end` is always the last. */
export type OrderedPart =
  | { type: 'text-delta' | 'reasoning-delta'; text: string }
  | { type: 'end'; message: Message; receipt: Receipt | null };

/** Conversations that programs hold through the platform: the house's own, as anybody sees them in the app. */
export class OrderedReplies {
  readonly #context: ChatContext;
  readonly #parts: { conversations: Conversations; messages: Messages; replies: Replies };

  constructor(context: ChatContext, parts: { conversations: Conversations; messages: Messages; replies: Replies }) {
    this.#context = context;
    this.#parts = parts;
  }

  /** The same `clientId` again is the conversation it began before. `greeting`: what the character said first. */
  async begin(
    actor: Actor,
    { characterId, clientId }: { characterId: string; clientId: string },
  ): Promise<{ conversationId: string; greeting: string | null }> {
    const { id } = await this.#parts.conversations.create(actor, { characterId, clientId });
    const { messages } = await this.#parts.messages.page(actor, { conversationId: id, limit: 1 });
    const [first] = messages;
    return { conversationId: id, greeting: first ? textOf(first.parts) : null };
  }

  /** Resolves when the message is kept and its reply has begun; the reply goes on whether or not it is read. */
  async say(actor: Actor, order: OrderedReply): Promise<{ messageId: string; parts: AsyncIterable<OrderedPart> }> {
    const { conversationId, afterId, text, clientId, commission } = order;
    const { conversations, messages } = this.#parts;
    const { leafId } = await conversations.require(actor, conversationId);
    const moved =
      afterId === null || afterId === leafId
        ? null
        : await messages.changes.choose(actor, conversationId, { messageId: afterId, endHere: true });
    const sent = { text, clientId, ...(moved ? { expectedRevision: moved.revision } : {}) };
    const { reply } = await messages.send(actor, conversationId, sent, { parts: [], commission });
    if (!reply) throw new ConflictError('This message was sent before, and has no reply.', { code: 'no-reply' });
    return { messageId: reply.id, parts: this.#follow(actor, reply, order) };
  }

  async *#follow(actor: Actor, { id, conversationId }: Message, { signal }: OrderedReply): AsyncGenerator<OrderedPart> {
    const { live } = this.#context;
    const { conversations, messages, replies } = this.#parts;
    const stop = () => void replies.stop(actor, conversationId).catch(() => undefined);
    const closing = new AbortController();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let told = '';
    let ended = false;
    try {
      const read = () => conversations.read(actor, conversationId);
      for await (const event of live.watch({ conversationId, read, signal: closing.signal })) {
        if (event.type === 'conversation-snapshot') {
          const growing = event.streaming.find(({ messageId }) => messageId === id);
          if (!growing) break;
          if (growing.reasoning !== '') yield { type: 'reasoning-delta', text: growing.reasoning };
          told = growing.text;
          if (told !== '') yield { type: 'text-delta', text: told };
        } else if ('messageId' in event && event.messageId === id) {
          const part = partOf(event);
          if (part?.type === 'text-delta') told += part.text;
          if (part) yield part;
          if (event.type === 'reply-end') break;
        }
      }
      const message = await messages.read(actor, id);
      if (message.state === 'streaming') throw new UnavailableError('The house closes.', { code: 'closing' });
      // It may have ended before anybody looked.
      const text = textOf(message.parts);
      if (told === '' && text !== '') yield { type: 'text-delta', text };
      ended = true;
      yield { type: 'end', message, receipt: message.hasReceipt ? await messages.receipt(actor, id) : null };
    } finally {
      signal.removeEventListener('abort', stop);
      closing.abort();
      if (!ended) stop();
    }
  }
}

function partOf(event: ConversationEvent): OrderedPart | null {
  return event.type === 'text-delta' || event.type === 'reasoning-delta'
    ? { type: event.type, text: event.text }
    : null;
}
