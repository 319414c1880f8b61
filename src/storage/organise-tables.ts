import type { Generated } from 'kysely';

/** How one person keeps a conversation; guests of a room have their own. */
export interface ConversationMarkTable {
  userId: string;
  conversationId: string;
  favourite: Generated<number>;
  pinned: Generated<number>;
  archived: Generated<number>;
  folderId: string | null;
  /** JSON list of one's own tags. */
  tags: Generated<string>;
  /** No notice of replies in it. */
  muted: Generated<number>;
  /** When the person last had it open; null = never since this is noted. */
  seenAt: number | null;
}

/** A folder of one person's conversations. */
export interface ConversationFolderTable {
  id: string;
  ownerId: string;
  /** Null = at the top. What has a parent has no children. */
  parentId: string | null;
  name: string;
  /** A name of the palette. */
  colour: string;
  position: number;
  createdAt: number;
}

/** How one person wants a conversation, or all with a character, to look. */
export interface LookChoiceTable {
  userId: string;
  /** `conversation` or `character`. */
  scope: string;
  subjectId: string;
  /** Null = as it is elsewhere. */
  theme: string | null;
  /** A picture as a data URL; null = the card's. */
  background: string | null;
}

/** The title that the house gave last; a conversation with another one was named by a person. */
export interface ConversationTitleTable {
  conversationId: string;
  title: string;
  /** Messages on the path when it was given. */
  messageCount: number;
  /** `model`, or `words` where it was taken from what was said. */
  source: string;
  createdAt: number;
}

export interface OrganiseTables {
  conversationMark: ConversationMarkTable;
  conversationFolder: ConversationFolderTable;
  lookChoice: LookChoiceTable;
  conversationTitle: ConversationTitleTable;
}
