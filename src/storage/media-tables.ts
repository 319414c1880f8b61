/** A file that somebody keeps here for the API; its bytes are a blob. */
export interface ApiFileTable {
  id: string;
  ownerId: string;
  purpose: string;
  filename: string;
  bytes: number;
  hash: string;
  createdAt: number;
  /** Null = kept until it is deleted. */
  expiresAt: number | null;
}

/** A film that a provider made for somebody; it lies there. */
export interface ApiFilmTable {
  /** Sealed: as it is handed out. */
  id: string;
  ownerId: string;
  providerId: string;
  /** The provider's. */
  remoteId: string;
  createdAt: number;
}

/** A file that comes in parts. */
export interface ApiUploadTable {
  id: string;
  ownerId: string;
  purpose: string;
  filename: string;
  /** That it will have. */
  bytes: number;
  /** pending, completed, cancelled or expired. */
  status: string;
  /** What its parts were made into. */
  fileId: string | null;
  /** After which the file goes; null = never. */
  fileExpiresInMs: number | null;
  createdAt: number;
  expiresAt: number;
}

/** Its bytes are a blob. */
export interface ApiUploadPartTable {
  id: string;
  uploadId: string;
  hash: string;
  bytes: number;
  createdAt: number;
}

/** Requests that are answered when there is time, and what became of them. */
export interface ApiBatchTable {
  id: string;
  ownerId: string;
  keyId: string | null;
  teamId: string | null;
  /** JSON of the names of models that its key may use; null = all. */
  models: string | null;
  /** What its requests name; null where they name several, or it is not read yet. */
  model: string | null;
  endpoint: string;
  inputFileId: string;
  outputFileId: string | null;
  errorFileId: string | null;
  completionWindow: string;
  status: string;
  /** JSON of what is wrong with its file, or null. */
  errors: string | null;
  /** JSON. */
  metadata: string | null;
  total: number;
  completed: number;
  failed: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  /** Milliseconds after which its files go; null = never. */
  outputExpiresInMs: number | null;
  createdAt: number;
  expiresAt: number;
  inProgressAt: number | null;
  finalizingAt: number | null;
  completedAt: number | null;
  failedAt: number | null;
  expiredAt: number | null;
  cancellingAt: number | null;
  cancelledAt: number | null;
}

/** One request of a batch; gone when its answers stand in the files. */
export interface ApiBatchLineTable {
  batchId: string;
  line: number;
  customId: string;
  /** JSON of the request's body. */
  body: string;
  /** `waiting`, `running` (begun, and not ended unless this says so), `done` or `failed`. */
  state: string;
  attempts: number;
  /** JSON of the line of the file that it became. */
  result: string | null;
}

/** An address that is told of what happens to its owner's work. */
export interface WebhookTable {
  id: string;
  ownerId: string;
  url: string;
  description: string;
  /** JSON. */
  events: string;
  /** 0 or 1. */
  enabled: number;
  disabledReason: string | null;
  sealedSecret: string;
  /** Signs too until then, after the secret was changed. */
  previousSealedSecret: string | null;
  previousUntil: number | null;
  /** Messages given up one after another. */
  failures: number;
  createdAt: number;
  updatedAt: number;
}

/** A message to one address. */
export interface WebhookDeliveryTable {
  id: string;
  webhookId: string;
  eventId: string;
  type: string;
  payload: string;
  state: string;
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  nextAttemptAt: number | null;
  createdAt: number;
  deliveredAt: number | null;
}

export interface MediaTables {
  apiFile: ApiFileTable;
  apiUpload: ApiUploadTable;
  apiFilm: ApiFilmTable;
  apiUploadPart: ApiUploadPartTable;
  apiBatch: ApiBatchTable;
  apiBatchLine: ApiBatchLineTable;
  webhook: WebhookTable;
  webhookDelivery: WebhookDeliveryTable;
}
