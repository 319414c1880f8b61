import type { Generated } from 'kysely';

/** An account of the ledger. Money in nano-units of the house's currency. */
export interface LedgerAccountTable {
  /** `user:ID`, `team:ID`, or `house:NAME`. */
  id: string;
  /** Σ of its lines. What was spent is negative for whoever pays. */
  balance: number;
  /** Set aside for calls under way. */
  held: number;
  /** How far below zero it may go; null = as far as it likes. */
  creditLimit: number | null;
  /** 1 = the limit is this account's own, 0 = it follows the house's usual one. */
  ownLimit: Generated<number>;
  createdAt: number;
}

/** Something that happened to money. Never changed: a correction is another entry. */
export interface LedgerEntryTable {
  id: string;
  /** `settle`, `credit`, `correction`, `grant` or `lapse`. */
  kind: string;
  /** The metered call that it bills; unique. */
  callId: string | null;
  /** Of what must happen once, such as the grant of a plan for a month; unique. */
  key: string | null;
  actorId: string | null;
  note: string;
  createdAt: number;
}

/** Lines of one entry sum to zero. */
export interface LedgerLineTable {
  id: string;
  entryId: string;
  accountId: string;
  amount: number;
}

/** A call to a model: the hold while it runs, the bill and what was used once it has ended. */
export interface MeteredCallTable {
  id: string;
  accountId: string;
  userId: string;
  keyId: string | null;
  teamId: string | null;
  door: string;
  /** What it was done for, such as `reply`, `memory` or `title`. */
  purpose: string;
  kind: string;
  model: string;
  ref: string | null;
  characterId: string | null;
  conversationId: string | null;
  requestId: string | null;
  state: string;
  outcome: string | null;
  held: number;
  cost: number;
  /** JSON: prices of each ref that may answer, as they were at the start. */
  prices: string;
  /** JSON: ids of the spans of budgets that it counts in; null = none. */
  budgets: string | null;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  characters: number;
  audioInMs: number;
  images: number;
  videoInMs: number;
  /** Tries at targets, the one that answered included. */
  attempts: number;
  usageSource: string | null;
  errorCode: string | null;
  firstTokenInMs: number | null;
  durationInMs: number | null;
  startedAt: number;
  /** When its hold is given back if nobody settles it; moved on by checkpoints. */
  expiresAt: number;
  endedAt: number | null;
}

/** What a model costs from a moment on; the newest counts, and old ones stay. */
export interface PriceVersionTable {
  id: string;
  /** A ref as the model directory knows it, or `*` for all that have none of their own. */
  ref: string;
  /** JSON of `Prices`. */
  prices: string;
  actorId: string | null;
  createdAt: number;
}

/** A limit of spending. */
export interface BudgetTable {
  id: string;
  /** `all`, `user`, `team`, `key` or `model`. */
  scope: string;
  /** The id, or the model's name; null for `all`. */
  subject: string | null;
  /** `day`, `month` or `total`. */
  period: string;
  /** Told of when it is reached. */
  softLimit: number | null;
  /** Never passed. */
  hardLimit: number | null;
  actorId: string | null;
  createdAt: number;
}

/** What a budget has used in one span of time. */
export interface BudgetPeriodTable {
  /** `BUDGET:PERIOD`. */
  id: string;
  budgetId: string;
  /** `2026-11-26`, `2026-11` or `total`. */
  period: string;
  spent: number;
  held: number;
  /** When the limits were reached first. */
  softAt: number | null;
  hardAt: number | null;
}

/** A monthly allowance for people. */
export interface PlanTable {
  id: string;
  name: string;
  allowance: number;
  /** 1 = what is not spent stays. */
  rollover: number;
  createdAt: number;
}

export interface PlanMemberTable {
  userId: string;
  planId: string;
  since: number;
  /** The last month that was granted, such as `2026-11`, with how much and when. */
  granted: string | null;
  grantedAmount: number;
  grantedAt: number | null;
}

export interface LedgerTables {
  ledgerAccount: LedgerAccountTable;
  ledgerEntry: LedgerEntryTable;
  ledgerLine: LedgerLineTable;
  meteredCall: MeteredCallTable;
  priceVersion: PriceVersionTable;
  budget: BudgetTable;
  budgetPeriod: BudgetPeriodTable;
  plan: PlanTable;
  planMember: PlanMemberTable;
}
