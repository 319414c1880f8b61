import type { Generated, Insertable, Selectable } from 'kysely';

/**
 * The portable schema: text ids, epoch milliseconds, JSON as text, booleans as 0/1. The same on
 * SQLite and PostgreSQL. Column names are the names the code uses.
 */
export interface ConversationTable {
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
  clientId: string | null;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

export interface ParticipantTable {
  id: string;
  conversationId: string;
  kind: string;
  /** A user id or a character id, by kind. */
  subjectId: string;
  name: string;
  createdAt: number;
}

export interface MessageTable {
  id: string;
  conversationId: string;
  parentId: string | null;
  depth: number;
  authorKind: string;
  authorId: string;
  authorName: string;
  /** JSON array of message parts. */
  parts: string;
  state: string;
  /** JSON of the failure, or null. */
  failure: string | null;
  /** JSON array of participant ids, or `"everyone"`. */
  audience: string;
  editOf: string | null;
  clientId: string | null;
  /** The child through which the active path last ran. */
  activeChildId: string | null;
  hasReceipt: number;
  createdAt: number;
  settledAt: number | null;
  deletedAt: number | null;
}

export interface ReceiptTable {
  messageId: string;
  conversationId: string;
  body: string;
}

export interface EventTable {
  sequence: Generated<number>;
  id: string;
  type: string;
  actorId: string | null;
  subjectId: string;
  payload: string;
  createdAt: number;
}

export interface CharacterTable {
  id: string;
  /** Null for the starters, which everybody sees. */
  ownerId: string | null;
  slug: string;
  currentVersionId: string;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

export interface CharacterVersionTable {
  id: string;
  characterId: string;
  version: number;
  /** The whole card as JSON, unknown keys kept. */
  card: string;
  /** sha256 of the canonical card and picture, hex. */
  contentHash: string;
  pictureHash: string | null;
  createdAt: number;
}

export interface AssetTable {
  /** sha256 of the bytes, hex. */
  hash: string;
  mediaType: string;
  size: number;
  createdAt: number;
}

export interface SettingTable {
  /** `house` or a user id. */
  scope: string;
  key: string;
  value: string;
}

export interface ProviderTable {
  id: string;
  kind: string;
  name: string;
  baseUrl: string | null;
  models: string;
  /** Sealed with the key file of the data folder; null when none is stored. */
  sealedKey: string | null;
  createdAt: number;
}

export interface MessageSearchRowTable {
  row: Generated<number>;
  messageId: string;
  conversationId: string;
}

export interface UserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: number | boolean;
  image: string | null;
  username: string | null;
  role: string;
  locale: string | null;
  onboarded: number;
  preferences: string;
  createdAt: string | Date;
  updatedAt: string | Date;
}

export interface AuthSessionTable {
  id: string;
  userId: string;
  token: string;
  expiresAt: string | Date;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: string | Date;
  updatedAt: string | Date;
}

export interface AuthAccountTable {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: string | Date | null;
  refreshTokenExpiresAt: string | Date | null;
  scope: string | null;
  password: string | null;
  createdAt: string | Date;
  updatedAt: string | Date;
}

export interface AuthVerificationTable {
  id: string;
  identifier: string;
  value: string;
  expiresAt: string | Date;
  createdAt: string | Date;
  updatedAt: string | Date;
}

export interface ApiKeyTable {
  id: string;
  userId: string;
  name: string;
  /** sha256 of the key, hex; unique. */
  hash: string;
  prefix: string;
  scopes: string;
  createdAt: number;
  lastUsedAt: number | null;
  revokedAt: number | null;
}

/** One-time links: sign-in on another device (`sign-in`) and invitations (`invitation`). */
export interface AccountLinkTable {
  id: string;
  kind: string;
  /** sha256 of the token, hex; unique. */
  hash: string;
  /** Who it signs in, or who invited. */
  userId: string;
  note: string;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
}

export interface Tables {
  conversation: ConversationTable;
  participant: ParticipantTable;
  message: MessageTable;
  receipt: ReceiptTable;
  event: EventTable;
  character: CharacterTable;
  characterVersion: CharacterVersionTable;
  asset: AssetTable;
  setting: SettingTable;
  provider: ProviderTable;
  messageSearchRow: MessageSearchRowTable;
  user: UserTable;
  session: AuthSessionTable;
  account: AuthAccountTable;
  verification: AuthVerificationTable;
  apiKey: ApiKeyTable;
  accountLink: AccountLinkTable;
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;
