/** Buttons above the message box, of one person. */
export interface QuickReplySetTable {
  id: string;
  ownerId: string;
  name: string;
  /** `everywhere`, `character` or `conversation`. */
  scope: string;
  subjectId: string | null;
  /** 0 or 1. */
  shown: number;
  /** JSON of the buttons. */
  replies: string;
  createdAt: number;
  updatedAt: number;
}

export interface QuickReplyTables {
  quickReplySet: QuickReplySetTable;
}
