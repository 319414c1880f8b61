/** A name on a place of a conversation's tree. */
export interface BranchMarkTable {
  id: string;
  conversationId: string;
  messageId: string;
  /** `branch` or `checkpoint`. */
  kind: string;
  /** Empty = named by its place. */
  name: string;
  createdAt: number;
}

/** Where a conversation was branched off from. The row goes with either of the two. */
export interface ConversationOriginTable {
  conversationId: string;
  fromConversationId: string;
  /** The message of the origin at which they part, and its copy here. */
  fromMessageId: string;
  messageId: string;
  createdAt: number;
}

/** A change of many messages that can be undone at once. */
export interface MessageBatchTable {
  id: string;
  conversationId: string;
  /** `delete`, `hide` or `show`. */
  action: string;
  /** JSON of the ids that it changed. */
  messageIds: string;
  createdAt: number;
  undoneAt: number | null;
}

/** A long step along a path, from a message whose depth is a multiple of it. Made again where it is missing. */
export interface WaypointTable {
  messageId: string;
  /** Messages that the step spans. */
  span: number;
  conversationId: string;
  depth: number;
  /** The ancestor a step above; null = not looked for yet. It never changes. */
  upId: string | null;
  /** The descendant a step below along the active children; null = not known, or the path ends before. */
  downId: string | null;
}

export interface BranchTables {
  waypoint: WaypointTable;
  branchMark: BranchMarkTable;
  conversationOrigin: ConversationOriginTable;
  messageBatch: MessageBatchTable;
}
