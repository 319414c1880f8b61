import type { Generated } from 'kysely';

/** Who is part of a conversation. Rows stay when somebody leaves: what they heard is told by their id. */
export interface ParticipantTable {
  id: string;
  conversationId: string;
  /** `human` or `character`. */
  kind: string;
  /** A user id or a character id, by kind. */
  subjectId: string;
  name: string;
  /** `host`, `guest` or `character`. */
  role: Generated<string>;
  /** 1 = there from the beginning: hears what was said to `everyone`. */
  fromStart: Generated<number>;
  /** Who a guest is here; the host's persona stands in the conversation. */
  personaId: string | null;
  /** Null for the character the conversation began with, whose version the conversation pins. */
  characterVersionId: string | null;
  /** 1 = never chosen by itself. */
  muted: Generated<number>;
  /** Percent. */
  talkativeness: Generated<number>;
  position: Generated<number>;
  createdAt: number;
  /** When it left for good. */
  leftAt: number | null;
}

/** Who is there, behind which doors, and where, from a message on down its branches. */
export interface StageTable {
  messageId: string;
  conversationId: string;
  /** JSON of a `Stage`. */
  body: string;
}

/** A link by which a human may come into a conversation. */
export interface RoomInviteTable {
  id: string;
  conversationId: string;
  /** sha256 of the token, hex; unique. */
  hash: string;
  createdBy: string;
  note: string;
  usesLeft: number;
  createdAt: number;
  expiresAt: number;
  revokedAt: number | null;
}

export interface RoomTables {
  participant: ParticipantTable;
  stage: StageTable;
  roomInvite: RoomInviteTable;
}
