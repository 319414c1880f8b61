import type { Generated, Insertable, Selectable } from 'kysely';
import type { AnswerTables } from './answer-tables.ts';
import type { BranchTables } from './branch-tables.ts';
import type { ConsoleTables } from './console-tables.ts';
import type { RouteTables } from './route-tables.ts';
import type { LedgerTables } from './ledger-tables.ts';
import type { MediaTables } from './media-tables.ts';
import type { MemoryTables } from './memory-tables.ts';
import type { FileTables } from './file-tables.ts';
import type { QuickReplyTables } from './quick-reply-tables.ts';
import type { OpenboxTables } from './openbox-tables.ts';
import type { OrganiseTables } from './organise-tables.ts';
import type { RequestTables } from './request-tables.ts';
import type { RoomTables } from './room-tables.ts';
import type { ToolTables } from './tool-tables.ts';
import type { WorldTables } from './world-tables.ts';
import type { VoiceTables } from './voice-tables.ts';

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
  /** Who the human is here; null = the character's default persona, then the user's, then the account's name. */
  personaId: string | null;
  /** A prompt preset of the owner's or of the house; null = the house's default. */
  promptPresetId: string | null;
  /** JSON of the author's note, or null. */
  authorsNote: string | null;
  /** JSON of what an imported file said about the chat that has no place of its own, or null. */
  foreign: string | null;
  /** `on`, `paused` (remembers nothing new) or `private` (nothing is remembered, nothing recalled elsewhere). */
  memory: Generated<string>;
  /** When it was paused; null while it is not. */
  memoryPausedAt: number | null;
  /** JSON of a `RoomSettings`; null while one human talks with one character. */
  room: string | null;
  worldId: string | null;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
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
  /** `open`, `whisper`, `aside` or `door`. */
  manner: Generated<string>;
  /** The nearest message up the path, itself included, that changed who is there; null = nobody did. */
  stageId: string | null;
  editOf: string | null;
  clientId: string | null;
  /** The child through which the active path last ran. */
  activeChildId: string | null;
  hasReceipt: number;
  /** 1 = shown to people, never sent to a model. */
  hidden: number;
  /** JSON of an imported message's keys that have no place of their own, or null. */
  foreign: string | null;
  createdAt: number;
  settledAt: number | null;
  deletedAt: number | null;
}

export interface ReceiptTable {
  messageId: string;
  conversationId: string;
  body: string;
}

/** What one reply was made from: the prompt by reference (`promptText`, messages), and the state lore and macros left. */
export interface PromptRecordTable {
  messageId: string;
  conversationId: string;
  body: string;
}

/** Texts of prompts that are not messages, once per conversation. */
export interface PromptTextTable {
  conversationId: string;
  /** sha256 of the text, hex. */
  hash: string;
  text: string;
}

/** What lore timers and macro variables are after a message; the next turn starts from its nearest ancestor's. */
export interface TurnStateTable {
  messageId: string;
  conversationId: string;
  body: string;
}

export interface LorebookTable {
  id: string;
  ownerId: string;
  name: string;
  description: string;
  mode: string;
  entryCount: number;
  /** JSON of a `LorebookBody`. */
  body: string;
  /** sha256 of the canonical body, hex. */
  contentHash: string;
  revision: number;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

export interface LorebookLinkTable {
  lorebookId: string;
  /** `user`, `character`, `conversation`, `persona` or `world`. */
  targetKind: string;
  targetId: string;
  ownerId: string;
  createdAt: number;
}

export interface PersonaTable {
  id: string;
  ownerId: string;
  name: string;
  title: string;
  description: string;
  pictureHash: string | null;
  position: string;
  depth: number;
  role: string;
  isDefault: number;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

export interface PromptPresetTable {
  id: string;
  ownerId: string;
  name: string;
  /** JSON of a `PresetBody`. */
  body: string;
  revision: number;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

/** What one person made of a character in their library. */
export interface CharacterMarkTable {
  userId: string;
  characterId: string;
  favourite: number;
  folderId: string | null;
  /** JSON array of one's own tags beside the card's. */
  tags: string;
  personaId: string | null;
  lastUsedAt: number | null;
}

export interface CharacterFolderTable {
  id: string;
  ownerId: string;
  name: string;
  position: number;
  createdAt: number;
}

/** What the library's list knows of a character without opening its card. Made from the card; not in backups. */
export interface CharacterIndexTable {
  /** The row of its words in the search index. */
  row: Generated<number>;
  characterId: string;
  /** Whose shelf it stands on: a user id, or `house`; null once it is deleted. */
  shelf: string | null;
  /** The version this was made from. */
  versionId: string;
  /** The form of this row; older ones are made again. */
  format: number;
  slug: string;
  createdAt: number;
  updatedAt: number;
  hasLore: number;
  /** Sort keys of the name, ASCII. */
  nameKeyEn: string;
  nameKeyZh: string;
  /** Names and nicknames in every language, folded as searches are, one a line. */
  names: string;
  pictureHash: string | null;
  /** JSON array. */
  locales: string;
  /** JSON of name, tagline, alt and tags in one language. */
  summaryEn: string;
  summaryZh: string;
}

/** Tags, to filter by and to count. Made from cards and marks; not in backups. */
export interface CharacterTagTable {
  characterId: string;
  /** Empty for a card's tag, else whose own it is. */
  userId: string;
  locale: string;
  /** The label folded: equal tags have equal keys. */
  key: string;
  label: string;
  /** As in the index. */
  shelf: string | null;
}

/** What was said in a conversation, counted up to a message; counted on when somebody asks. Not in backups. */
export interface ConversationTallyTable {
  conversationId: string;
  /** How the conversation stood when it was counted. */
  revision: number;
  updatedAt: number;
  /** The last message that was counted. */
  countedId: string;
  /** Deleted messages among those looked at; another number means to count again. */
  deleted: number;
  humanMessages: number;
  characterMessages: number;
  humanWords: number;
  characterWords: number;
  tokens: number;
  firstAt: number | null;
  lastAt: number | null;
}

/** A file a character's version carries: a card's asset, or a part of its container that is kept for its way out. */
export interface VersionAssetTable {
  versionId: string;
  /** Order in the card's list. */
  position: number;
  /** `icon`, `background`, `emotion`, `user_icon`, `other`, `x_…`; `container` for a part of a CHARX that no asset names. */
  type: string;
  name: string;
  ext: string;
  /** As the card wrote it, or the path in its container. */
  uri: string;
  hash: string;
}

/** What was moved in, by the hash of what it was moved in from. */
export interface MoveRecordTable {
  ownerId: string;
  kind: string;
  /** sha256, hex: of a file's bytes, or of a chat's messages. */
  sourceHash: string;
  targetId: string;
  createdAt: number;
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
  /** The team that pays; null = its person. */
  teamId: string | null;
  /** JSON list of names of models it may use; null = all. */
  models: string | null;
  expiresAt: number | null;
  /** Null = only the house's own limits. */
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  /** The secret before the last rotation, which still opens until then. */
  previousHash: string | null;
  previousUntil: number | null;
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

export interface Tables
  extends
    BranchTables,
    AnswerTables,
    LedgerTables,
    OpenboxTables,
    ConsoleTables,
    MediaTables,
    RouteTables,
    MemoryTables,
    RequestTables,
    RoomTables,
    FileTables,
    ToolTables,
    WorldTables,
    QuickReplyTables,
    OrganiseTables,
    VoiceTables {
  conversation: ConversationTable;
  message: MessageTable;
  receipt: ReceiptTable;
  promptRecord: PromptRecordTable;
  promptText: PromptTextTable;
  turnState: TurnStateTable;
  lorebook: LorebookTable;
  lorebookLink: LorebookLinkTable;
  persona: PersonaTable;
  promptPreset: PromptPresetTable;
  characterMark: CharacterMarkTable;
  characterFolder: CharacterFolderTable;
  versionAsset: VersionAssetTable;
  characterIndex: CharacterIndexTable;
  characterTag: CharacterTagTable;
  conversationTally: ConversationTallyTable;
  moveRecord: MoveRecordTable;
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
