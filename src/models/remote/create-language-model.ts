import type { LanguageModelV4 } from '@ai-sdk/provider';
import { UnavailableError } from '../../base/errors.ts';
import { providerBaseUrl, providerFacts, providerName, type RemoteProvider } from './provider-kinds.ts';

/**
 * The ecosystem's own client of a provider. Addresses and keys are always given, so none comes from the environment.
 * Each client is loaded by its first use: together they weigh more than the rest of the server's libraries.
 */
export async function createLanguageModel({
  provider,
  model,
  fetch,
}: {
  provider: RemoteProvider;
  model: string;
  fetch: typeof globalThis.fetch;
}): Promise<LanguageModelV4> {
  const baseURL = providerBaseUrl(provider);
  const apiKey = requireKey(provider);
  switch (provider.kind) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      // The chat door, not the newer one, which keeps conversations on the provider's side.
      return createOpenAI({ baseURL, apiKey, fetch }).chat(model);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL, apiKey, fetch })(model);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ baseURL, apiKey, fetch })(model);
    }
    case 'deepseek': {
      const { createDeepSeek } = await import('@ai-sdk/deepseek');
      return createDeepSeek({ baseURL, apiKey, fetch })(model);
    }
    case 'minimax':
    case 'ollama':
    case 'openai-compatible':
      break;
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({
    name: provider.kind === 'openai-compatible' ? 'server' : provider.kind,
    baseURL,
    fetch,
    includeUsage: true,
    ...(apiKey === '' ? {} : { apiKey }),
  }).chatModel(model);
}

/** The key, or an empty text where the provider needs none. */
export function requireKey(provider: RemoteProvider): string {
  const key = provider.apiKey?.trim() ?? '';
  if (key === '' && providerFacts(provider.kind).needsKey) {
    throw new UnavailableError(`${providerName(provider)} needs a key. Enter it in Settings → Models.`, {
      code: 'provider-auth',
      retryable: false,
    });
  }
  return key;
}
