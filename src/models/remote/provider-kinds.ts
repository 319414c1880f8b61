import type { ProviderKind } from '../../../contract/models.ts';
import { InvalidInputError } from '../../base/errors.ts';

/** Where a provider is and what opens it. The key stays on the server and never enters an error or a log. */
export interface RemoteProvider {
  id: string;
  kind: ProviderKind;
  /** Shown to people; by default the kind's own name. */
  name?: string;
  /** Absent or null takes the kind's address; `openai-compatible` has none and must be told. */
  baseUrl?: string | null;
  apiKey?: string;
}

export interface ProviderFacts {
  name: string;
  /** Null: only the owner knows. */
  baseUrl: string | null;
  needsKey: boolean;
  /** Tokens taken for granted when nobody says more; on the low side, so that nothing is cut off unseen. */
  contextLength: number;
  /** Milliseconds until the first token. Ollama loads the model first, from a slow disk if need be. */
  firstTokenInMs: number;
}

/** A provider that says nothing for so long is taken for lost, milliseconds. */
export const SILENCE_IN_MS = 60_000;

const FACTS: Readonly<Record<ProviderKind, ProviderFacts>> = {
  openai: {
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    needsKey: true,
    contextLength: 128_000,
    firstTokenInMs: SILENCE_IN_MS,
  },
  anthropic: {
    name: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    needsKey: true,
    contextLength: 200_000,
    firstTokenInMs: SILENCE_IN_MS,
  },
  google: {
    name: 'Google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    needsKey: true,
    contextLength: 1_000_000,
    firstTokenInMs: SILENCE_IN_MS,
  },
  deepseek: {
    name: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com',
    needsKey: true,
    contextLength: 64_000,
    firstTokenInMs: SILENCE_IN_MS,
  },
  minimax: {
    name: 'MiniMax',
    baseUrl: 'https://api.minimax.io/v1',
    needsKey: true,
    contextLength: 128_000,
    firstTokenInMs: SILENCE_IN_MS,
  },
  // Its OpenAI-compatible door silently cuts a prompt to the server's context, which is 4,096 unless configured.
  ollama: {
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    needsKey: false,
    contextLength: 4096,
    firstTokenInMs: 240_000,
  },
  'openai-compatible': {
    name: 'OpenAI-compatible server',
    baseUrl: null,
    needsKey: false,
    contextLength: 8192,
    firstTokenInMs: SILENCE_IN_MS,
  },
};

export function providerFacts(kind: ProviderKind): ProviderFacts {
  return FACTS[kind];
}

export function providerName(provider: RemoteProvider): string {
  return provider.name ?? FACTS[provider.kind].name;
}

/**
 * The address requests go below, without a slash at its end. People paste what they have: the bare host of a local
 * server gets its `/v1`, a whole endpoint loses its last part.
 */
export function providerBaseUrl(provider: RemoteProvider): string {
  const given = provider.baseUrl ?? FACTS[provider.kind].baseUrl;
  if (given === null) {
    throw new InvalidInputError('Enter the address of the server, for example http://127.0.0.1:8000/v1.', {
      code: 'provider-address-missing',
      field: 'baseUrl',
    });
  }
  const url = URL.parse(given);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidInputError(`“${given}” is not an http or https address.`, {
      code: 'provider-address-wrong',
      field: 'baseUrl',
    });
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|models|messages)$/, '');
  const opensAtV1 = provider.kind === 'ollama' || provider.kind === 'openai-compatible';
  return `${url.origin}${path === '' && opensAtV1 ? '/v1' : path}`;
}
