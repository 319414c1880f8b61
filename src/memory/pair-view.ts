/** A person and a character; memory belongs to the two. */
export interface Pair {
  ownerId: string;
  characterId: string;
}

/** Where memory is asked from: a reply sees its own branch and, of other conversations, their active paths. */
export interface Standpoint {
  conversationId: string;
  /** The newest message the reply may know; null in an empty conversation. */
  endId: string | null;
  /** True where others than the person listen: nothing from outside of this conversation counts, not even what the person wrote. */
  alone?: boolean;
}

/** What of a pair's conversations counts, seen from one place. Reading it costs no query. */
export interface PairView {
  /** True when the message lies on a path that counts, is neither deleted nor hidden, was witnessed by the character, and still has these words (`wordsHash`). */
  counts(messageId: string, hash: string): boolean;
  /** Messages of a conversation that count, oldest first; empty for conversations that do not. */
  path(conversationId: string): readonly string[];
  /** Conversations that count, the standpoint's first. */
  readonly conversationIds: readonly string[];
  /** True where only what was said in its one conversation counts. */
  readonly alone?: boolean;
}

/** The living index of what was said. */
export interface PairMemories {
  /**
   * Without a standpoint every conversation of the pair stands on its active path, as the memory page sees it. With one,
   * others count only where the person allows it and theirs are not private; from a private conversation none do.
   */
  view(pair: Pair, standpoint?: Standpoint): Promise<PairView>;
}
