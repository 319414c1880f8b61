import { z } from 'zod';
import { AppError, UnavailableError } from '../../base/errors.ts';
import { isEmbeddingModel } from './embedding-models.ts';
import { requireKey } from './create-language-model.ts';
import { httpError, networkError, timeoutError } from './provider-errors.ts';
import { createProviderFetch } from './provider-fetch.ts';
import { providerBaseUrl, providerName, type RemoteProvider } from './provider-kinds.ts';

export interface RemoteModelInfo {
  /** The provider's own name of the model. */
  id: string;
  label: string;
  /** Tokens; null when the provider does not say. */
  contextLength: number | null;
}

const LIST_LIMIT_IN_MS = 15_000;
/** The longest list known is a tenth of this, bytes. */
const MOST_LIST_BYTES = 8 * 1024 * 1024;

/** Names of models that do not talk, in the lists of providers that offer everything in one. */
const NOT_FOR_TALK =
  /embed|whisper|tts|dall-e|moderation|image|imagen|veo|sora|realtime|transcribe|audio|rerank|babbage|davinci|-search-|aqa/i;

type ModelUse = 'talk' | 'embedding';

/** MiniMax documents no list of its models; these are offered where it has none. */
const MINIMAX_MODELS = ['MiniMax-M3', 'MiniMax-M2.7', 'MiniMax-M2.5', 'MiniMax-M2'];

const openaiListSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      display_name: z.string().optional(),
      /** OpenRouter and llama-server; vLLM; LM Studio. */
      context_length: z.number().nullish(),
      max_model_len: z.number().nullish(),
      max_context_length: z.number().nullish(),
    }),
  ),
});
const googleListSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      displayName: z.string().optional(),
      inputTokenLimit: z.number().optional(),
      supportedGenerationMethods: z.array(z.string()).optional(),
    }),
  ),
});

export interface ListOptions {
  /** Those to talk with, or those that embed texts. */
  use?: ModelUse;
  fetch?: typeof fetch;
  limitInMs?: number;
}

/** The models a provider offers for talking, or for what else is asked. Throws the same errors as a call, and `provider-not-an-api`. */
export async function listModels(
  provider: RemoteProvider,
  signal: AbortSignal,
  options: ListOptions = {},
): Promise<RemoteModelInfo[]> {
  const key = requireKey(provider);
  const base = providerBaseUrl(provider);
  if (provider.kind === 'google') {
    const url = `${base}/models?pageSize=1000`;
    const body = await getJson({ provider, url, headers: { 'x-goog-api-key': key }, signal, options });
    return fromGoogle(parseList(provider, googleListSchema, body), options.use);
  }
  const anthropic = provider.kind === 'anthropic';
  const headers: Record<string, string> = anthropic
    ? { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
    : key === ''
      ? {}
      : { authorization: `Bearer ${key}` };
  const url = `${base}/models${anthropic ? '?limit=1000' : ''}`;
  try {
    const body = await getJson({ provider, url, headers, signal, options });
    return fromOpenai(parseList(provider, openaiListSchema, body), options.use);
  } catch (error) {
    const lacksList = error instanceof AppError && error.code === 'provider-not-found';
    if (!lacksList) throw error;
    await checkTalks({ provider, base, headers, signal, options });
    return provider.kind === 'minimax' ? MINIMAX_MODELS.map((id) => ({ id, label: id, contextLength: null })) : [];
  }
}

function isFor(use: ModelUse | undefined, name: string): boolean {
  return use === 'embedding' ? isEmbeddingModel(name) : !NOT_FOR_TALK.test(name);
}

function fromOpenai({ data }: z.infer<typeof openaiListSchema>, use?: ModelUse): RemoteModelInfo[] {
  return data
    .filter(({ id }) => isFor(use, id))
    .map((model) => ({
      id: model.id,
      label: model.display_name ?? model.id,
      contextLength: model.context_length ?? model.max_model_len ?? model.max_context_length ?? null,
    }));
}

function fromGoogle({ models }: z.infer<typeof googleListSchema>, use?: ModelUse): RemoteModelInfo[] {
  const method = use === 'embedding' ? 'embedContent' : 'generateContent';
  return models
    .filter((model) => model.supportedGenerationMethods?.includes(method) ?? true)
    .filter(({ name }) => isFor(use, name))
    .map((model) => ({
      id: model.name.replace(/^models\//, ''),
      label: model.displayName ?? model.name,
      contextLength: model.inputTokenLimit ?? null,
    }));
}

/** A server without a model list is still one if its chat door complains of an empty request in JSON. */
async function checkTalks({
  provider,
  base,
  headers,
  signal,
  options,
}: {
  provider: RemoteProvider;
  base: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  options: ListOptions;
}): Promise<void> {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' };
  const {
    status,
    headers: answered,
    text,
  } = await ask({ provider, url: `${base}/chat/completions`, init, signal, options });
  if (status === 401 || status === 403) throw httpError(provider, { status, headers: answered, text });
  if ((status === 400 || status === 422) && readJson(text) !== undefined) return;
  throw notAnApi(provider);
}

async function getJson({
  provider,
  url,
  headers,
  signal,
  options,
}: {
  provider: RemoteProvider;
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  options: ListOptions;
}): Promise<unknown> {
  const answer = await ask({ provider, url, init: { headers }, signal, options });
  if (answer.status < 200 || answer.status >= 300) {
    // Google answers a wrong key with 400.
    const wrongKey = answer.status === 400 && /API key not valid|API_KEY_INVALID/i.test(answer.text);
    const text = errorText(answer.text);
    throw httpError(provider, { status: wrongKey ? 401 : answer.status, headers: answer.headers, text });
  }
  const value = readJson(answer.text);
  if (value === undefined) throw notAnApi(provider);
  return value;
}

async function ask({
  provider,
  url,
  init,
  signal,
  options,
}: {
  provider: RemoteProvider;
  url: string;
  init: RequestInit;
  signal: AbortSignal;
  options: ListOptions;
}): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  const limitInMs = options.limitInMs ?? LIST_LIMIT_IN_MS;
  const limit = AbortSignal.timeout(limitInMs);
  try {
    const providerFetch = createProviderFetch(provider, options.fetch);
    const response = await providerFetch(url, { ...init, signal: AbortSignal.any([signal, limit]) });
    const text = await readBounded(response, provider);
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) throw timeoutError(provider, limitInMs);
    throw networkError(provider, error);
  }
}

async function readBounded(response: Response, provider: RemoteProvider): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_LIST_BYTES) throw notAnApi(provider);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function parseList<T>(provider: RemoteProvider, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw notAnApi(provider);
  return parsed.data;
}

const errorBodySchema = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** The provider's own sentence out of its error body. */
function errorText(text: string): string {
  const parsed = errorBodySchema.safeParse(readJson(text));
  if (!parsed.success) return text;
  return typeof parsed.data.error === 'string' ? parsed.data.error : parsed.data.error.message;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notAnApi(provider: RemoteProvider): UnavailableError {
  return new UnavailableError(
    `Something answers at the address of ${providerName(provider)}, but it is not a model API. ` +
      'Check the address; it often ends in /v1.',
    { code: 'provider-not-an-api', retryable: false },
  );
}
