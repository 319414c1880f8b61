/** A request with an `Idempotency-Key`. */
export interface IdempotentRequestTable {
  /** Digest of who asked and of their key. */
  id: string;
  userId: string;
  /** Digest of what was asked. */
  fingerprint: string;
  /** `running`, `done`, or `broken`: it ended without an answer, and may have been billed. */
  state: string;
  status: number | null;
  contentType: string | null;
  /** Base64 of the answer; null while there is none, and where it is too large to be kept. */
  body: string | null;
  /** While it runs: whoever answers it has to come back before. */
  leaseUntil: number;
  createdAt: number;
  expiresAt: number;
}

/** A chat completion that was kept because its request said so. */
export interface StoredCompletionTable {
  id: string;
  ownerId: string;
  model: string;
  /** JSON object of texts. */
  metadata: string;
  /** JSON array of the messages that came with the request. */
  messages: string;
  /** JSON of the completion. */
  body: string;
  createdAt: number;
}

/** What an answer in sound said, while a later request may name it. */
export interface SpokenAnswerTable {
  id: string;
  ownerId: string;
  transcript: string;
  expiresAt: number;
}

export interface RequestTables {
  idempotentRequest: IdempotentRequestTable;
  storedCompletion: StoredCompletionTable;
  spokenAnswer: SpokenAnswerTable;
}
