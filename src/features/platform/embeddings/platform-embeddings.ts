import type { TargetListener } from '../target-listener.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../../../../contract/openai/embeddings.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import {
  AppError,
  InvalidInputError,
  isAbort,
  NotFoundError,
  TooLargeError,
  UnavailableError,
} from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter } from '../../../metering/meter.ts';
import { estimateTokens } from '../../../models/remote/estimate-tokens.ts';
import type { EmbeddingDirectory } from '../../../models/routing/embedding-directory.ts';
import type { EmbeddingFacts } from '../../../models/spec/embedding-handle.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import { requireModelAllowed } from '../platform-caller.ts';
import type { OfferedModel } from '../platform-models.ts';

/** Estimates err on the high side: only what is surely too long is refused. */
const SURELY_TOO_LONG = 1.5;

export interface EmbeddingCall {
  actor: Actor;
  request: EmbeddingRequest;
  requestId: string;
  onTarget?: TargetListener;
  signal: AbortSignal;
}

/** `POST /v1/embeddings`, by the models of the house and of its providers that make vectors. */
export class PlatformEmbeddings {
  readonly #options: { directory: Pick<EmbeddingDirectory, 'list' | 'resolve'>; meter: Meter; clock: Clock };

  constructor(options: { directory: Pick<EmbeddingDirectory, 'list' | 'resolve'>; meter: Meter; clock: Clock }) {
    this.#options = options;
  }

  /** Those the caller may use; the one that the house itself uses first. */
  async list({ key }: Actor): Promise<OfferedModel[]> {
    const all = await this.#all();
    return all.filter(({ name }) => !key?.models || key.models.includes(name));
  }

  async create({ actor, request, requestId, onTarget, signal }: EmbeddingCall): Promise<EmbeddingResponse> {
    const texts = textsOf(request);
    const { offered, handle } = await this.#resolve(actor, request.model, signal);
    requireDimensions(handle, request.dimensions);
    const counts = texts.map(estimateTokens);
    requireShort(counts, handle);
    onTarget?.({ ref: handle.ref });
    const usage = { ...NO_USAGE, inputTokens: counts.reduce((sum, count) => sum + count, 0) };
    const { meter, clock } = this.#options;
    const startedAt = clock.monotonic();
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind: 'embedding',
      model: offered.name,
      refs: [handle.ref],
      estimate: usage,
      requestId,
    });
    try {
      const kind = request.input_type === 'query' ? 'query' : 'passage';
      const stopping = AbortSignal.any([signal, metered.signal]);
      const vectors = await handle.billed({ metered }).embed(texts, { kind, signal: stopping });
      const durationInMs = clock.monotonic() - startedAt;
      await metered.settle({ ref: handle.ref, usage, usageSource: 'estimate', outcome: 'done', durationInMs });
      return present({ vectors, request, model: offered.name, tokens: usage.inputTokens });
    } catch (error) {
      const errorCode = error instanceof AppError ? error.code : null;
      const outcome = isAbort(error) ? 'stopped' : 'failed';
      await metered.void({ outcome, errorCode, durationInMs: clock.monotonic() - startedAt });
      throw error;
    }
  }

  /** Throws `NotFoundError` (`model-not-found`) and `ForbiddenError` (`model-not-allowed`). */
  async find(actor: Actor, name: string): Promise<OfferedModel> {
    const all = await this.#all();
    const offered = all.find((one) => one.name === name) ?? all.find(({ ref }) => ref === name);
    if (!offered) {
      const known = all.length > 0 ? `Those that make vectors here: ${all.map((one) => one.name).join(', ')}.` : '';
      throw new NotFoundError(
        `The embedding model “${name.slice(0, 200)}” does not exist, or you do not have access to it. ${known || 'Fetch one in Settings → Memory, or connect a provider.'}`,
        { code: 'model-not-found', field: 'model' },
      );
    }
    requireModelAllowed(actor, offered.name);
    return offered;
  }

  async #resolve(actor: Actor, name: string, signal: AbortSignal) {
    const offered = await this.find(actor, name);
    const handle = await this.#options.directory.resolve(offered.ref, signal);
    if (handle) return { offered, handle };
    throw new UnavailableError(`The embedding model “${offered.name}” cannot be opened now. Try again in a while.`, {
      code: 'embedding-unavailable',
    });
  }

  async #all(): Promise<OfferedModel[]> {
    const offers = (await this.#options.directory.list()).filter(({ state }) => state === 'installed');
    const ordered = offers.toSorted((a, b) => Number(b.chosen) - Number(a.chosen));
    const shorts = ordered.map(({ ref }) => shortName(ref));
    return ordered.map(({ ref, label, place }, index) => {
      const short = shorts[index] ?? ref;
      const isAlone = shorts.filter((one) => one === short).length === 1;
      return { name: isAlone ? short : ref, ref, label, place: place === 'local' ? 'this-computer' : place };
    });
  }
}

/** `local:<id>`, `scripted:<name>`, `provider:<provider id>/<model>`: what comes last. */
function shortName(ref: string): string {
  const rest = ref.slice(ref.indexOf(':') + 1);
  return ref.startsWith('provider:') ? rest.slice(rest.indexOf('/') + 1) : rest;
}

function textsOf({ input }: EmbeddingRequest): string[] {
  const texts = typeof input === 'string' ? [input] : input;
  return texts.map((text) => {
    if (typeof text !== 'string') {
      throw new InvalidInputError('Models have different tokens here: send texts, not tokens.', {
        code: 'unsupported',
        field: 'input',
      });
    }
    if (text === '') throw new InvalidInputError('A text to embed is not empty.', { field: 'input' });
    return text;
  });
}

/** Vectors cannot be shortened without training for it, which no model here tells of. */
function requireDimensions({ label, dimensions }: EmbeddingFacts, asked: number | null | undefined): void {
  if (asked === null || asked === undefined || asked === dimensions) return;
  throw new InvalidInputError(`Vectors of ${label} have ${dimensions} dimensions; leave “dimensions” out.`, {
    code: 'unsupported',
    field: 'dimensions',
  });
}

function requireShort(counts: readonly number[], { label, maxTokens }: EmbeddingFacts): void {
  const longest = Math.max(...counts);
  if (longest <= maxTokens * SURELY_TOO_LONG) return;
  throw new TooLargeError(
    `${label} reads ${maxTokens} tokens of a text, and one of yours has about ${longest}: cut it into pieces.`,
    { code: 'provider-context', field: 'input' },
  );
}

function present({
  vectors,
  request,
  model,
  tokens,
}: {
  vectors: readonly Float32Array[];
  request: EmbeddingRequest;
  model: string;
  tokens: number;
}): EmbeddingResponse {
  const write = request.encoding_format === 'base64' ? toBase64 : (vector: Float32Array) => Array.from(vector);
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: write(vector) })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
