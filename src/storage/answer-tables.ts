/** An answer of `/v1/responses` that was kept. */
export interface StoredResponseTable {
  id: string;
  ownerId: string;
  /** `queued`, `in_progress`, `completed`, `incomplete`, `failed` or `cancelled`. */
  status: string;
  /** JSON of the response as it was last told. */
  body: string;
  /** JSON array of the items that came with the request. */
  input: string;
  /** JSON array of events, for a stream that may be read again; null for the others. */
  events: string | null;
  /** The response that it continues. */
  previousId: string | null;
  apiConversationId: string | null;
  /** Where a character answered: the conversation of the house, and the reply in it. */
  conversationId: string | null;
  messageId: string | null;
  createdAt: number;
}

/** A conversation of `/v1/conversations`. */
export interface ApiConversationTable {
  id: string;
  ownerId: string;
  /** JSON object of texts. */
  metadata: string;
  /** The conversation of the house in which a character answers; null for plain models. */
  conversationId: string | null;
  createdAt: number;
}

/** What was said in a conversation of `/v1/conversations`, in the order of its ids' keys. */
export interface ApiConversationItemTable {
  /** The item's own id. */
  id: string;
  apiConversationId: string;
  /** Sorts by when it was added. */
  place: string;
  /** JSON of the item. */
  body: string;
  createdAt: number;
}

export interface AnswerTables {
  storedResponse: StoredResponseTable;
  apiConversation: ApiConversationTable;
  apiConversationItem: ApiConversationItemTable;
}
