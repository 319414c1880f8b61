import type {
  MeteredDoor,
  MeteredKind,
  MeteredOutcome,
  MeteredPurpose,
  Usage,
  UsageSource,
} from '../../contract/metering.ts';
import type { Trx } from '../storage/storage.ts';

/** Who is charged. A key of a team charges the team. */
export interface Payer {
  userId: string;
  keyId: string | null;
  teamId: string | null;
  /** It is a line of a batch, which waits for whoever is served at once and may cost less. */
  inBatch?: true;
}

export interface MeterRequest {
  payer: Payer;
  door: MeteredDoor;
  /** Absent = what comes in there itself: a request of a program, or a reply. */
  purpose?: MeteredPurpose;
  kind: MeteredKind;
  /** The name that was asked for. */
  model: string;
  /** What may answer; the prices of each are frozen now. The first is expected. */
  refs: readonly [string, ...string[]];
  /** The most that the call may use before it says more: prompt and limit of the answer, or a first slice of it. */
  estimate: Usage;
  characterId?: string | null;
  conversationId?: string | null;
  requestId?: string | null;
}

export interface CallEnd {
  /** What answered. */
  ref: string;
  usage: Usage;
  usageSource: UsageSource;
  outcome: MeteredOutcome;
  errorCode?: string | null;
  /** Milliseconds. */
  firstTokenInMs?: number | null;
  durationInMs?: number | null;
  /** Tries at targets, the one that answered included; absent = 1. */
  attempts?: number;
}

export interface Settlement {
  /** Nano-units; never more than what was set aside. */
  cost: number;
}

/**
 * A call with money set aside. *held* → *settled* (billed), *void* (nothing owed) or, where nobody comes back before its
 * time, *expired*. Settling and voiding are idempotent: the first counts, whoever comes later learns how it ended.
 */
export interface MeteredCall {
  readonly id: string;
  /** Fires with a `RateLimitedError` (`insufficient-quota`) when a longer answer finds no more money. */
  readonly signal: AbortSignal;
  /**
   * What is used with what is handed on next; cheap, for every delta of a stream. Sets more aside when it comes near to
   * what is held, and keeps the count on disk, so that a crash bills what was delivered. Null = hand it on now; else
   * hand it on when the promise resolves (it never rejects): more than a second of the stream would not be on disk.
   */
  progress(usage: Usage): Promise<void> | null;
  settle(end: CallEnd): Promise<Settlement>;
  /** As `settle`, in the transaction of whoever commits what was made. */
  settleIn(trx: Trx, end: CallEnd): Promise<Settlement>;
  void(reason: Pick<CallEnd, 'outcome' | 'errorCode' | 'durationInMs' | 'attempts'>): Promise<void>;
}

/** Counts what calls to models use, and charges for it. */
export interface Meter {
  /**
   * Sets money aside. Throws `RateLimitedError` with code `insufficient-quota` (not retryable) when there is not
   * enough, naming the account or budget.
   */
  begin(request: MeterRequest): Promise<MeteredCall>;
}
