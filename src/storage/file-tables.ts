/** A file that somebody gave to a conversation. Its bytes are a blob. */
export interface AttachmentTable {
  id: string;
  conversationId: string;
  /** Who gave it, by user id. */
  uploaderId: string;
  name: string;
  /** `text`, `pdf`, `epub`, `docx` or `image`. */
  kind: string;
  mediaType: string;
  size: number;
  /** sha256 of the bytes, hex. */
  hash: string;
  width: number | null;
  height: number | null;
  alt: string;
  sections: number;
  passages: number;
  characters: number;
  createdAt: number;
}

/** Which messages carry a file; an edited message carries those of the one it was. */
export interface MessageAttachmentTable {
  messageId: string;
  attachmentId: string;
  conversationId: string;
}

/** A piece of a file's text. */
export interface AttachmentPassageTable {
  /** The file's id and the position, by which passages sort. */
  id: string;
  attachmentId: string;
  position: number;
  /** `page`, `chapter`, `heading` or `lines`. */
  placeKind: string;
  place: string;
  text: string;
}

/** What a passage means to a model, a signed byte for each dimension; empty where the model cannot read it. */
export interface AttachmentVectorTable {
  attachmentId: string;
  position: number;
  model: string;
  vector: Uint8Array;
}

/** What a message says in another language. */
export interface MessageTranslationTable {
  messageId: string;
  /** BCP 47 tag. */
  language: string;
  conversationId: string;
  text: string;
  model: string;
  createdAt: number;
}

export interface FileTables {
  attachment: AttachmentTable;
  messageAttachment: MessageAttachmentTable;
  attachmentPassage: AttachmentPassageTable;
  attachmentVector: AttachmentVectorTable;
  messageTranslation: MessageTranslationTable;
}
