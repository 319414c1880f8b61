import type { Message, MessagePart, Receipt } from '../../../contract/messages.ts';
import { WORDS_JOINT, growthOfParts } from '../../../contract/reply-parts.ts';
import type { ToolPart } from '../../../contract/tool-parts.ts';
import type { Actor } from '../../accounts/actor.ts';
import { UnavailableError } from '../../base/errors.ts';
import { waitingCalls } from './answered-calls.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import type { Messages } from './messages.ts';
import type { Replies } from './replies.ts';

/** A reply as it grows: what it says anew, and calls for the program that ordered it. `end` is always the last. */
export type OrderedPart =
  | { type: 'text-delta' | 'reasoning-delta'; text: string }
  /** `input`: the arguments as JSON text. */
  | { type: 'tool-call'; callId: string; name: string; input: string }
  | { type: 'end'; message: Message; receipt: Receipt | null };

interface FollowedReplyOptions {
  conversations: Conversations;
  messages: Messages;
  replies: Replies;
  actor: Actor;
  reply: Message;
}

/** Watches a reply that somebody ordered; leaving early stops it. */
export class FollowedReply {
  readonly #context: ChatContext;
  readonly #options: FollowedReplyOptions;
  /** Words that it began with and that were told, UTF-16 units. */
  #known: number;
  #isSilent = true;
  readonly #handed = new Set<string>();

  constructor(context: ChatContext, options: FollowedReplyOptions) {
    this.#context = context;
    this.#options = options;
    this.#known = begunWords(options.reply.parts);
  }

  async *parts(signal: AbortSignal): AsyncGenerator<OrderedPart> {
    const { live } = this.#context;
    const { conversations, messages, replies, actor, reply } = this.#options;
    const { id, conversationId } = reply;
    const stop = () => void replies.stop(actor, conversationId).catch(() => undefined);
    const closing = new AbortController();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let ended = false;
    try {
      const read = () => conversations.read(actor, conversationId);
      for await (const event of live.watch({ conversationId, read, signal: closing.signal })) {
        if (event.type === 'conversation-snapshot') {
          const growing = event.streaming.find(({ messageId }) => messageId === id);
          if (!growing) break;
          if (growing.reasoning !== '') yield { type: 'reasoning-delta', text: growing.reasoning };
          yield* this.#say(growing.text.slice(this.#known));
          yield* this.#hand(growing.tools.map(({ part }) => part));
        } else if ('messageId' in event && event.messageId === id) {
          if (event.type === 'text-delta') yield* this.#say(event.text);
          if (event.type === 'reasoning-delta') yield { type: 'reasoning-delta', text: event.text };
          if (event.type === 'tool-change') yield* this.#hand([event.part]);
          if (event.type === 'reply-end') break;
        }
      }
      const message = await messages.read(actor, id);
      if (message.state === 'streaming') throw new UnavailableError('The house closes.', { code: 'closing' });
      // It may have ended before anybody looked.
      if (this.#isSilent) yield* this.#say(growthOfParts(message.parts).text.slice(this.#known));
      yield* this.#hand(waitingCalls(message.parts));
      ended = true;
      yield { type: 'end', message, receipt: message.hasReceipt ? await messages.receipt(actor, id) : null };
    } finally {
      signal.removeEventListener('abort', stop);
      closing.abort();
      if (!ended) stop();
    }
  }

  *#say(words: string): Generator<OrderedPart> {
    const text = this.#isSilent && this.#known > 0 && words.startsWith(WORDS_JOINT) ? words.slice(2) : words;
    if (text === '') return;
    this.#isSilent = false;
    yield { type: 'text-delta', text };
  }

  *#hand(calls: readonly ToolPart[]): Generator<OrderedPart> {
    for (const { callId, tool, input } of waitingCalls(calls)) {
      if (this.#handed.has(callId)) continue;
      this.#handed.add(callId);
      yield { type: 'tool-call', callId, name: tool, input };
    }
  }
}

function begunWords(parts: readonly MessagePart[]): number {
  return growthOfParts(parts).text.length;
}
