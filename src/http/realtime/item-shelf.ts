import type { RealtimeItem } from '../../../contract/realtime.ts';

/** Items that can still be retrieved; older ones are in the conversation. */
const MAX_ITEMS = 500;

/** The messages that this session saw, in order. */
export class ItemShelf {
  readonly #items = new Map<string, RealtimeItem>();
  #lastId: string | null = null;

  get lastId(): string | null {
    return this.#lastId;
  }

  get(id: string): RealtimeItem | undefined {
    return this.#items.get(id);
  }

  /** Puts an item in, or its newer form; returns the id of the one that was last before. */
  put(item: RealtimeItem): string | null {
    const previous = this.#lastId;
    if (!this.#items.has(item.id)) this.#lastId = item.id;
    this.#items.set(item.id, item);
    for (const id of this.#items.keys()) {
      if (this.#items.size <= MAX_ITEMS) break;
      this.#items.delete(id);
    }
    return previous === item.id ? null : previous;
  }

  delete(id: string): boolean {
    const known = this.#items.delete(id);
    if (this.#lastId === id) this.#lastId = [...this.#items.keys()].at(-1) ?? null;
    return known;
  }
}

export function userItem(id: string, content: RealtimeItem['content']): RealtimeItem {
  return { id, object: 'realtime.item', type: 'message', role: 'user', status: 'completed', content };
}
