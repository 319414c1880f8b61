import type { MeteredKind, Usage } from '../../../../contract/metering.ts';
import type { ProviderKind } from '../../../../contract/models.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { NotFoundError, UnavailableError } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter } from '../../../metering/meter.ts';
import { toRemoteProvider, type ProviderRecord } from '../../../models/routing/provider-store.ts';
import { callProvider, type ProviderCall } from '../../../models/speech/remote/provider-call.ts';
import { parseJson } from '../chat/parse-json.ts';
import { endOfFault, meterStream } from '../metered-work.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import { requireModelAllowed } from '../platform-caller.ts';

export type MediaJob = 'picture' | 'moderation' | 'film' | 'minimax-music' | 'minimax-film';

/** A picture or a song takes its time; milliseconds until the answer begins. */
const FIRST_ANSWER_IN_MS = 300_000;
const SILENCE_IN_MS = 120_000;
/** Ten pictures as base64. */
const MOST_ANSWER_BYTES = 256 * 1024 * 1024;

const JOBS: Readonly<Record<MediaJob, { kinds: readonly ProviderKind[]; usual: RegExp; does: string }>> = {
  picture: {
    kinds: ['openai', 'openai-compatible'],
    usual: /^(?:gpt-image|chatgpt-image|dall-e)/u,
    does: 'makes pictures',
  },
  moderation: {
    kinds: ['openai', 'openai-compatible'],
    usual: /^(?:omni|text)-moderation/u,
    does: 'judges texts',
  },
  film: { kinds: ['openai', 'openai-compatible'], usual: /^sora/u, does: 'makes films' },
  'minimax-music': { kinds: ['minimax'], usual: /^music/iu, does: 'makes music' },
  'minimax-film': { kinds: ['minimax'], usual: /^(?:MiniMax|T2V|I2V|S2V)/iu, does: 'makes films' },
};

export interface MediaCall {
  actor: Actor;
  job: MediaJob;
  kind: MeteredKind;
  model: string;
  /** The provider that is to make it; null or absent = whoever has the model. */
  providerId?: string | null;
  /** Below the provider's address. */
  path: string;
  init: RequestInit;
  /** The most that it will use. */
  estimate: Partial<Usage>;
  /** What it used, as its answer says it; absent = the estimate. */
  usageOf?: (body: object) => Partial<Usage>;
  requestId: string;
  signal: AbortSignal;
}

export type MediaAnswer = { providerId: string } & (
  | { type: 'whole'; body: object }
  | { type: 'stream'; contentType: string; chunks: AsyncGenerator<Uint8Array> }
);

/** What only providers can make, forwarded to one that the owner set up for it, and metered. */
export class ProviderMedia {
  readonly #options: { providers: { list(): Promise<ProviderRecord[]> }; meter: Meter; clock: Clock };

  constructor(options: { providers: { list(): Promise<ProviderRecord[]> }; meter: Meter; clock: Clock }) {
    this.#options = options;
  }

  /** Throws `NotFoundError` (`model-not-found`) saying what is missing and where it is set. */
  async make(call: MediaCall): Promise<MediaAnswer> {
    const { meter, clock } = this.#options;
    const { actor, model, kind, requestId } = call;
    requireModelAllowed(actor, model);
    const provider = await this.#providerFor(call);
    const ref = `${provider.id}:${model}`;
    const estimate = { ...NO_USAGE, ...call.estimate };
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind,
      model,
      refs: [ref],
      estimate,
      requestId,
    });
    const signal = AbortSignal.any([call.signal, metered.signal]);
    const used = (usage: Usage) => ({ ref, usage, usageSource: 'provider' as const });
    const startedAt = clock.monotonic();
    try {
      const answer = await this.#send(provider, { ...call, signal });
      if (isStream(answer.response)) {
        const contentType = answer.response.headers.get('content-type') ?? '';
        const parts = answer.chunks;
        const chunks = meterStream({ parts, metered, clock, used: () => used(estimate) });
        return { providerId: provider.id, type: 'stream', contentType, chunks };
      }
      const body = await readObject(answer);
      const usage = { ...estimate, ...call.usageOf?.(body) };
      await metered.settle({ ...used(usage), outcome: 'done', durationInMs: clock.monotonic() - startedAt });
      return { providerId: provider.id, type: 'whole', body };
    } catch (error) {
      await metered.void(endOfFault(error, clock.monotonic() - startedAt));
      throw error;
    }
  }

  /** Asks a provider about what was made there before: nothing is billed. */
  async ask(
    providerId: string,
    { path, init = {}, signal }: { path: string; init?: RequestInit; signal: AbortSignal },
  ): Promise<ProviderCall> {
    return this.#send(await this.#require(providerId), { path, init, signal });
  }

  async #require(providerId: string): Promise<ProviderRecord> {
    const provider = (await this.#options.providers.list()).find(({ id }) => id === providerId);
    if (provider) return provider;
    throw new NotFoundError('The provider that made this is not set up here any more.', { code: 'provider-unknown' });
  }

  /** The same, read as JSON. */
  async askObject(
    providerId: string,
    request: { path: string; init?: RequestInit; signal: AbortSignal },
  ): Promise<object> {
    return readObject(await this.ask(providerId, request));
  }

  #send(
    record: ProviderRecord,
    { path, init, signal }: { path: string; init: RequestInit; signal: AbortSignal },
  ): Promise<ProviderCall> {
    const provider = toRemoteProvider(record);
    const waits = { firstAudioInMs: FIRST_ANSWER_IN_MS, silenceInMs: SILENCE_IN_MS };
    return callProvider({ provider, model: '', ...waits }, { path, init, signal });
  }

  async #providerFor({
    job,
    model,
    providerId,
  }: Pick<MediaCall, 'job' | 'model' | 'providerId'>): Promise<ProviderRecord> {
    if (providerId) return this.#require(providerId);
    const { kinds, usual, does } = JOBS[job];
    const fitting = (await this.#options.providers.list()).filter(({ kind }) => kinds.includes(kind));
    const found =
      fitting.find(({ models }) => models.includes(model)) ??
      fitting.find(({ kind }) => kind !== 'openai-compatible' && usual.test(model));
    if (found) return found;
    const kind = kinds.includes('minimax') ? 'MiniMax' : 'OpenAI, or one like it with this model among its models';
    throw new NotFoundError(
      `Nothing here ${does} with “${model.slice(0, 200)}”: the owner sets up a provider (${kind}) in the settings, under Models.`,
      { code: 'model-not-found', field: 'model' },
    );
  }
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

async function readObject({ chunks }: ProviderCall): Promise<object> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) throw new UnavailableError('The provider answered more than can be taken here.');
    parts.push(chunk);
  }
  const body = parseJson(Buffer.concat(parts).toString('utf8'), 'The answer of the provider');
  if (typeof body === 'object' && body !== null) return body;
  throw new UnavailableError('The provider answered something that is not understood here.', {
    code: 'provider-garbage',
  });
}
