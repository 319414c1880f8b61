import type { ApiClient } from '../../../client/create-client.ts';
import { messageReasoning, messageText } from '../../../client/message-text.ts';
import { watchConversation } from '../../../client/watch-conversation.ts';
import type { ConversationEvent } from '../../../contract/conversations.ts';
import type { Message, MessageState } from '../../../contract/messages.ts';
import type { ToolCallState, ToolPart } from '../../../contract/tool-parts.ts';
import { UnavailableError } from '../../base/errors.ts';

/** Attempts in a row that found nobody, after which the server counts as gone; about six seconds. */
const MAX_FAILURES = 4;

export type ReplyPart =
  | { type: 'reply-start'; message: Message }
  | { type: 'prompt-progress'; evaluated: number; reused: number; total: number }
  | { type: 'text-delta'; text: string }
  | { type: 'reasoning-delta'; text: string }
  /** A call of a tool was made, or its state changed. */
  | { type: 'tool-change'; part: ToolPart }
  | { type: 'reply-end'; state: Exclude<MessageState, 'streaming'>; message: Message };

export interface FollowReplyOptions {
  client: ApiClient;
  conversationId: string;
  /** Asks for the reply; called once, when its words cannot be missed any more. */
  ask: () => Promise<Message>;
  signal: AbortSignal;
}

/** Asks for a reply and yields its parts to the last, also over a connection that breaks and comes back. */
export async function* followReply(options: FollowReplyOptions): AsyncGenerator<ReplyPart, void, undefined> {
  const { client, conversationId, ask, signal } = options;
  const leaving = new AbortController();
  const reader = new ReplyReader();
  let failures = 0;
  try {
    const watched = watchConversation({ client, conversationId, signal: AbortSignal.any([signal, leaving.signal]) });
    for await (const part of watched) {
      if (part.type === 'connection-change') {
        if (part.state === 'live') failures = 0;
        if (part.state === 'waiting') failures += 1;
        if (failures >= MAX_FAILURES) throw part.error ?? new UnavailableError('The server is gone.');
        continue;
      }
      const { event } = part;
      if (event.type === 'conversation-snapshot' && !reader.started) {
        const message = await ask();
        yield* reader.start(message);
        if (message.state !== 'streaming') return;
      } else if (event.type === 'conversation-snapshot') {
        yield* reader.catchUp(event);
        if (!reader.isStreaming(event)) {
          yield* reader.end(await client.call('message', { params: { id: reader.id }, signal }));
          return;
        }
      } else {
        yield* reader.take(event);
        if (event.type === 'reply-end' && event.messageId === reader.id) return;
      }
    }
    signal.throwIfAborted();
  } finally {
    leaving.abort();
  }
}

/** One reply among the events of its conversation, and how much of it was passed on. */
class ReplyReader {
  #message: Message | undefined;
  #text = '';
  #reasoning = '';
  readonly #calls = new Map<string, ToolCallState>();

  get started(): boolean {
    return this.#message !== undefined;
  }

  get id(): string {
    return this.#message?.id ?? '';
  }

  *start(message: Message): Generator<ReplyPart> {
    this.#message = message;
    yield { type: 'reply-start', message };
    // Asked for before: the words are all there.
    if (message.state !== 'streaming') yield* this.end(message);
  }

  isStreaming({ streaming }: Extract<ConversationEvent, { type: 'conversation-snapshot' }>): boolean {
    return streaming.some(({ messageId }) => messageId === this.id);
  }

  *catchUp({ streaming }: Extract<ConversationEvent, { type: 'conversation-snapshot' }>): Generator<ReplyPart> {
    const reply = streaming.find(({ messageId }) => messageId === this.id);
    if (!reply) return;
    for (const { part } of reply.tools) yield* this.#changeTool(part);
    yield* this.#growTo(reply);
  }

  *take(event: ConversationEvent): Generator<ReplyPart> {
    if (!('messageId' in event) || event.messageId !== this.id) return;
    switch (event.type) {
      case 'prompt-progress':
        yield { type: event.type, evaluated: event.evaluated, reused: event.reused, total: event.total };
        break;
      case 'text-delta':
        this.#text += event.text;
        yield { type: event.type, text: event.text };
        break;
      case 'reasoning-delta':
        this.#reasoning += event.text;
        yield { type: event.type, text: event.text };
        break;
      case 'tool-change':
        yield* this.#changeTool(event.part);
        break;
      case 'reply-end':
        yield* this.end(event.message);
        break;
    }
  }

  *end(message: Message): Generator<ReplyPart> {
    if (message.state === 'streaming') throw new Error('A reply that has ended is still streaming.');
    for (const part of message.parts) if (part.type === 'tool') yield* this.#changeTool(part);
    yield* this.#growTo({ text: messageText(message), reasoning: messageReasoning(message) });
    yield { type: 'reply-end', state: message.state, message };
  }

  /** Only what was not told yet. */
  *#changeTool(part: ToolPart): Generator<ReplyPart> {
    if (this.#calls.get(part.callId) === part.state) return;
    this.#calls.set(part.callId, part.state);
    yield { type: 'tool-change', part };
  }

  *#growTo({ text, reasoning }: { text: string; reasoning: string }): Generator<ReplyPart> {
    if (reasoning.length > this.#reasoning.length && reasoning.startsWith(this.#reasoning)) {
      yield { type: 'reasoning-delta', text: reasoning.slice(this.#reasoning.length) };
      this.#reasoning = reasoning;
    }
    if (text.length > this.#text.length && text.startsWith(this.#text)) {
      yield { type: 'text-delta', text: text.slice(this.#text.length) };
      this.#text = text;
    }
  }
}
