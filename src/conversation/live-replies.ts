import type { Conversation, ConversationEvent, StreamingReply } from '../../contract/conversations.ts';
import type { PlacedTool } from '../../contract/tool-parts.ts';
import { BoundedQueue } from '../base/bounded-queue.ts';

/** Events a watcher may lag behind; at 50 tokens a second about 80 seconds. */
const WATCHER_LIMIT = 4096;

/** Events that only grow what a snapshot carries whole. */
const GROWTH: ReadonlySet<ConversationEvent['type']> = new Set([
  'text-delta',
  'reasoning-delta',
  'tool-change',
  'prompt-progress',
]);

/** A reply being written, as the server knows it whether or not anyone watches. */
export interface LiveReply {
  readonly messageId: string;
  readonly conversationId: string;
  readonly stop: AbortController;
  text: string;
  reasoning: string;
  /** Calls of tools by their place in the text; replaced, never changed in place. */
  tools: readonly PlacedTool[];
  progress: StreamingReply['progress'];
  /** Settles when the reply is committed. */
  finished: Promise<void>;
}

/** Replies under way and the people watching them. In memory: the durable truth is the message row. */
export class LiveReplies {
  readonly #replies = new Map<string, LiveReply>();
  readonly #watchers = new Map<string, Set<BoundedQueue<ConversationEvent>>>();
  readonly #listeners = new Set<() => void>();

  get size(): number {
    return this.#replies.size;
  }

  /** True while a reply is being written. */
  get busy(): boolean {
    return this.size > 0;
  }

  /** Called when a reply began or ended. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  add(reply: LiveReply): void {
    this.#replies.set(reply.messageId, reply);
    for (const listener of this.#listeners) listener();
  }

  remove(messageId: string): void {
    this.#replies.delete(messageId);
    for (const listener of this.#listeners) listener();
  }

  get(messageId: string): LiveReply | undefined {
    return this.#replies.get(messageId);
  }

  inConversation(conversationId: string): LiveReply[] {
    return [...this.#replies.values()].filter((reply) => reply.conversationId === conversationId);
  }

  all(): LiveReply[] {
    return [...this.#replies.values()];
  }

  publish(conversationId: string, event: ConversationEvent): void {
    for (const watcher of this.#watchers.get(conversationId) ?? []) watcher.push(event);
  }

  /**
   * Everything that happens in a conversation from this call on. The conversation is read after the watcher is in
   * place, so nothing falls between; words that the snapshot already holds are not sent twice. Ends when `signal`
   * aborts or the house closes.
   */
  async *watch({
    conversationId,
    read,
    signal,
  }: {
    conversationId: string;
    read: () => Promise<Conversation>;
    signal: AbortSignal;
  }): AsyncGenerator<ConversationEvent> {
    const queue = new BoundedQueue<ConversationEvent>(WATCHER_LIMIT);
    const watchers = this.#watchers.get(conversationId) ?? new Set();
    this.#watchers.set(conversationId, watchers.add(queue));
    const end = () => queue.end();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      const conversation = await read();
      queue.retain((event) => !GROWTH.has(event.type));
      yield {
        type: 'conversation-snapshot',
        conversation,
        streaming: this.streaming(conversationId),
        presence: [],
        run: null,
      };
      yield* queue;
    } finally {
      signal.removeEventListener('abort', end);
      watchers.delete(queue);
      if (watchers.size === 0) this.#watchers.delete(conversationId);
    }
  }

  /** How replies under way stand, for a snapshot. */
  streaming(conversationId: string): StreamingReply[] {
    return this.inConversation(conversationId).map(({ messageId, text, reasoning, tools, progress }) => ({
      messageId,
      text,
      reasoning,
      tools: [...tools],
      progress,
    }));
  }

  /** Ends every watcher: the house closes. */
  closeWatchers(): void {
    for (const watchers of this.#watchers.values()) for (const watcher of watchers) watcher.end();
  }
}
