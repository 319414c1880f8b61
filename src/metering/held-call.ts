import type { Prices, Usage } from '../../contract/metering.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Trx } from '../storage/storage.ts';
import type { CheckpointBeat } from './checkpoint-beat.ts';
import { costOf, NO_USAGE } from './cost.ts';
import type { CallEnd, MeteredCall, Settlement } from './meter.ts';
import type { Operation, VoidEnd } from './operation.ts';
import { UnkeptWindow } from './unkept-window.ts';

/** Tokens after which a checkpoint does not wait for the beat. */
const CHECKPOINT_TOKENS = 256;
/** More is set aside as soon as so much of the hold is used. */
const NEAR = 0.75;
/** Nobody answers longer than this without a checkpoint, milliseconds. */
export const HOLD_LASTS_IN_MS = 10 * 60_000;

/** Where operations on the books go. */
export interface Poster {
  post(operation: Operation): Promise<Settlement>;
  postIn(trx: Trx, operation: Operation): Promise<Settlement>;
}

export interface HeldCallOptions {
  poster: Poster;
  beat: CheckpointBeat;
  clock: Clock;
  logger: Logger;
  id: string;
  accountId: string;
  /** By ref, as frozen when the call began. */
  prices: Readonly<Record<string, Prices>>;
  held: number;
  /** Nobody has to keep the call any more. */
  onEnd: () => void;
}

/** See `MeteredCall`. One checkpoint is under way at a time; the next begins when it has ended. */
export class HeldCall implements MeteredCall {
  readonly id: string;
  readonly #options: HeldCallOptions;
  /** Made when somebody listens: most calls are over before they could find no more money. */
  #ending: AbortController | null = null;
  readonly #costOf: (usage: Usage) => number;
  readonly #window: UnkeptWindow;
  #held: number;
  #used: Usage = NO_USAGE;
  #noted: Usage = NO_USAGE;
  #noting: Promise<void> | null = null;
  #isOver = false;

  constructor(options: HeldCallOptions) {
    this.#options = options;
    this.id = options.id;
    this.#held = options.held;
    this.#window = new UnkeptWindow(options.clock.monotonic());
    // Of providers behind one name the dearest counts until it is known which of them answers.
    const prices = Object.values(options.prices).filter((price) => Object.keys(price).length > 0);
    this.#costOf = (usage) => prices.reduce((most, price) => Math.max(most, costOf(usage, price)), 0);
  }

  get signal(): AbortSignal {
    this.#ending ??= new AbortController();
    return this.#ending.signal;
  }

  progress(usage: Usage): Promise<void> | null {
    if (this.#isOver) return null;
    const now = this.#options.clock.monotonic();
    this.#used = usage;
    this.#window.use(usage.outputTokens, now);
    if (this.#window.isFull(now)) return this.#untilKept();
    if (this.#noting !== null) return null;
    const isMuch = usage.outputTokens - this.#noted.outputTokens >= CHECKPOINT_TOKENS;
    // Timers come late where there is much to do: the window does not wait for the beat.
    if (isMuch || this.#window.isNear(now) || this.#isNear()) void this.note();
    else this.#options.beat.add(this);
    return null;
  }

  async settle(end: CallEnd): Promise<Settlement> {
    await this.#finish();
    return this.#options.poster.post(this.#settlement(end));
  }

  settleIn(trx: Trx, end: CallEnd): Promise<Settlement> {
    this.#leave();
    return this.#options.poster.postIn(trx, this.#settlement(end));
  }

  async void(end: VoidEnd): Promise<void> {
    await this.#finish();
    const { clock, accountId, poster } = this.#options;
    await poster.post({ type: 'void', accountId, id: this.id, end, at: clock.now() });
  }

  /** Keeps what was used so far; never rejects. */
  async note(): Promise<void> {
    if (this.#used !== this.#noted) await this.keep();
  }

  /** Says that the call is still under way, with what it used so far. */
  async keep(): Promise<void> {
    if (this.#isOver) return;
    this.#noting ??= this.#note().finally(() => {
      this.#noting = null;
      // What came meanwhile.
      if (!this.#isOver && this.#used !== this.#noted) this.#options.beat.add(this);
    });
    await this.#noting;
  }

  async #untilKept(): Promise<void> {
    while (!this.#isOver && this.#window.isFull(this.#options.clock.monotonic())) await this.note();
  }

  async #note(): Promise<void> {
    const { poster, clock, logger, id, accountId } = this.#options;
    const usage = this.#used;
    const more = this.#isNear() ? this.#costOf(usage) : 0;
    const at = clock.now();
    this.#window.keep();
    try {
      await poster.post({ type: 'note', accountId, id, usage, more, expiresAt: at + HOLD_LASTS_IN_MS, at });
      this.#held += more;
      this.#noted = usage;
    } catch (error) {
      this.#noted = usage;
      if (error instanceof AppError && error.code === 'insufficient-quota') this.#end(error);
      else logger.warn({ err: error, callId: id }, 'the progress of a metered call could not be kept');
    }
    this.#window.kept();
  }

  #end(reason: AppError): void {
    this.#ending ??= new AbortController();
    this.#ending.abort(reason);
  }

  #leave(): void {
    this.#isOver = true;
    this.#options.beat.remove(this);
    this.#options.onEnd();
  }

  async #finish(): Promise<void> {
    this.#leave();
    await this.#noting;
  }

  #settlement(end: CallEnd): Operation {
    const { accountId, clock } = this.#options;
    return { type: 'settle', accountId, id: this.id, end, at: clock.now() };
  }

  #isNear(): boolean {
    const cost = this.#costOf(this.#used);
    return cost > this.#held * NEAR;
  }
}
