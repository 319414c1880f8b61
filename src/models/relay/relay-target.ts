import type { ProviderKind } from '../../../contract/models.ts';
import { requireKey } from '../remote/create-language-model.ts';
import { providerBaseUrl, providerFacts, SILENCE_IN_MS, type RemoteProvider } from '../remote/provider-kinds.ts';

/** Providers whose own door is OpenAI's chat completions. */
const SPEAK_OPENAI: ReadonlySet<ProviderKind> = new Set([
  'openai',
  'openai-compatible',
  'deepseek',
  'ollama',
  'minimax',
]);
/** Of one answer, milliseconds: longer than any provider writes. */
const TOTAL_IN_MS = 30 * 60_000;

/** How long a provider may take, milliseconds. */
export interface RelayLimits {
  /** To the head of its answer. */
  firstByteInMs: number;
  /** Between two pieces of it. */
  silenceInMs: number;
  totalInMs: number;
}

/** A model of a provider that takes OpenAI's requests as they are. */
export interface RelayTarget {
  ref: string;
  provider: RemoteProvider;
  /** The provider's own name of the model. */
  model: string;
  origin: string;
  /** What stands before `/chat/completions`. */
  basePath: string;
  headers: Readonly<Record<string, string>>;
  limits: RelayLimits;
}

/** Null where the provider is spoken to in other words. Throws where its address or key is missing. */
export function relayTargetOf(provider: RemoteProvider, model: string): RelayTarget | null {
  if (!SPEAK_OPENAI.has(provider.kind)) return null;
  const url = new URL(providerBaseUrl(provider));
  const key = requireKey(provider);
  return {
    ref: `${provider.id}:${model}`,
    provider,
    model,
    origin: url.origin,
    basePath: url.pathname === '/' ? '' : url.pathname,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'everwith',
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    },
    limits: {
      firstByteInMs: providerFacts(provider.kind).firstTokenInMs,
      silenceInMs: SILENCE_IN_MS,
      totalInMs: TOTAL_IN_MS,
    },
  };
}
