import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { toPrompt } from './to-prompt.ts';
import { toResponseFormat } from './to-response-format.ts';
import { toTools } from './to-tools.ts';
import { unsupported } from './unsupported.ts';

/** OpenAI's request as a call of the model seam. Throws `InvalidInputError` naming the field. */
export function toCall(request: ChatCompletionRequest): Omit<LanguageModelV4CallOptions, 'abortSignal'> {
  requireServable(request);
  const { temperature, top_p: topP, frequency_penalty: frequencyPenalty, presence_penalty: presencePenalty } = request;
  const maxOutputTokens = request.max_completion_tokens ?? request.max_tokens;
  const stop = (typeof request.stop === 'string' ? [request.stop] : (request.stop ?? [])).filter((one) => one !== '');
  const { seed, reasoning_effort: reasoning } = request;
  return {
    prompt: toPrompt(request.messages),
    ...given({ temperature, topP, frequencyPenalty, presencePenalty, maxOutputTokens, seed, reasoning }),
    ...(stop.length > 0 ? { stopSequences: stop } : {}),
    ...toTools(request),
    ...toResponseFormat(request.response_format),
    ...providerOptionsOf(request),
  };
}

function providerOptionsOf({
  parallel_tool_calls: parallelToolCalls,
  logprobs,
  top_logprobs: topLogprobs,
  prompt_cache_key: promptCacheKey,
  safety_identifier: safetyIdentifier,
  verbosity: textVerbosity,
}: ChatCompletionRequest): Pick<LanguageModelV4CallOptions, 'providerOptions'> {
  const openai = {
    ...(parallelToolCalls === false ? { parallelToolCalls } : {}),
    ...given({ promptCacheKey, safetyIdentifier, textVerbosity }),
  };
  const options = {
    ...(Object.keys(openai).length > 0 ? { openai } : {}),
    ...(logprobs === true ? { everwith: { topLogprobs: topLogprobs ?? 0 } } : {}),
  };
  return Object.keys(options).length === 0 ? {} : { providerOptions: options };
}

/** What is asked for and cannot be had is said, never left out in silence. */
function requireServable(request: ChatCompletionRequest): void {
  if (request.web_search_options) {
    throw unsupported('web_search_options', 'Searching the web is not offered: offer a function that searches.');
  }
  if (Object.keys(request.logit_bias ?? {}).length > 0) {
    throw unsupported('logit_bias', 'Models have different tokens here, so “logit_bias” is not supported.');
  }
  if (request.logprobs !== true && (request.top_logprobs ?? 0) > 0) {
    throw new InvalidInputError('“top_logprobs” is only allowed where “logprobs” is true.', { field: 'top_logprobs' });
  }
  if (request.stream !== true && request.stream_options) {
    throw new InvalidInputError('“stream_options” is only allowed where “stream” is true.', {
      field: 'stream_options',
    });
  }
}

function given<T extends object>(record: T): { [Key in keyof T]?: Exclude<T[Key], undefined | null> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined | null>;
  };
}
