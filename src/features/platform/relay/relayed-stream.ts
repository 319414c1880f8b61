import type { Clock } from '../../../base/clock.ts';
import { AbortedError, isAbort, type AppError } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { MeteredCall } from '../../../metering/meter.ts';
import type { RelayEnd, RelayExchange, RelaySink } from '../../../models/relay/relay-exchange.ts';
import { tokensDelivered } from './usage-of-answer.ts';

/** Frames, or milliseconds, after which the meter is told: a small part of the second that a crash may cost. */
const FRAMES_PER_NOTE = 4;
const NOTE_AFTER_IN_MS = 50;

export interface RelayedStreamOptions {
  exchange: RelayExchange;
  metered: MeteredCall;
  inputTokens: number;
  ref: string;
  attempts: number;
  startedAt: number;
  clock: Clock;
  signal: AbortSignal;
  /** The target is free again. */
  release: () => void;
}

/** A stream of a provider as it passes, metered: what was delivered is billed, also where its reader leaves. */
export class RelayedStream {
  readonly #options: RelayedStreamOptions;
  readonly #firstByteInMs: number;
  #told = 0;
  #toldAt = 0;
  /** Frames that are handed on when the meter allows it, and until then. */
  #late = '';
  #waiting: Promise<void> | null = null;

  constructor(options: RelayedStreamOptions) {
    this.#options = options;
    const { clock, startedAt, exchange, signal, metered } = options;
    this.#firstByteInMs = clock.monotonic() - startedAt;
    const leave = (): void => exchange.abort(new AbortedError());
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    const broke = (): void => exchange.abort(metered.signal.reason as AppError);
    if (metered.signal.aborted) broke();
    else metered.signal.addEventListener('abort', broke, { once: true });
  }

  /**
   * Hands whole frames to `sink` as they come, and resolves when the last was handed on and its bill is written; with
   * the fault where the stream broke off.
   */
  async pipe(sink: RelaySink): Promise<AppError | null> {
    const { exchange } = this.#options;
    exchange.attach({
      write: (text) => {
        const kept = this.#waiting ?? this.#tell();
        if (kept === null) return sink.write(text);
        this.#late += text;
        this.#waiting ??= kept.then(() => this.#handOnLate(sink));
        return false;
      },
    });
    const end = await exchange.ended;
    this.#options.release();
    await this.#waiting;
    await this.#bill(end);
    return end.fault;
  }

  /** The reader took what it was given. */
  resume(): void {
    if (this.#waiting === null) this.#options.exchange.resume();
  }

  /** What to wait for before the frames that were read last are handed on. */
  #tell(): Promise<void> | null {
    const { exchange, metered, inputTokens, clock } = this.#options;
    const { reader } = exchange;
    const now = clock.monotonic();
    if (reader.frames - this.#told < FRAMES_PER_NOTE && now - this.#toldAt < NOTE_AFTER_IN_MS) return null;
    this.#told = reader.frames;
    this.#toldAt = now;
    return metered.progress({ ...NO_USAGE, inputTokens, outputTokens: tokensDelivered(reader) });
  }

  #handOnLate(sink: RelaySink): void {
    const late = this.#late;
    this.#late = '';
    this.#waiting = null;
    if (sink.write(late)) this.#options.exchange.resume();
  }

  async #bill({ reader, fault }: RelayEnd): Promise<void> {
    const { metered, inputTokens, ref, attempts, clock, startedAt } = this.#options;
    const said = reader.usage;
    await metered.settle({
      ref,
      usage: said ? { ...NO_USAGE, ...said } : { ...NO_USAGE, inputTokens, outputTokens: tokensDelivered(reader) },
      usageSource: said ? 'provider' : 'estimate',
      outcome: fault === null ? 'done' : isAbort(fault) ? 'stopped' : 'failed',
      errorCode: fault?.code ?? null,
      attempts,
      firstTokenInMs: this.#firstByteInMs,
      durationInMs: clock.monotonic() - startedAt,
    });
  }
}
