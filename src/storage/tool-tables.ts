import type { Generated } from 'kysely';

/** A server of tools that the owner set up. */
export interface ToolServerTable {
  id: string;
  name: string;
  /** JSON of how it is reached, without secrets. */
  address: string;
  /** Sealed JSON of its environment or headers. */
  sealedSecrets: string;
  enabled: Generated<number>;
  /** 1 = others than the owner may use it. */
  shared: Generated<number>;
  /** JSON list of names of tools that are off in the whole house. */
  disabledTools: string;
  /** JSON of the tools it listed last. */
  list: string;
  listedAt: number | null;
  createdAt: number;
}

/** What a person chose for a tool, or for all of a server. */
export interface ToolChoiceTable {
  ownerId: string;
  /** `person`, `character` or `conversation`. */
  scope: string;
  /** A character's or a conversation's id; empty for `person`. */
  subjectId: string;
  serverId: string;
  /** Empty = every tool of the server. */
  tool: string;
  /** 1 on, 0 off, null = says nothing. */
  isOn: number | null;
  /** `ask`, `always`, `never`; null = says nothing. */
  consent: string | null;
  /** What the tool said of itself when `always` was given, hex sha256; null for all of a server. */
  digest: string | null;
}

export interface ToolTables {
  toolServer: ToolServerTable;
  toolChoice: ToolChoiceTable;
}
