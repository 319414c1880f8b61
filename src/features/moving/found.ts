import type { LoreSettings } from '../../../contract/lore.ts';
import type { MoveKind } from '../../../contract/moving.ts';
import type { FoundBookLinks } from './link-books.ts';
import type { FoundChat } from './survey-chats.ts';
import type { FoundPersona } from './moving-context.ts';
import type { SourceFile } from './sources/move-source.ts';

/** `new`: not here. `grown`: a chat with messages that are not here. `deleted`: was here. */
export type FoundStatus = 'new' | 'grown' | 'here' | 'deleted';

/** A file that is one thing: a card, a book, a preset. */
export interface FoundFile {
  kind: Extract<MoveKind, 'character' | 'lorebook' | 'preset'>;
  file: SourceFile;
  fileName: string;
  name: string;
  /** The name of the book a card is linked to; empty = none. */
  book: string;
  sourceHash: string;
  status: FoundStatus;
  /** What it became here, where it is or was here. */
  targetId: string | null;
}

/** Chats that are one conversation: a chat and its branches, the one last spoken in first. */
export interface FoundConversation {
  key: string;
  chats: FoundChat[];
  status: FoundStatus;
  conversationId: string | null;
  title: string;
  /** The path of the card in the same source that these chats lie beside. */
  cardPath: string | null;
  characterName: string;
  isGroup: boolean;
  /** Books the chats are linked to, by name. */
  book: string;
}

export interface FoundPersonaEntry {
  persona: FoundPersona;
  picture: SourceFile | null;
  sourceHash: string;
  status: FoundStatus;
  targetId: string | null;
}

export interface FoundLoreSettings {
  settings: Partial<LoreSettings>;
  sourceHash: string;
  status: FoundStatus;
}

/** Everything of a source that can be moved in. */
export interface Found {
  files: FoundFile[];
  conversations: FoundConversation[];
  personas: FoundPersonaEntry[];
  /** One at the most. */
  loreSettings: FoundLoreSettings[];
  /** Links of books, by data folder. */
  links: (FoundBookLinks & { root: string })[];
}
