import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { InvalidInputError, UnavailableError } from '../../base/errors.ts';
import { prepareText } from '../embedding/prepare-text.ts';
import { unitVector } from '../embedding/unit-vector.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import { requireKey } from './create-language-model.ts';
import { embeddingFacts, embeddingPrefixes } from './embedding-models.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { timeoutError, toProviderError } from './provider-errors.ts';
import { createProviderFetch } from './provider-fetch.ts';
import { providerBaseUrl, providerFacts, providerName, type RemoteProvider } from './provider-kinds.ts';

export interface RemoteEmbeddingOptions {
  provider: RemoteProvider;
  /** The provider's own name of the model. */
  model: string;
  /** Of its vectors, as the first answer had them. */
  dimensions: number;
  fetch?: typeof fetch;
  /** Milliseconds that a query may take; somebody waits for it. */
  queryLimitInMs?: number;
}

type Kind = 'query' | 'passage';

const QUERY_LIMIT_IN_MS = 10_000;
/** In one request; every kind takes as many. */
const MOST_TEXTS = 64;

/**
 * A provider's embedding model. Nothing is tried again: whoever fills an index waits and asks again by itself, and a
 * reply goes on without. Throws the house's errors of providers, and `embedding-wrong` for vectors of another length.
 */
export function createRemoteEmbedding(options: RemoteEmbeddingOptions): EmbeddingHandle {
  const { provider, model, dimensions } = options;
  return {
    ref: remoteEmbeddingRef(provider.id, model),
    label: `${model} · ${providerName(provider)}`,
    place: 'provider',
    dimensions,
    maxTokens: requireFacts(provider).maxTokens,
    languages: [],
    embed: async (texts, { kind, signal }) => {
      const vectors = await embedTexts(options, texts, { kind, signal });
      return vectors.map((vector) => {
        if (vector === null) return new Float32Array(dimensions);
        if (vector.length === dimensions) return vector;
        throw new UnavailableError(
          `${providerName(provider)} now gives vectors of ${vector.length} numbers for ${model}, where ${dimensions} were given before. ` +
            'Choose the model again in Settings → Models.',
          { code: 'embedding-wrong', retryable: false },
        );
      });
    },
  };
}

/** Asks for one vector. Throws as `embed` does. */
export async function probeEmbedding(
  options: Omit<RemoteEmbeddingOptions, 'dimensions'>,
  signal: AbortSignal,
): Promise<{ dimensions: number }> {
  const [vector] = await embedTexts(options, ['Hello'], { kind: 'passage', signal });
  if (!vector || vector.every((value) => value === 0)) {
    throw new UnavailableError(`${options.model} of ${providerName(options.provider)} gives no vectors.`, {
      code: 'embedding-wrong',
      retryable: false,
    });
  }
  return { dimensions: vector.length };
}

export function remoteEmbeddingRef(providerId: string, model: string): string {
  return `provider:${providerId}/${model}`;
}

/** Null where it is no provider's. */
export function splitEmbeddingRef(ref: string): { providerId: string; model: string } | null {
  const [, providerId, model] = /^provider:([^/]+)\/(.+)$/su.exec(ref) ?? [];
  return providerId !== undefined && model !== undefined ? { providerId, model } : null;
}

/** Null for an empty text. */
async function embedTexts(
  options: Omit<RemoteEmbeddingOptions, 'dimensions'>,
  texts: readonly string[],
  { kind, signal }: { kind: Kind; signal: AbortSignal },
): Promise<(Float32Array | null)[]> {
  const { maxTokens } = requireFacts(options.provider);
  const prefix = embeddingPrefixes(options.model)[kind];
  const vectors: (Float32Array | null)[] = texts.map(() => null);
  const wanted = texts.flatMap((text, index) => {
    const prepared = prepareText(text, { prefix, maxTokens });
    return prepared === null ? [] : [{ index, text: cutToTokens(prepared, maxTokens) }];
  });
  if (wanted.length === 0) return vectors;
  const model = await createEmbeddingModel(options);
  const most = Math.min(MOST_TEXTS, (await model.maxEmbeddingsPerCall) ?? MOST_TEXTS);
  for (let first = 0; first < wanted.length; first += most) {
    const batch = wanted.slice(first, first + most);
    const values = batch.map(({ text }) => text);
    const embeddings = await callModel({ options, model, values, kind, signal });
    for (const [position, { index }] of batch.entries()) vectors[index] = unitVector(embeddings[position] ?? []);
  }
  return vectors;
}

async function callModel({
  options: { provider, queryLimitInMs },
  model,
  values,
  kind,
  signal,
}: {
  options: Omit<RemoteEmbeddingOptions, 'dimensions'>;
  model: EmbeddingModelV4;
  values: string[];
  kind: Kind;
  signal: AbortSignal;
}): Promise<number[][]> {
  signal.throwIfAborted();
  const limitInMs =
    kind === 'query' ? (queryLimitInMs ?? QUERY_LIMIT_IN_MS) : providerFacts(provider.kind).firstTokenInMs;
  const limit = AbortSignal.timeout(limitInMs);
  const taskType = kind === 'query' ? 'RETRIEVAL_QUERY' : 'RETRIEVAL_DOCUMENT';
  try {
    const { embeddings } = await model.doEmbed({
      values,
      abortSignal: AbortSignal.any([signal, limit]),
      ...(provider.kind === 'google' ? { providerOptions: { google: { taskType } } } : {}),
    });
    if (embeddings.length === values.length) return embeddings;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) throw timeoutError(provider, limitInMs);
    throw toProviderError(provider, error);
  }
  throw new UnavailableError(`${providerName(provider)} gave another number of vectors than texts. Try again.`, {
    code: 'embedding-wrong',
  });
}

async function createEmbeddingModel({
  provider,
  model,
  fetch,
}: Omit<RemoteEmbeddingOptions, 'dimensions'>): Promise<EmbeddingModelV4> {
  const client = {
    baseURL: providerBaseUrl(provider),
    apiKey: requireKey(provider),
    fetch: createProviderFetch(provider, fetch),
  };
  if (provider.kind === 'openai') {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI(client).embeddingModel(model);
  }
  if (provider.kind === 'google') {
    const { createGoogle } = await import('@ai-sdk/google');
    return createGoogle(client).embeddingModel(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const { apiKey, ...keyless } = client;
  return createOpenAICompatible({ name: 'server', ...keyless, ...(apiKey === '' ? {} : { apiKey }) }).embeddingModel(
    model,
  );
}

function requireFacts(provider: RemoteProvider) {
  const facts = embeddingFacts(provider.kind);
  if (facts) return facts;
  throw new InvalidInputError(`${providerName(provider)} embeds no texts. Choose another provider or a local model.`, {
    code: 'embedding-not-offered',
  });
}

/** By the high estimate, so that a server that refuses long texts never meets one. */
function cutToTokens(text: string, maxTokens: number): string {
  if (estimateTokens(text) <= maxTokens) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(text.slice(0, middle)) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low).toWellFormed();
}
