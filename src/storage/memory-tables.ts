import type { Generated } from 'kysely';

/** What characters remember of people. Every row hangs on messages; what counts is decided on the path (`src/memory`). */
export interface MemoryFactTable {
  id: string;
  ownerId: string;
  characterId: string;
  /** Where it was said; null for what the person wrote on the memory page. */
  conversationId: string | null;
  /** `user`, `character`, `relationship`, `place` or `promise`. */
  about: string;
  /** Who or what it is about, as named. */
  subject: string;
  /** One sentence that can be read alone. */
  text: string;
  /** The verbatim words of the source it rests on; empty for what the person wrote. */
  quote: string;
  /** BCP 47 primary tag of `text`. */
  language: string;
  saidAt: number;
  /** When it is true, where the words say so. */
  validFrom: number | null;
  validTo: number | null;
  /** `certain`, `likely` or `claimed` (only attributed: somebody says so). */
  certainty: string;
  /** `active`, `pinned`, `corrected` (another one stands for it) or `retracted`. */
  state: string;
  /** 1 = the person let it count on every branch. */
  everywhere: number;
  /** `user` or `model`. */
  by: string;
  /** Model reference and version of the extractor; null for the person. */
  extractor: string | null;
  /** The earlier fact that this one corrects or supersedes in time. */
  replacesId: string | null;
  /** JSON array of participant ids, or `"everyone"`. */
  audience: string;
  createdAt: number;
  updatedAt: number;
}

/** The messages a fact rests on. It counts only where each of them is on the path with unchanged words. */
export interface MemoryFactSourceTable {
  factId: string;
  messageId: string;
  conversationId: string;
  /** sha256 of the message's words, hex. */
  hash: string;
}

/** Which messages a distiller has read for whom, so that none is read twice. */
export interface MemoryReadTable {
  messageId: string;
  characterId: string;
  conversationId: string;
  hash: string;
  extractor: string;
  createdAt: number;
}

export interface MemorySummaryTable {
  id: string;
  ownerId: string;
  characterId: string;
  conversationId: string;
  /** `scene`, `session` or `relationship`. */
  layer: string;
  /** JSON of sentences with the messages each rests on. */
  body: string;
  /** The first and last message it covers, on one path. */
  fromId: string;
  toId: string;
  /** sha256 over ids and words of all it covers, hex: another value means it is stale. */
  coveredHash: string;
  messageCount: number;
  /** Model reference and version. */
  by: string;
  createdAt: number;
}

/** A character's own pages. */
export interface MemoryDiaryTable {
  id: string;
  ownerId: string;
  characterId: string;
  conversationId: string | null;
  text: string;
  /** JSON array of message ids. */
  sources: string;
  /** sha256 over ids and words of the sources, hex; empty for a page without. */
  coveredHash: string;
  /** `character` or `user`. */
  by: string;
  /** The day it tells of. */
  at: number;
  createdAt: number;
  updatedAt: number;
}

/** Promises, appointments and anniversaries: what lets a character speak first. */
export interface MemoryDateTable {
  id: string;
  ownerId: string;
  characterId: string;
  conversationId: string | null;
  /** The fact it comes from; it counts where that one counts. Null for what the person wrote. */
  factId: string | null;
  text: string;
  dueAt: number;
  /** `minute`, `hour`, `day`, `week`, `month` or `year`: how exactly the time is known. */
  precision: string;
  /** `none` or `yearly`. */
  recurs: string;
  /** `open`, `due` (its event was told), `kept` or `dropped`. */
  state: string;
  createdAt: number;
  updatedAt: number;
}

/** What must never be remembered: a message by id, or words. */
export interface MemoryRuleTable {
  id: string;
  ownerId: string;
  /** Null = no character may. */
  characterId: string | null;
  /** `message`, `words`, `paused` (a message said while memory was paused) or `fact` (the mark of a forgotten one). */
  kind: string;
  /** The message's id, the words folded as searches are, or the mark. */
  value: string;
  /** The words as the person wrote them; empty for a message. */
  label: string;
  createdAt: number;
}

/** Vectors of messages. Made from the others; not in backups. */
export interface MemoryVectorTable {
  /** Rises; never used twice. */
  row: Generated<number>;
  messageId: string;
  conversationId: string;
  /** The embedding model's reference; vectors of different ones are never compared. */
  model: string;
  /** sha256 of the embedded words, hex. */
  hash: string;
  /** A signed byte for each dimension, the largest 127; empty where the model made nothing of the words. */
  vector: Uint8Array;
}

/** Work that must be done once, also after a crash. */
export interface JobTable {
  id: string;
  name: string;
  /** One waiting job for each name and key. */
  key: string;
  /** JSON. */
  payload: string;
  /** Lower first. */
  priority: number;
  runAt: number;
  attempts: number;
  lockedUntil: number | null;
  lastError: string | null;
  createdAt: number;
}

export interface MemoryTables {
  memoryFact: MemoryFactTable;
  memoryFactSource: MemoryFactSourceTable;
  memoryRead: MemoryReadTable;
  memorySummary: MemorySummaryTable;
  memoryDiary: MemoryDiaryTable;
  memoryDate: MemoryDateTable;
  memoryRule: MemoryRuleTable;
  memoryVector: MemoryVectorTable;
  job: JobTable;
}
