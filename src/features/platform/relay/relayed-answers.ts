import type { PlatformEmbeddings } from '../embeddings/platform-embeddings.ts';
import type { MeteredKind } from '../../../../contract/metering.ts';
import type { RouteTarget } from '../../../../contract/routes.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, isAbort } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter } from '../../../metering/meter.ts';
import { RelayExchange, type RelayAnswer } from '../../../models/relay/relay-exchange.ts';
import type { RelayPools } from '../../../models/relay/relay-pools.ts';
import type { RelayTarget } from '../../../models/relay/relay-target.ts';
import type { RelayDirectory } from '../../../models/routing/relay-directory.ts';
import { parseCharacterName } from '../characters/character-name.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import type { Plan } from '../routing/plan.ts';
import type { Router } from '../routing/router.ts';
import { estimateInput } from './estimate-input.ts';
import { affinityOf } from './request-affinity.ts';
import { RelayedStream } from './relayed-stream.ts';
import { isSaidHere } from './said-here.ts';
import { rewriteRequest } from './rewrite-request.ts';
import { usageOfAnswer } from './usage-of-answer.ts';

/** Tokens set aside for an answer that has no limit; more are set aside while it grows. */
const FIRST_SLICE_TOKENS = 512;

export interface RelayRequest {
  actor: Actor;
  path: '/chat/completions' | '/embeddings';
  kind: MeteredKind;
  /** The request as it was parsed, and its bytes where they are still there. */
  body: Readonly<Record<string, unknown>>;
  raw: Buffer | null;
  requestId: string;
  /** Fires when the caller leaves; what was delivered by then is billed. */
  signal: AbortSignal;
}

export type RelayedAnswer = {
  callId: string;
  /** What answers, and how many tries it took. */
  ref: string;
  attempts: number;
} & ({ type: 'whole'; body: Buffer } | { type: 'stream'; stream: RelayedStream });

export interface RelayedAnswersOptions {
  router: Router;
  embeddings: Pick<PlatformEmbeddings, 'find'>;
  directory: RelayDirectory;
  pools: RelayPools;
  meter: Meter;
  clock: Clock;
}

/** Which targets a request would go to, all of them reached by its own JSON. */
export interface RelayPlan {
  plan: Plan;
  targets: ReadonlyMap<string, RelayTarget>;
}

/** Answers of providers that speak OpenAI themselves: the request's own JSON goes there, and its bytes come back. */
export class RelayedAnswers {
  readonly #options: RelayedAnswersOptions;

  constructor(options: RelayedAnswersOptions) {
    this.#options = options;
  }

  /**
   * Null where the model has to be reached in other words. Throws `NotFoundError` (`model-not-found`) and
   * `ForbiddenError` (`model-not-allowed`).
   */
  async plan({ actor, body, path }: Pick<RelayRequest, 'actor' | 'body' | 'path'>): Promise<RelayPlan | null> {
    const name = String(body['model']);
    if (path === '/embeddings') return this.#planEmbedding(actor, body);
    if (parseCharacterName(name) !== null) return null;
    const plan = await this.#options.router.plan(actor, name, affinityOf(body));
    const targets = await this.#targetsOf(plan);
    return targets && !isSaidHere(body, targets) ? { plan, targets } : null;
  }

  /** Null too where the house has to do something of it itself. */
  async #planEmbedding(actor: Actor, body: RelayRequest['body']): Promise<RelayPlan | null> {
    const { model, input, input_type: kind } = body;
    const isText = typeof input === 'string' && input !== '';
    if (kind !== undefined || !(isText || (Array.isArray(input) && input.length > 0))) return null;
    const { router, embeddings, directory } = this.#options;
    const offered = await embeddings.find(actor, String(model));
    const target = await directory.findEmbedding(offered.ref);
    return target && { plan: router.only(offered), targets: new Map([[offered.ref, target]]) };
  }

  /** Resolves when the answer begins, and a whole one when its bill is written. */
  async answer(request: RelayRequest, { plan, targets }: RelayPlan): Promise<RelayedAnswer> {
    const { metered, inputTokens } = await this.#meter(request, plan);
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    try {
      const { value, target, attempts, release } = await plan.run((route) =>
        this.#attempt({ request, plan, route, targets }),
      );
      const head = { callId: metered.id, ref: target.ref, attempts };
      if (value.type === 'stream') {
        const { exchange } = value;
        const run = { metered, inputTokens, ref: target.ref, attempts, startedAt, clock, release };
        return { ...head, type: 'stream', stream: new RelayedStream({ ...run, exchange, signal: request.signal }) };
      }
      release();
      await metered.settle({
        ref: target.ref,
        ...usageOfAnswer({ usage: value.usage, inputTokens, body: value.body }),
        outcome: 'done',
        attempts,
        durationInMs: clock.monotonic() - startedAt,
      });
      return { ...head, type: 'whole', body: value.body };
    } catch (error) {
      await metered.void({
        outcome: isAbort(error) ? 'stopped' : 'failed',
        errorCode: error instanceof AppError ? error.code : null,
        durationInMs: clock.monotonic() - startedAt,
      });
      throw error;
    }
  }

  async #targetsOf({ refs }: Plan): Promise<ReadonlyMap<string, RelayTarget> | null> {
    const targets = new Map<string, RelayTarget>();
    for (const ref of refs) {
      const target = await this.#options.directory.find(ref);
      if (!target) return null;
      targets.set(ref, target);
    }
    return targets;
  }

  async #meter({ actor, kind, body, raw, requestId }: RelayRequest, plan: Plan) {
    const inputTokens = estimateInput(body, raw);
    const limit = body['max_completion_tokens'] ?? body['max_tokens'];
    const outputTokens = kind === 'embedding' ? 0 : typeof limit === 'number' ? limit : FIRST_SLICE_TOKENS;
    const metered = await this.#options.meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind,
      model: plan.name,
      refs: plan.refs,
      estimate: { ...NO_USAGE, inputTokens, outputTokens },
      requestId,
    });
    return { metered, inputTokens };
  }

  /** One try at one target; the caller's leaving closes the connection. */
  async #attempt({
    request,
    plan,
    route,
    targets,
  }: {
    request: RelayRequest;
    plan: Plan;
    route: RouteTarget;
    targets: ReadonlyMap<string, RelayTarget>;
  }): Promise<RelayAnswer> {
    const target = targets.get(route.ref);
    if (!target) throw new Error('Every target of a plan was looked up.');
    request.signal.throwIfAborted();
    const { body, raw, path } = request;
    const stream = body['stream'] === true;
    const exchange = new RelayExchange(this.#options.pools, {
      target: withLimits(target, route),
      path,
      body: rewriteRequest({ body, raw, model: target.model }),
      stream,
      model: plan.name,
      includeUsage: (body['stream_options'] as { include_usage?: unknown } | undefined)?.include_usage === true,
    });
    const leave = (): void => exchange.abort();
    request.signal.addEventListener('abort', leave, { once: true });
    try {
      return await exchange.answer;
    } finally {
      // A stream listens for itself from here on.
      request.signal.removeEventListener('abort', leave);
    }
  }
}

function withLimits(target: RelayTarget, { firstByteInMs, silenceInMs, totalInMs }: RouteTarget): RelayTarget {
  if (firstByteInMs === undefined && silenceInMs === undefined && totalInMs === undefined) return target;
  const { limits } = target;
  return {
    ...target,
    limits: {
      firstByteInMs: firstByteInMs ?? limits.firstByteInMs,
      silenceInMs: silenceInMs ?? limits.silenceInMs,
      totalInMs: totalInMs ?? limits.totalInMs,
    },
  };
}
