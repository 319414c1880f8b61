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
  /** Of pieces before this one. */
  #earlier: Usage = NO_USAGE;
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

  /** Another piece of work on the same bill; the last one tells how it ended. */
  begin(): void {
    this.#earlier = this.#total;
    this.#usage = NO_USAGE;
    this.#outcome = 'done';
    this.#errorCode = null;
  }

  /** As `use`. */
  add(added: Added): Promise<void> | null {
    return this.use(plus(this.#usage, added));
  }

  /** In place of what this piece used before. What to wait for before it is handed on. */
  use(usage: Usage, source: UsageSource = this.#source): Promise<void> | null {
    this.#firstTokenInMs ??= this.#clock.monotonic() - this.#startedAt;
    this.#usage = usage;
    this.#source = source;
    return this.#metered.progress(rounded(this.#total));
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

  get #total(): Usage {
    return plus(this.#earlier, this.#usage);
  }

  async #close(): Promise<void> {
    const usage = rounded(this.#total);
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

function plus(usage: Usage, added: Added): Usage {
  const sum = { ...usage };
  for (const unit of UNITS) sum[unit] += added[unit] ?? 0;
  return sum;
}

function rounded(usage: Usage): Usage {
  return { ...usage, audioInMs: Math.round(usage.audioInMs) };
}
