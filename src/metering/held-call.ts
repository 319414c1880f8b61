import type { Prices, Usage } from '../../contract/metering.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Trx } from '../storage/storage.ts';
import { costOf, NO_USAGE } from './cost.ts';
import type { CallEnd, MeteredCall, Settlement } from './meter.ts';

/** Tokens and milliseconds after which a checkpoint is due. */
const CHECKPOINT_TOKENS = 256;
const CHECKPOINT_IN_MS = 1000;
/** More is set aside as soon as so much of the hold is used. */
const NEAR = 0.75;

/** What a held call asks of the books. */
export interface Books {
  extend(request: { id: string; accountId: string; more: number; usage: Usage }): Promise<void>;
  settle(id: string, end: CallEnd): Promise<Settlement>;
  settleIn(trx: Trx, id: string, end: CallEnd): Promise<Settlement>;
  void(id: string, end: Pick<CallEnd, 'outcome' | 'errorCode' | 'durationInMs'>): Promise<void>;
}

export interface HeldCallOptions {
  books: Books;
  clock: Clock;
  logger: Logger;
  id: string;
  accountId: string;
  /** By ref, as frozen when the call began. */
  prices: Readonly<Record<string, Prices>>;
  held: number;
}

/** See `MeteredCall`. One checkpoint is under way at a time; the next begins when it has ended. */
export class HeldCall implements MeteredCall {
  readonly id: string;
  readonly #options: HeldCallOptions;
  readonly #ending = new AbortController();
  #held: number;
  #noted = NO_USAGE;
  #notedAt: number;
  #noting: Promise<void> | null = null;

  constructor(options: HeldCallOptions) {
    this.#options = options;
    this.id = options.id;
    this.#held = options.held;
    this.#notedAt = options.clock.monotonic();
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  progress(usage: Usage): void {
    if (this.#noting !== null || this.#ending.signal.aborted) return;
    const cost = this.#costOf(usage);
    const isNear = cost > this.#held * NEAR;
    const tokens = usage.outputTokens - this.#noted.outputTokens;
    const isDue = tokens >= CHECKPOINT_TOKENS || this.#options.clock.monotonic() - this.#notedAt >= CHECKPOINT_IN_MS;
    if (isNear || isDue) this.#noting = this.#note(usage, isNear ? cost : 0);
  }

  async settle(end: CallEnd): Promise<Settlement> {
    await this.#noting;
    return this.#options.books.settle(this.id, end);
  }

  settleIn(trx: Trx, end: CallEnd): Promise<Settlement> {
    return this.#options.books.settleIn(trx, this.id, end);
  }

  async void(end: Pick<CallEnd, 'outcome' | 'errorCode' | 'durationInMs'>): Promise<void> {
    await this.#noting;
    await this.#options.books.void(this.id, end);
  }

  /** `used` > 0: as much again is set aside. */
  async #note(usage: Usage, used: number): Promise<void> {
    const { books, clock, logger, id, accountId } = this.#options;
    try {
      await books.extend({ id, accountId, more: used, usage });
      this.#held += used;
      this.#noted = usage;
    } catch (error) {
      if (error instanceof AppError && error.code === 'insufficient-quota') this.#ending.abort(error);
      else logger.warn({ err: error, callId: id }, 'the progress of a metered call could not be kept');
    } finally {
      this.#notedAt = clock.monotonic();
      this.#noting = null;
    }
  }

  #costOf(usage: Usage): number {
    return Math.max(...Object.values(this.#options.prices).map((price) => costOf(usage, price)));
  }
}
