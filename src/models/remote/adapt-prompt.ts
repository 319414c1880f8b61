import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ProviderKind } from '../../../contract/models.ts';
import type { EngineOptions } from '../spec/model-handle.ts';

/** What a conversation that a character opened is opened with where a provider wants the human first. */
const OPENING = '(The conversation begins.)';

/**
 * Fits the call to what a provider takes. Anthropic and Google want system text only at the beginning and a human to
 * speak first; a companion's prompts have neither. The engine options of this house become the provider's own where it
 * has the same: sampling, and Anthropic's cache mark after the stable messages.
 */
export function adaptCall(kind: ProviderKind, options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { everwith, ...foreign } = options.providerOptions ?? {};
  const engine = (everwith ?? {}) as EngineOptions;
  const strict = kind === 'anthropic' || kind === 'google';
  let prompt = options.prompt;
  if (kind === 'anthropic' && engine.stableMessages) prompt = markStable(prompt, engine.stableMessages);
  if (strict) prompt = humanFirst(systemFirst(prompt));
  return {
    ...options,
    ...samplingFor(kind, options, engine.sampling ?? {}),
    prompt,
    // MiniMax otherwise sends a model's thinking inside the answer.
    providerOptions: kind === 'minimax' ? { ...foreign, minimax: { reasoning_split: true } } : foreign,
  };
}

function samplingFor(
  kind: ProviderKind,
  options: LanguageModelV4CallOptions,
  sampling: NonNullable<EngineOptions['sampling']>,
): Partial<LanguageModelV4CallOptions> {
  const temperature = options.temperature ?? sampling.temperature;
  // Anthropic refuses both at once.
  const topP = kind === 'anthropic' && temperature !== undefined ? undefined : (options.topP ?? sampling.topP);
  const topK = kind === 'anthropic' || kind === 'google' ? (options.topK ?? sampling.topK) : options.topK;
  const penalties = kind !== 'anthropic';
  const frequencyPenalty = options.frequencyPenalty ?? (penalties ? sampling.frequencyPenalty : undefined);
  const presencePenalty = options.presencePenalty ?? (penalties ? sampling.presencePenalty : undefined);
  return {
    ...(temperature === undefined
      ? {}
      : { temperature: kind === 'anthropic' ? Math.min(temperature, 1) : temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
  };
}

/** System messages after the first other one become words of the human, where they stand. */
function systemFirst(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const firstOther = prompt.findIndex((message) => message.role !== 'system');
  if (firstOther === -1) return prompt;
  return prompt.map((message, index) =>
    message.role === 'system' && index > firstOther
      ? { role: 'user', content: [{ type: 'text', text: message.content }] }
      : message,
  );
}

function humanFirst(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const firstOther = prompt.findIndex((message) => message.role !== 'system');
  if (firstOther !== -1 && prompt[firstOther]?.role === 'user') return prompt;
  const at = firstOther === -1 ? prompt.length : firstOther;
  return prompt.toSpliced(at, 0, { role: 'user', content: [{ type: 'text', text: OPENING }] });
}

/** `cache_control` on the last message that stays the same between turns. */
function markStable(prompt: LanguageModelV4Prompt, count: number): LanguageModelV4Prompt {
  const index = Math.min(count, prompt.length) - 1;
  return prompt.map((message, at) =>
    at === index
      ? {
          ...message,
          providerOptions: { ...message.providerOptions, anthropic: { cacheControl: { type: 'ephemeral' } } },
        }
      : message,
  );
}
