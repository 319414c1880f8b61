import { z } from 'zod';
import type { Usage } from '../../../../../contract/metering.ts';
import type { ResponseRequest } from '../../../../../contract/openai/responses.ts';
import type { Actor } from '../../../../accounts/actor.ts';
import type { Clock } from '../../../../base/clock.ts';
import { AppError, InvalidInputError, isAbort } from '../../../../base/errors.ts';
import { NO_USAGE } from '../../../../metering/cost.ts';
import type { MeteredCall, Meter } from '../../../../metering/meter.ts';
import { payerOf } from '../../../../models/billing/payers.ts';
import type { ResponseDoors } from '../../../../models/relay/response-doors.ts';
import type { RelayTarget } from '../../../../models/relay/relay-target.ts';
import { halfStreamError } from '../../../../models/remote/provider-errors.ts';
import { providerName, SILENCE_IN_MS } from '../../../../models/remote/provider-kinds.ts';
import type { RelayDirectory } from '../../../../models/routing/relay-directory.ts';
import { callProvider } from '../../../../models/speech/remote/provider-call.ts';
import { parseCharacterName } from '../../characters/character-name.ts';
import { endOfFault } from '../../metered-work.ts';
import { estimateInput } from '../../relay/estimate-input.ts';
import type { RelayPlan } from '../../relay/relayed-answers.ts';
import { affinityOf } from '../../relay/request-affinity.ts';
import type { Router } from '../../routing/router.ts';
import { readEvents } from './read-events.ts';
import type { ProviderNeed } from './provider-need.ts';
import type { ProviderEvent } from './told-response.ts';

/** Tokens set aside for an answer that has no limit; more are set aside while it grows. */
const FIRST_SLICE_TOKENS = 512;
/** A tool that searches or computes is silent for so long, milliseconds. */
const TOOL_SILENCE_IN_MS = 10 * SILENCE_IN_MS;
const BYTES_PER_TOKEN = 4;

const usageSchema = z.looseObject({
  input_tokens: z.int().nonnegative(),
  input_tokens_details: z.looseObject({ cached_tokens: z.int().nonnegative().nullish() }).nullish(),
  output_tokens: z.int().nonnegative(),
});

export interface HostedCall {
  actor: Actor;
  requestId: string;
  /** What a provider is sent, but for the model's own name. */
  body: Record<string, unknown>;
  signal: AbortSignal;
}

interface HostedAnswersOptions {
  router: Router;
  directory: RelayDirectory;
  doors: ResponseDoors;
  meter: Meter;
  clock: Clock;
}

/** An answer under way, and how its bill is reckoned. */
interface Run {
  target: RelayTarget;
  events: AsyncGenerator<ProviderEvent>;
  metered: MeteredCall;
  inputTokens: number;
  attempts: number;
  startedAt: number;
  release: () => void;
}

/** Answers of providers that have `/responses` and run tools themselves, metered. */
export class HostedAnswers {
  readonly #options: HostedAnswersOptions;

  constructor(options: HostedAnswersOptions) {
    this.#options = options;
  }

  /** The targets of a model; throws `InvalidInputError` saying what is missing where one has no `/responses`. */
  async plan(
    { actor, request, signal }: { actor: Actor; request: ResponseRequest; signal: AbortSignal },
    need: ProviderNeed,
  ): Promise<RelayPlan> {
    const { router, directory, doors } = this.#options;
    const { model } = request;
    if (parseCharacterName(model) !== null) throw missing(need, 'characters answer with functions of yours alone');
    const plan = await router.plan(actor, model, affinityOf(request));
    const targets = new Map<string, RelayTarget>();
    for (const ref of plan.refs) {
      const target = await directory.find(ref);
      if (!target) throw missing(need, `“${model.slice(0, 200)}” is asked in words that know none`);
      if (!(await doors.has(target.provider, target.headers, signal))) {
        throw missing(need, `${providerName(target.provider)}, where “${target.model}” is, has no /responses`);
      }
      targets.set(ref, target);
    }
    return { plan, targets };
  }

  /** Resolves when the provider's answer has begun. Its events are to be read to their end, once. */
  async start(call: HostedCall, { plan, targets }: RelayPlan): Promise<AsyncGenerator<ProviderEvent>> {
    const { meter, clock } = this.#options;
    const { actor, body, requestId } = call;
    const inputTokens = estimateInput(body, null);
    const limit = body['max_output_tokens'];
    const outputTokens = typeof limit === 'number' ? limit : FIRST_SLICE_TOKENS;
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind: 'text',
      model: plan.name,
      refs: plan.refs,
      estimate: { ...NO_USAGE, inputTokens, outputTokens },
      requestId,
    });
    const startedAt = clock.monotonic();
    const signal = AbortSignal.any([call.signal, metered.signal]);
    try {
      const { value, attempts, release } = await plan.run(async ({ ref }) => {
        const target = targets.get(ref);
        if (!target) throw new Error('Every target of a plan was looked up.');
        return { target, events: await open(target, { body, signal }) };
      });
      return this.#metered({ ...value, metered, inputTokens, attempts, startedAt, release });
    } catch (error) {
      await metered.void(endOfFault(error, clock.monotonic() - startedAt));
      throw error;
    }
  }

  async *#metered(run: Run): AsyncGenerator<ProviderEvent> {
    const { target, metered, inputTokens, startedAt } = run;
    const { clock } = this.#options;
    let outputTokens = 0;
    let said: Usage | null = null;
    let firstTokenInMs: number | null = null;
    let end: string | null = null;
    let fault: unknown = null;
    try {
      for await (const event of run.events) {
        if (typeof event.delta === 'string') {
          outputTokens += Math.max(1, Math.ceil(Buffer.byteLength(event.delta) / BYTES_PER_TOKEN));
          firstTokenInMs ??= clock.monotonic() - startedAt;
          await metered.progress({ ...NO_USAGE, inputTokens, outputTokens });
        }
        said = usageOf(event) ?? said;
        end = endOf(event) ?? end;
        yield event;
        metered.signal.throwIfAborted();
      }
      if (end === null) throw halfStreamError(target.provider);
    } catch (error) {
      fault = metered.signal.aborted ? metered.signal.reason : error;
      throw fault;
    } finally {
      run.release();
      const { attempts } = run;
      const errorCode = fault instanceof AppError ? fault.code : null;
      const isStopped = end === null && (fault === null || isAbort(fault));
      const outcome = isStopped ? 'stopped' : end === null || end === 'failed' ? 'failed' : 'done';
      const times = { firstTokenInMs, durationInMs: clock.monotonic() - startedAt, attempts };
      const usage = said ?? { ...NO_USAGE, inputTokens, outputTokens };
      const usageSource = said ? 'provider' : 'estimate';
      if (outcome === 'failed' && said === null && outputTokens === 0) {
        await metered.void({ outcome, errorCode, ...times });
      } else await metered.settle({ ref: target.ref, usage, usageSource, outcome, errorCode, ...times });
    }
  }
}

async function open(
  { provider, model, headers, limits }: RelayTarget,
  { body, signal }: Pick<HostedCall, 'body' | 'signal'>,
): Promise<AsyncGenerator<ProviderEvent>> {
  const waits = { firstAudioInMs: limits.firstByteInMs, silenceInMs: TOOL_SILENCE_IN_MS };
  const init = { method: 'POST', headers: { ...headers }, body: JSON.stringify({ ...body, model }) };
  const call = await callProvider({ provider, model, ...waits }, { path: '/responses', init, signal });
  return readEvents(provider, call);
}

function usageOf({ response }: ProviderEvent): Usage | null {
  const { data } = usageSchema.safeParse(response?.['usage']);
  if (!data) return null;
  const { input_tokens: inputTokens, output_tokens: outputTokens, input_tokens_details: details } = data;
  return { ...NO_USAGE, inputTokens, outputTokens, cachedInputTokens: details?.cached_tokens ?? 0 };
}

function endOf({ type }: ProviderEvent): string | null {
  return /^response\.(completed|incomplete|failed)$/u.exec(type)?.[1] ?? null;
}

function missing({ what, field, code }: ProviderNeed, why: string): InvalidInputError {
  return new InvalidInputError(
    `This house runs no ${what} itself; a provider that has /responses does, but ${why}. ` +
      'Name a model of such a provider, or offer a function of your own.',
    { code, field },
  );
}
