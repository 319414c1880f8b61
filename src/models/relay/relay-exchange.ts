import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { AbortedError, UnavailableError, type AppError } from '../../base/errors.ts';
import { garbageError, halfStreamError } from '../remote/provider-errors.ts';
import { providerName } from '../remote/provider-kinds.ts';
import { FrameReader } from './frame-reader.ts';
import { PublicName, toByteText } from './public-name.ts';
import { connectionFaultOf, refusalOf, streamFaultOf, tooLongError } from './relay-errors.ts';
import type { RelayPools } from './relay-pools.ts';
import type { RelayTarget } from './relay-target.ts';
import { readWhole, type WholeAnswer } from './whole-answer.ts';

/** Bytes of an answer that is not streamed; pictures and vectors may be inside. */
const LARGEST_WHOLE = 256 * 1024 * 1024;
/** Bytes that are read of a refusal. */
const LARGEST_REFUSAL = 64 * 1024;
/** Bytes without a word of the model that are held back, so that another target could still be tried. */
const MOST_HELD = 2048;
const MOST_REDIRECTS = 3;

export interface RelayOrder {
  target: RelayTarget;
  /** Below the provider's base address. */
  path: string;
  body: string | Buffer;
  stream: boolean;
  /** Stands in the answer instead of the provider's own name. */
  model: string;
  /** The caller asked for usage in the stream. */
  includeUsage: boolean;
}

/** Who reads a stream. Texts are bytes in Latin-1. */
export interface RelaySink {
  /** Whole frames. False = hold on until `resume`. */
  write(text: string): boolean;
}

/** How a stream went: what was delivered, and why it ended. */
export interface RelayEnd {
  reader: FrameReader;
  fault: AppError | null;
}

export type RelayAnswer = ({ type: 'whole' } & WholeAnswer) | { type: 'stream'; exchange: RelayExchange };

/**
 * One request to a provider and its answer as it passes. *sent* → *answering* (its head is there) → *flowing* (a word
 * of the model came: nothing can be tried elsewhere any more) → *over*. What fails before it flows rejects `answer`;
 * what fails later is in `ended`.
 */
export class RelayExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<RelayAnswer>;
  /** Only for streams; settles when the last frame was handed on. */
  readonly ended: Promise<RelayEnd>;
  readonly #pools: RelayPools;
  readonly #order: RelayOrder;
  readonly #reader: FrameReader;
  readonly #answered = Promise.withResolvers<RelayAnswer>();
  readonly #over = Promise.withResolvers<RelayEnd>();
  readonly #timer: NodeJS.Timeout;
  #state: 'sent' | 'answering' | 'flowing' | 'over' = 'sent';
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #redirects = 0;
  #isStream = false;
  /** Of an answer that is not handed on piece by piece, or the pieces of one that came in one read. */
  #parts: Buffer[] = [];
  #size = 0;
  /** Frames that nobody reads yet. */
  #held = '';
  #sink: RelaySink | null = null;
  #aborted: AppError | null = null;

  constructor(pools: RelayPools, order: RelayOrder) {
    this.#pools = pools;
    this.#order = order;
    this.#reader = new FrameReader(order);
    this.answer = this.#answered.promise;
    this.ended = this.#over.promise;
    const { totalInMs } = order.target.limits;
    this.#timer = setTimeout(() => this.abort(tooLongError(order.target.provider, order.target.limits)), totalInMs);
    this.#timer.unref();
    this.#send(`${order.target.basePath}${order.path}`);
  }

  /** What was delivered so far. */
  get reader(): FrameReader {
    return this.#reader;
  }

  /** Frames go here from now on, those that were held first. */
  attach(sink: RelaySink): void {
    this.#sink = sink;
    const held = this.#held;
    this.#held = '';
    if (held !== '' && !sink.write(held)) this.#controller?.pause();
  }

  resume(): void {
    if (this.#controller?.paused) this.#controller.resume();
  }

  /** Closes the connection to the provider at once. */
  abort(reason: AppError = new AbortedError()): void {
    if (this.#state === 'over') return;
    this.#aborted ??= reason;
    if (this.#controller) this.#controller.abort(reason);
    else this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(this.#aborted);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#state = 'answering';
    this.#status = status;
    this.#headers = headers;
    this.#isStream = this.#order.stream && status < 300 && /event-stream/.test(headers['content-type'] ?? '');
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (!this.#isStream) return this.#collect(controller, bytes);
    // Pieces that arrived together are read and handed on together: most of what a stream costs is in their number.
    if (this.#parts.push(bytes) === 1) process.nextTick(handOnPiecesOf, this);
  }

  /** Reads what has come of a stream and hands it on. */
  handOnPieces(): void {
    const bytes = this.#takeParts();
    if (bytes === null || this.#state === 'over') return;
    const text = this.#reader.take(bytes);
    const { fault } = this.#reader;
    // What was read before the fault is the caller's, unless another target may still answer.
    if (fault === undefined || this.#state === 'flowing') this.#handOn(text);
    if (fault !== undefined) this.#controller?.abort(streamFaultOf(this.#order.target.provider, fault));
  }

  onResponseEnd(): void {
    if (!this.#isStream) return this.#endWhole();
    this.handOnPieces();
    this.#handOn(this.#reader.end());
    const { fault, isFinished } = this.#reader;
    const { provider } = this.#order.target;
    if (fault !== undefined) return this.#fail(streamFaultOf(provider, fault));
    if (!isFinished) return this.#fail(this.#state === 'flowing' ? halfStreamError(provider) : garbageError(provider));
    this.#flow();
    this.#close(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { provider, limits } = this.#order.target;
    if (this.#isStream && this.#aborted === null && this.#reader.fault === undefined) this.handOnPieces();
    this.#fail(this.#aborted ?? connectionFaultOf(provider, error, limits));
  }

  #send(path: string): void {
    const { target, body } = this.#order;
    const { origin, headers, limits } = target;
    const { firstByteInMs: headersTimeout, silenceInMs: bodyTimeout } = limits;
    this.#pools.of(origin).dispatch({ origin, path, method: 'POST', headers, body, headersTimeout, bodyTimeout }, this);
  }

  #handOn(text: string): void {
    if (this.#state === 'flowing' && this.#sink && this.#held === '') {
      if (text !== '' && !this.#sink.write(text)) this.#controller?.pause();
      return;
    }
    this.#held += text;
    if (this.#reader.frames > 0 || this.#reader.isFinished || this.#held.length > MOST_HELD) this.#flow();
  }

  #flow(): void {
    if (this.#state !== 'answering') return;
    this.#state = 'flowing';
    this.#answered.resolve({ type: 'stream', exchange: this });
  }

  #collect(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#status >= 300 && this.#size > LARGEST_REFUSAL) return;
    if (this.#size > LARGEST_WHOLE) controller.abort(garbageError(this.#order.target.provider));
    else this.#parts.push(bytes);
  }

  #endWhole(): void {
    const { target, model } = this.#order;
    const body = this.#takeParts() ?? Buffer.alloc(0);
    if (this.#status >= 300 && this.#status < 400) return this.#redirect();
    if (this.#status >= 400) {
      const refusal = { status: this.#status, headers: this.#headers, body: body.toString('latin1') };
      return this.#fail(refusalOf(target.provider, refusal));
    }
    const whole = readWhole(body, new PublicName(model));
    if (!whole || this.#order.stream) return this.#fail(garbageError(target.provider));
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#answered.resolve({ type: 'whole', ...whole });
  }

  /** Null where nothing came. */
  #takeParts(): Buffer | null {
    const parts = this.#parts;
    if (parts.length === 0) return null;
    this.#parts = [];
    this.#size = 0;
    return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
  }

  /** As `provider-fetch.ts`: only within the same origin, and only where the request stays what it is. */
  #redirect(): void {
    const { origin, provider } = this.#order.target;
    const next = URL.parse(String(this.#headers['location']), `${origin}${this.#order.target.basePath}/`);
    const keepsMethod = this.#status === 307 || this.#status === 308;
    this.#redirects += 1;
    if (next?.origin === origin && keepsMethod && this.#redirects <= MOST_REDIRECTS) {
      this.#controller = null;
      this.#state = 'sent';
      this.#send(`${next.pathname}${next.search}`);
      return;
    }
    this.#fail(
      new UnavailableError(
        `The address of ${providerName(provider)} sends requests on to ${next?.origin ?? 'nowhere'}. ` +
          'Enter that address instead, if you trust it.',
        { code: 'provider-redirected', retryable: false },
      ),
    );
  }

  #fail(error: AppError): void {
    if (this.#state === 'over') return;
    if (this.#state === 'flowing') this.#close(error);
    else {
      this.#state = 'over';
      clearTimeout(this.#timer);
      this.#answered.reject(error);
    }
  }

  #close(fault: AppError | null): void {
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#over.resolve({ reader: this.#reader, fault });
  }
}

function handOnPiecesOf(exchange: RelayExchange): void {
  exchange.handOnPieces();
}

/** A frame of a stream as `RelaySink` takes it. */
export function frameOf(value: unknown): string {
  return `data: ${toByteText(JSON.stringify(value))}\n\n`;
}
