import type { MessageNode } from '../tree-types.ts';

/** A message of the path with all undeleted messages that share its parent, itself among them, oldest first. */
export interface WrittenStep {
  message: MessageNode;
  siblings: readonly MessageNode[];
}

/** A conversation on its way out, its path message by message. */
export interface WrittenChat {
  title: string;
  characterName: string;
  userName: string;
  createdAt: number;
  /** BCP 47, for pages. */
  locale: string;
  /** What an imported file said of the chat, parsed. */
  foreign: unknown;
  /** The name of the file this one branches off from. */
  mainChat?: string;
  steps: AsyncIterable<WrittenStep> | Iterable<WrittenStep>;
}
