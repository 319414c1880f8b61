/** People who share an account of the ledger, keys and limits. */
export interface TeamTable {
  id: string;
  name: string;
  createdAt: number;
  /** Its calls and bills stay; its keys are revoked. */
  deletedAt: number | null;
}

export interface TeamMemberTable {
  teamId: string;
  userId: string;
  /** `owner`, `admin`, `member` or `viewer`. */
  role: string;
  createdAt: number;
}

/** What went over the wire in one request, redacted; kept only where the owner switched it on. */
export interface RequestLogTable {
  /** The request's id, as `x-request-id` and the metered call say it. */
  id: string;
  userId: string;
  keyId: string | null;
  teamId: string | null;
  method: string;
  path: string;
  status: number;
  /** JSON or text, with secrets taken out. */
  requestBody: string | null;
  responseBody: string | null;
  /** 1 when something was left out because it was too long. */
  truncated: number;
  durationInMs: number;
  createdAt: number;
}

export interface ConsoleTables {
  team: TeamTable;
  teamMember: TeamMemberTable;
  requestLog: RequestLogTable;
}
