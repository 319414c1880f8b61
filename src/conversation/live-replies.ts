import type { Conversation, ConversationEvent, StreamingReply } from '../../contract/conversations.ts';
import type { Audience, Presence, RoomRun } from '../../contract/rooms.ts';
import type { PlacedTool } from '../../contract/tool-parts.ts';
import { BoundedQueue } from '../base/bounded-queue.ts';
import { NotFoundError } from '../base/errors.ts';
import { eventHeardBy } from './heard-by.ts';
import type { ParticipantRecord } from './participant-store.ts';
import { isHost } from './seat.ts';
import { witnesses } from './stage.ts';

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
  /** Who hears it grow. */
  readonly audience: Audience;
  readonly stop: AbortController;
  text: string;
  reasoning: string;
  /** Calls of tools by their place in the text; replaced, never changed in place. */
  tools: readonly PlacedTool[];
  progress: StreamingReply['progress'];
  /** Settles when the reply is committed. */
  finished: Promise<void>;
}

/** Something that happened, and who hears the reply it is about. */
interface Told {
  event: ConversationEvent;
  audience: Audience | null;
}

/** How somebody watches a conversation. */
export interface Watching {
  conversationId: string;
  /** How it stands for this watcher; a `NotFoundError` says that they are not part of it any more. */
  read: () => Promise<Conversation>;
  signal: AbortSignal;
  /** The place it is watched from; absent = the house itself, which sees everything. */
  reader?: ParticipantRecord;
  presence?: () => Presence[];
}

/** Replies under way and the people watching them. In memory: the durable truth is the message row. */
export class LiveReplies {
  readonly #replies = new Map<string, LiveReply>();
  readonly #watchers = new Map<string, Set<BoundedQueue<Told>>>();
  readonly #listeners = new Set<() => void>();
  /** Of rooms in which turns follow one another. */
  readonly #runs = new Map<string, RoomRun>();

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
    const audience = 'messageId' in event ? (this.get(event.messageId)?.audience ?? null) : null;
    for (const watcher of this.#watchers.get(conversationId) ?? []) watcher.push({ event, audience });
  }

  /** How turns go in a room from now on. */
  showRun(conversationId: string, run: RoomRun): void {
    if (run.state === 'idle') this.#runs.delete(conversationId);
    else this.#runs.set(conversationId, run);
    this.publish(conversationId, { type: 'room-run', run });
  }

  runOf(conversationId: string): RoomRun {
    return this.#runs.get(conversationId) ?? { state: 'idle', next: [], resumesAt: null };
  }

  /** True while somebody watches a conversation. */
  isWatched(conversationId: string): boolean {
    return this.#watchers.has(conversationId);
  }

  /**
   * Everything that happens in a conversation from this call on, as the watcher may know it. The conversation is read
   * after the watcher is in place, so nothing falls between; words that the snapshot already holds are not sent twice.
   * Ends when `signal` aborts, the house closes, or the watcher is not part of it any more.
   */
  async *watch(watching: Watching): AsyncGenerator<ConversationEvent> {
    const { conversationId, read, signal, reader, presence } = watching;
    const queue = new BoundedQueue<Told>(WATCHER_LIMIT);
    const watchers = this.#watchers.get(conversationId) ?? new Set();
    this.#watchers.set(conversationId, watchers.add(queue));
    const end = () => queue.end();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      const conversation = await read();
      queue.retain(({ event }) => !GROWTH.has(event.type));
      yield {
        type: 'conversation-snapshot',
        conversation,
        streaming: this.streaming(conversationId, reader),
        presence: presence?.() ?? [],
        run: this.#runs.get(conversationId) ?? null,
      };
      for await (const told of queue) {
        const event = reader ? await seenBy(told, { reader, read }) : told.event;
        if (event) yield event;
        if (event?.type === 'conversation-delete' && told.event.type !== event.type) return;
      }
    } finally {
      signal.removeEventListener('abort', end);
      watchers.delete(queue);
      if (watchers.size === 0) this.#watchers.delete(conversationId);
    }
  }

  /** How replies under way stand, for a snapshot; one that the reader does not hear has no words. */
  streaming(conversationId: string, reader?: ParticipantRecord): StreamingReply[] {
    return this.inConversation(conversationId).map(({ messageId, text, reasoning, tools, progress, audience }) =>
      reader === undefined || witnesses({ audience }, reader)
        ? { messageId, text, reasoning, tools: [...tools], progress }
        : { messageId, text: '', reasoning: '', tools: [], progress: null },
    );
  }

  /** Ends every watcher: the house closes. */
  closeWatchers(): void {
    for (const watchers of this.#watchers.values()) for (const watcher of watchers) watcher.end();
  }
}

/** How the conversation stands is the host's view where it is told; everybody else looks for themselves. */
async function seenBy(
  { event, audience }: Told,
  { reader, read }: { reader: ParticipantRecord } & Pick<Watching, 'read'>,
): Promise<ConversationEvent | null> {
  if (event.type !== 'conversation-change' || isHost(reader)) {
    return eventHeardBy(event, { reader, isHost: isHost(reader), audience });
  }
  try {
    return { ...event, conversation: await read() };
  } catch (error) {
    if (error instanceof NotFoundError) return { type: 'conversation-delete', conversationId: event.conversation.id };
    throw error;
  }
}
