import type { ResponseEvent } from '../../../../../contract/openai/response-events.ts';
import type { ResponseObject } from '../../../../../contract/openai/response-object.ts';
import { AppError, RateLimitedError, UnavailableError, isAbort } from '../../../../base/errors.ts';
import type { Logger } from '../../../../base/logger.ts';
import type { RelayPlan } from '../../relay/relayed-answers.ts';
import type { Making } from '../making.ts';
import { ResponseKeeper, type KeepingContext, type KeptRequest } from '../response-keeper.ts';
import type { HostedAnswers } from './hosted-answers.ts';
import { ToldResponse, type ProviderEvent } from './told-response.ts';

/** A request that a provider answers with tools of its own. */
export interface HostedPlan extends KeptRequest {
  requestId: string;
  relay: RelayPlan;
  /** What the provider is sent. */
  body: Record<string, unknown>;
  /** Nothing was said yet. */
  response: ResponseObject;
  replayed: boolean;
}

export interface HostedContext extends KeepingContext {
  hosted: HostedAnswers;
  logger: Logger;
}

/** One response that a provider makes: hands its events on, and keeps what was said here as every other one. */
export class HostedMaking implements Making {
  fault: Error | null = null;
  readonly #context: HostedContext;
  readonly #plan: HostedPlan;
  readonly #keeper: ResponseKeeper;
  readonly #told: ToldResponse;

  constructor(context: HostedContext, plan: HostedPlan) {
    this.#context = context;
    this.#plan = plan;
    this.#keeper = new ResponseKeeper(context, plan);
    this.#told = new ToldResponse(plan.response);
  }

  get response(): ResponseObject {
    return this.#told.response;
  }

  get replayed(): boolean {
    return this.#plan.replayed;
  }

  keep(): Promise<void> {
    return this.#keeper.begin(this.response);
  }

  async *events(signal: AbortSignal): AsyncGenerator<ResponseEvent> {
    const isBackground = this.response.background;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    let isKept = isBackground;
    try {
      const { actor, requestId, body, relay } = this.#plan;
      const events = await this.#context.hosted.start({ actor, requestId, body, signal: either }, relay);
      if (!isBackground) await this.keep();
      isKept = true;
      for await (const event of events) {
        yield this.#told.take(event);
        if (event.type === 'response.failed') this.fault = faultOf(event);
        if (!this.#told.ended) await this.#keeper.checkpoint(this.response);
      }
    } catch (error) {
      // Nothing was told yet: the caller gets an answer with its status.
      if (!isKept) throw error;
      if (!(isAbort(error) && signal.aborted)) yield this.#failed(error);
    } finally {
      stop.abort();
      if (isKept) {
        this.#told.cancel();
        await this.#keeper.end(this.response);
      }
    }
  }

  #failed(error: unknown): ResponseEvent {
    const known = error instanceof AppError ? error : new UnavailableError('Something went wrong.', { cause: error });
    this.fault = known;
    if (known !== error) {
      this.#context.logger.error({ err: error, responseId: this.response.id }, 'a response of a provider broke');
    }
    return this.#told.fail(known.message, known instanceof RateLimitedError ? 'rate_limit_exceeded' : 'server_error');
  }
}

function faultOf({ response }: ProviderEvent): UnavailableError {
  const { message } = (response?.['error'] ?? {}) as { message?: unknown };
  const why = typeof message === 'string' ? message : 'It does not say why.';
  return new UnavailableError(`The provider could not answer: ${why}`, { code: 'provider-failed' });
}
