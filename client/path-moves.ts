import type { ConversationState } from './conversation-state.ts';

/**
 * Notices when the path that was shown is left for another one by somebody else: another device of the reader's, or
 * another person. What is said after the end of the path is no such move; neither is what the reader did here.
 */
export class PathMoves {
  /** The end of the path that was shown last; null before the first. */
  #end: string | null = null;
  /** The reader's own changes of the path that are under way. */
  #acting = 0;
  /** The newest revision that one of them led to. */
  #ownRevision = -1;
  #owns = false;

  /** Runs a change of the path by the reader. */
  async own<T extends { revision: number }>(work: Promise<T>): Promise<T> {
    this.#acting += 1;
    try {
      const changed = await work;
      this.#ownRevision = Math.max(this.#ownRevision, changed.revision);
      this.#owns = true;
      return changed;
    } finally {
      this.#acting -= 1;
    }
  }

  /** The state as it is to be shown: with where the reader was when the path was moved away from there. */
  follow(state: ConversationState): ConversationState {
    const { leafId, loaded, keptAt, stale, revision } = state;
    if (leafId === null || !loaded || keptAt !== null || stale || this.#acting > 0) return state;
    const before = this.#end;
    const isOwn = this.#owns;
    this.#end = leafId;
    if (revision >= this.#ownRevision) this.#owns = false;
    if (before === leafId || before === null) return state;
    if (isOwn) return { ...state, elsewhere: null };
    const elsewhere = state.elsewhere ?? (leads(state, before) === false ? before : null);
    return { ...state, elsewhere: elsewhere !== null && leads(state, elsewhere) === true ? null : elsewhere };
  }
}

/** Whether the path runs through a message; null where too little of it is known to say. */
function leads({ known, leafId }: ConversationState, messageId: string): boolean | null {
  const sought = known.get(messageId);
  if (sought === undefined) return null;
  let message = known.get(leafId ?? '');
  while (message !== undefined && message.depth > sought.depth) message = known.get(message.parentId ?? '');
  return message === undefined ? null : message.id === messageId;
}
