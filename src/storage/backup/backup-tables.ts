import type { StorageDialect } from '../migrate.ts';
import type { Tables } from '../schema.ts';

/** Tables that are made again from the others. */
export const DERIVED_TABLES = [
  'messageSearchRow',
  'waypoint',
  'characterIndex',
  'characterTag',
  'conversationTally',
  'memoryVector',
  'attachmentVector',
] as const;
export type BackupTable = Exclude<keyof Tables, (typeof DERIVED_TABLES)[number]>;

/** A row as every dialect can read it: times of better-auth as ISO text, its flags as booleans. */
export type PortableRow = Record<string, string | number | boolean | null>;

interface TableForm {
  /** The primary key, by which a table is read in pages; null for small tables read at once. */
  key: string | null;
  /** ISO text on SQLite, timestamps on PostgreSQL. */
  times?: readonly string[];
  /** 0 and 1 on SQLite, booleans on PostgreSQL. */
  flags?: readonly string[];
}

const CREATED_AND_UPDATED = ['createdAt', 'updatedAt'] as const;

/** In the order in which rows can be put back: what is referred to comes first. */
export const BACKUP_TABLES: Record<BackupTable, TableForm> = {
  user: { key: 'id', times: CREATED_AND_UPDATED, flags: ['emailVerified'] },
  character: { key: 'id' },
  characterVersion: { key: 'id' },
  asset: { key: 'hash' },
  world: { key: 'id' },
  worldFact: { key: 'id' },
  worldFactSource: { key: null },
  worldRead: { key: null },
  conversation: { key: 'id' },
  participant: { key: 'id' },
  message: { key: 'id' },
  receipt: { key: 'messageId' },
  promptRecord: { key: 'messageId' },
  promptText: { key: null },
  turnState: { key: 'messageId' },
  stage: { key: 'messageId' },
  roomInvite: { key: 'id' },
  attachment: { key: 'id' },
  messageAttachment: { key: null },
  attachmentPassage: { key: 'id' },
  messageTranslation: { key: null },
  branchMark: { key: 'id' },
  conversationOrigin: { key: 'conversationId' },
  messageBatch: { key: 'id' },
  conversationMark: { key: null },
  conversationFolder: { key: 'id' },
  lookChoice: { key: null },
  conversationTitle: { key: 'conversationId' },
  apiConversation: { key: 'id' },
  apiConversationItem: { key: 'id' },
  storedResponse: { key: 'id' },
  ledgerAccount: { key: 'id' },
  ledgerEntry: { key: 'id' },
  ledgerLine: { key: 'id' },
  meteredCall: { key: 'id' },
  priceVersion: { key: 'id' },
  budget: { key: 'id' },
  budgetPeriod: { key: 'id' },
  plan: { key: 'id' },
  planMember: { key: 'userId' },
  lorebook: { key: 'id' },
  lorebookLink: { key: null },
  persona: { key: 'id' },
  promptPreset: { key: 'id' },
  quickReplySet: { key: 'id' },
  characterMark: { key: null },
  characterFolder: { key: 'id' },
  versionAsset: { key: null },
  moveRecord: { key: null },
  call: { key: 'id' },
  voiceClip: { key: 'messageId' },
  characterVoice: { key: null },
  pronunciation: { key: 'id' },
  clonedVoice: { key: 'id' },
  voiceConsent: { key: 'id' },
  memoryFact: { key: 'id' },
  memoryFactSource: { key: null },
  memoryRead: { key: null },
  memorySummary: { key: 'id' },
  memoryDiary: { key: 'id' },
  memoryDate: { key: 'id' },
  memoryRule: { key: 'id' },
  job: { key: 'id' },
  event: { key: 'sequence' },
  setting: { key: null },
  provider: { key: 'id' },
  toolServer: { key: 'id' },
  toolChoice: { key: null },
  session: { key: 'id', times: [...CREATED_AND_UPDATED, 'expiresAt'] },
  account: { key: 'id', times: [...CREATED_AND_UPDATED, 'accessTokenExpiresAt', 'refreshTokenExpiresAt'] },
  verification: { key: 'id', times: [...CREATED_AND_UPDATED, 'expiresAt'] },
  modelRoute: { key: 'name' },
  apiKey: { key: 'id' },
  team: { key: 'id' },
  teamMember: { key: null },
  requestLog: { key: 'id' },
  idempotentRequest: { key: 'id' },
  storedCompletion: { key: 'id' },
  spokenAnswer: { key: 'id' },
  openboxRun: { key: 'id' },
  openboxResult: { key: null },
  apiFile: { key: 'id' },
  apiUpload: { key: 'id' },
  apiFilm: { key: 'id' },
  apiUploadPart: { key: 'id' },
  apiBatch: { key: 'id' },
  apiBatchLine: { key: null },
  webhook: { key: 'id' },
  webhookDelivery: { key: 'id' },
  accountLink: { key: 'id' },
};

export const backupTableNames = Object.keys(BACKUP_TABLES) as BackupTable[];

export function toPortable(table: BackupTable, row: Record<string, unknown>): PortableRow {
  const { flags = [] } = BACKUP_TABLES[table];
  const portable: PortableRow = {};
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Date) portable[name] = value.toISOString();
    else if (flags.includes(name)) portable[name] = Boolean(value);
    else portable[name] = value as PortableRow[string];
  }
  return portable;
}

export function fromPortable(table: BackupTable, row: PortableRow, dialect: StorageDialect): PortableRow {
  const { flags = [] } = BACKUP_TABLES[table];
  if (dialect === 'postgres' || flags.length === 0) return row;
  const changed = { ...row };
  for (const name of flags) if (name in changed) changed[name] = changed[name] ? 1 : 0;
  return changed;
}
