import type { Clock } from '../../../base/clock.ts';
import { AbortedError, isAbort, type AppError } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { MeteredCall } from '../../../metering/meter.ts';
import type { RelayEnd, RelayExchange, RelaySink } from '../../../models/relay/relay-exchange.ts';
import { tokensDelivered } from './usage-of-answer.ts';

/** Frames after which the meter is told: it keeps what was delivered every second or 256 tokens. */
const FRAMES_PER_NOTE = 8;

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

  constructor(options: RelayedStreamOptions) {
    this.#options = options;
    const { clock, startedAt, exchange, signal, metered } = options;
    this.#firstByteInMs = clock.monotonic() - startedAt;
    const leave = (): void => exchange.abort(new AbortedError());
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    metered.signal.addEventListener('abort', () => exchange.abort(metered.signal.reason as AppError), { once: true });
  }

  /**
   * Hands whole frames to `sink` as they come, and resolves when the last was handed on and its bill is written; with
   * the fault where the stream broke off.
   */
  async pipe(sink: RelaySink): Promise<AppError | null> {
    const { exchange, metered, inputTokens } = this.#options;
    let noted = 0;
    exchange.attach({
      write: (text) => {
        const { reader } = exchange;
        if (reader.frames - noted >= FRAMES_PER_NOTE) {
          noted = reader.frames;
          metered.progress({ ...NO_USAGE, inputTokens, outputTokens: tokensDelivered(reader) });
        }
        return sink.write(text);
      },
    });
    const end = await exchange.ended;
    this.#options.release();
    await this.#bill(end);
    return end.fault;
  }

  /** The reader took what it was given. */
  resume(): void {
    this.#options.exchange.resume();
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
