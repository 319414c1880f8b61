/** A place that conversations share. */
export interface WorldTable {
  id: string;
  ownerId: string;
  name: string;
  description: string;
  pictureHash: string | null;
  /** The story's time; empty = none. */
  time: string;
  /** JSON of its places and residents. */
  body: string;
  revision: number;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

/** What is true of a world, or may be. */
export interface WorldFactTable {
  id: string;
  worldId: string;
  statement: string;
  /** sha256 of the statement's folded words, by which it is found again; hex. */
  hash: string;
  /** JSON array of names. */
  about: string;
  placeId: string | null;
  since: string;
  /** `proposed`, `accepted`, `rejected` or `superseded`. */
  state: string;
  /** What it was before it was superseded. */
  stateBefore: string | null;
  /** `hand`, `talk` or `file`. */
  origin: string;
  entryBookId: string | null;
  entryUid: string | null;
  replacedBy: string | null;
  createdAt: number;
  updatedAt: number;
}

/** Where a fact was said. */
export interface WorldFactSourceTable {
  factId: string;
  worldId: string;
  conversationId: string;
  messageId: string;
  quote: string;
  speaker: string;
}

/** Messages that were read for what became true of a world. */
export interface WorldReadTable {
  worldId: string;
  messageId: string;
  conversationId: string;
  createdAt: number;
}

export interface WorldTables {
  world: WorldTable;
  worldFact: WorldFactTable;
  worldFactSource: WorldFactSourceTable;
  worldRead: WorldReadTable;
}
