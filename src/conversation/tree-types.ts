import type { MessagePart, MessageState } from '../../contract/messages.ts';
import type { Audience, Manner } from '../../contract/rooms.ts';

/** A node of the append-only tree. Text never changes once `state` has left `streaming`. */
export interface MessageNode {
  id: string;
  conversationId: string;
  parentId: string | null;
  depth: number;
  author: { kind: 'human' | 'character' | 'narrator'; id: string; name: string };
  parts: MessagePart[];
  state: MessageState;
  failure: Failure | null;
  editOf: string | null;
  clientId: string | null;
  activeChildId: string | null;
  hasReceipt: boolean;
  /** Shown to people, never sent to a model. */
  hidden: boolean;
  /** Who heard it. */
  audience: Audience;
  manner: Manner;
  /** The nearest message up the path, itself included, with a stage of its own; null = the stage it all began on. */
  stageId: string | null;
  /** JSON of an imported message's keys that have no place of their own. */
  foreign: string | null;
  createdAt: number;
  deletedAt: number | null;
}

export interface Failure {
  code: string;
  message: string;
  retryable: boolean;
}

/** A conversation's own row; what it looks like to a reader is made in the chat feature. */
export interface ConversationRecord {
  id: string;
  ownerId: string;
  characterId: string;
  characterVersionId: string;
  locale: string;
  title: string | null;
  leafId: string | null;
  revision: number;
  messageCount: number;
  preview: string;
  model: string | null;
  preset: string;
  personaId: string | null;
  promptPresetId: string | null;
  /** JSON of an `AuthorsNote`. */
  authorsNote: string | null;
  /** JSON of what an imported file said of the chat that has no place of its own. */
  foreign: string | null;
  /** `on`, `paused` or `private`: what characters may remember of it. */
  memory: string;
  /** JSON of a `RoomSettings`; null while one human talks with one character. */
  room: string | null;
  /** The world it happens in; null = in none. */
  worldId: string | null;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

/** The plain words of a message, without reasoning and notes. */
export function textOf(parts: readonly MessagePart[]): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n\n');
}
