import type { Usage, UsageSource } from '../../../contract/metering.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import { NO_USAGE } from '../../metering/cost.ts';
import type { MeteredCall } from '../../metering/meter.ts';

type Added = Partial<Usage>;

/**
 * Work under way that somebody pays for. *open* → (`add`, `fail`, `stop`) → *closed*: settled with what was used, or
 * void where nothing came of it. What is added may have fractions; what is billed has none.
 */
export class OpenBill {
  readonly #metered: MeteredCall;
  readonly #ref: string;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #usage: Usage = NO_USAGE;
  #source: UsageSource;
  #outcome: 'done' | 'stopped' | 'failed' = 'done';
  #errorCode: string | null = null;
  #firstTokenInMs: number | null = null;
  #closing: Promise<void> | null = null;

  constructor(metered: MeteredCall, { ref, clock, source }: { ref: string; clock: Clock; source: UsageSource }) {
    this.#metered = metered;
    this.#ref = ref;
    this.#clock = clock;
    this.#source = source;
    this.#startedAt = clock.monotonic();
  }

  /** Fires when there is no money for more. */
  get signal(): AbortSignal {
    return this.#metered.signal;
  }

  /** As `use`. */
  add(added: Added): Promise<void> | null {
    const usage = { ...this.#usage };
    for (const unit of UNITS) usage[unit] += added[unit] ?? 0;
    return this.use(usage);
  }

  /** In place of what was used before. What to wait for before it is handed on. */
  use(usage: Usage, source: UsageSource = this.#source): Promise<void> | null {
    this.#firstTokenInMs ??= this.#clock.monotonic() - this.#startedAt;
    this.#usage = usage;
    this.#source = source;
    // Of many pieces on one bill the last one tells how it ended.
    this.#outcome = 'done';
    this.#errorCode = null;
    return this.#metered.progress(rounded(usage));
  }

  /** What to throw for an error of the work: where the money ended, that. */
  fail(error: unknown): unknown {
    const reason: unknown = this.signal.aborted ? this.signal.reason : error;
    this.#outcome = isAbort(reason) ? 'stopped' : 'failed';
    this.#errorCode = reason instanceof AppError ? reason.code : null;
    return reason;
  }

  /** Whoever asked wants no more of it. */
  stop(): void {
    this.#outcome = 'stopped';
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const usage = rounded(this.#usage);
    const [outcome, errorCode] = [this.#outcome, this.#errorCode];
    const durationInMs = this.#clock.monotonic() - this.#startedAt;
    if (UNITS.every((unit) => usage[unit] === 0)) {
      await this.#metered.void({ outcome, errorCode, durationInMs });
      return;
    }
    const end = { outcome, errorCode, durationInMs, firstTokenInMs: this.#firstTokenInMs };
    await this.#metered.settle({ ref: this.#ref, usage, usageSource: this.#source, ...end });
  }
}

const UNITS = [
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'characters',
  'audioInMs',
  'images',
  'videoInMs',
] as const;

function rounded(usage: Usage): Usage {
  return { ...usage, audioInMs: Math.round(usage.audioInMs) };
}
