import { readPathUp } from '../conversation/message-store.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import type { Db } from '../storage/storage.ts';
import { isKnown, type RoomView } from './room-view.ts';
import type { PictureRoom } from './show-pictures.ts';
import type { TokenCounts } from './token-counts.ts';

/** Messages read from the database at a time. */
const PAGE = 64;
/** Tokens a chat template puts around each message, at most. */
export const TEMPLATE_TOKENS = 8;
/**
 * When history no longer fits, it is cut to this share of its room, so that the next turns append to an unchanged
 * prefix instead of moving its beginning every time.
 */
const REFILL = 0.6;
/** Conversations whose window start is remembered. */
const MAX_REMEMBERED = 1000;

export interface HistoryMessage {
  node: MessageNode;
  text: string;
  tokens: number;
}

export interface ReadHistory {
  db: Db;
  conversationId: string;
  /** The newest message of the history, or null for none. */
  endId: string | null;
  /** Messages below it that are not kept yet, oldest first. */
  pending?: readonly MessageNode[] | undefined;
  model: ModelFacts;
  /** Tokens the history may take. */
  room: number;
  /** Who reads it in a room; absent where everybody hears everything. */
  view?: RoomView | null;
  /** What a model sees of a message; blank leaves it out. */
  textOf: (node: MessageNode) => string;
  /** Pictures take room too; absent where none are shown. */
  newPictureRoom?: () => PictureRoom;
  signal: AbortSignal;
}

export interface History {
  messages: HistoryMessage[];
  tokens: number;
  dropped: { messages: number };
  exact: boolean;
}

/** Chooses which end of a path a model sees, and keeps that choice steady from turn to turn. */
export class HistoryWindow {
  readonly #counts: TokenCounts;
  /** Oldest message in view, by conversation, model and, in rooms, who looks. */
  readonly #starts = new Map<string, string>();

  constructor(counts: TokenCounts) {
    this.#counts = counts;
  }

  /** The newest message alone. */
  async newest(options: Omit<ReadHistory, 'room'>): Promise<History> {
    return (await this.#readUntil(options, { room: 0, startId: undefined, pageSize: 1 })).history;
  }

  /** True once the beginning of a talk no longer fitted. */
  isCut(seen: { conversationId: string; modelRef: string; viewerId: string | null }): boolean {
    return this.#starts.has(keyOf(seen));
  }

  /** True when the path fits whole. */
  async fits(options: ReadHistory): Promise<boolean> {
    const { history, complete } = await this.#readUntil(options, { room: options.room, startId: undefined });
    return complete && history.tokens <= options.room;
  }

  async read(options: ReadHistory): Promise<History> {
    const { conversationId, model, view } = options;
    const key = keyOf({ conversationId, modelRef: model.ref, viewerId: view?.viewer.id ?? null });
    const whole = await this.#readUntil(options, { room: options.room, startId: this.#starts.get(key) });
    if (whole.complete) return whole.history;
    const cut = await this.#readUntil(options, { room: options.room * REFILL, startId: undefined });
    const start = cut.history.messages[0];
    if (start) {
      this.#starts.delete(key);
      this.#starts.set(key, start.node.id);
      const oldest = this.#starts.keys().next().value;
      if (this.#starts.size > MAX_REMEMBERED && oldest !== undefined) this.#starts.delete(oldest);
    }
    return cut.history;
  }

  /** Newest to oldest until the room is full, the start is reached, or the path ends. */
  async #readUntil(
    options: Omit<ReadHistory, 'room'>,
    { room, startId, pageSize = PAGE }: { room: number; startId: string | undefined; pageSize?: number },
  ): Promise<{ history: History; complete: boolean }> {
    const messages: HistoryMessage[] = [];
    let tokens = 0;
    let exact = true;
    let oldestDepth = 0;
    const { view = null } = options;
    const pictures = options.newPictureRoom?.();
    let size = pageSize;
    let page = options.pending?.length
      ? options.pending
      : await readPage(options, { fromId: options.endId, pageSize: size });
    while (page.length > 0) {
      const spoken = page
        .filter((node) => isKnown(view, node))
        .map((node) => ({ node, text: options.textOf(node) }))
        .filter(({ text }) => text.trim() !== '');
      const counted = await this.#counts.count(
        options.model,
        spoken.map(({ node, text }) => ({ key: `${node.id} ${text.length}`, text })),
        options.signal,
      );
      exact &&= counted.exact;
      for (let index = spoken.length - 1; index >= 0; index -= 1) {
        const message = spoken[index];
        if (!message) continue;
        const pictured = pictures?.take(message.node).tokens ?? 0;
        const cost = (counted.counts[index] ?? 0) + TEMPLATE_TOKENS + pictured;
        if (tokens + cost > room && messages.length > 0) {
          return {
            history: { messages, tokens, exact, dropped: { messages: message.node.depth + 1 } },
            complete: false,
          };
        }
        tokens += cost;
        messages.unshift({ ...message, tokens: cost });
        oldestDepth = message.node.depth;
        if (message.node.id === startId) {
          return { history: { messages, tokens, exact, dropped: { messages: oldestDepth } }, complete: true };
        }
      }
      // Of a long talk elsewhere in the room nothing is heard: it is passed in ever longer steps.
      if (view !== null) size = Math.min(PAGE, size * 2);
      page = await readPage(options, { fromId: page[0]?.parentId ?? null, pageSize: size });
    }
    return { history: { messages, tokens, exact, dropped: { messages: 0 } }, complete: true };
  }
}

async function readPage(
  { db, conversationId, signal }: Omit<ReadHistory, 'room'>,
  { fromId, pageSize }: { fromId: string | null; pageSize: number },
): Promise<MessageNode[]> {
  signal.throwIfAborted();
  return fromId === null ? [] : readPathUp(db, { conversationId, fromId, limit: pageSize });
}

function keyOf({
  conversationId,
  modelRef,
  viewerId,
}: {
  conversationId: string;
  modelRef: string;
  viewerId: string | null;
}): string {
  return viewerId === null ? `${conversationId} ${modelRef}` : `${conversationId} ${modelRef} ${viewerId}`;
}
