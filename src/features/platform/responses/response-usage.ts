import type { ResponseUsage } from '../../../../contract/openai/response-object.ts';
import type { FinishPart } from '../generations.ts';

/** A model's own count in the shape of `/v1/responses`. */
export function responseUsage({ usage: { inputTokens, outputTokens } }: FinishPart): ResponseUsage {
  const input = inputTokens.total ?? 0;
  const output = outputTokens.total ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: inputTokens.cacheRead ?? 0,
      cache_write_tokens: inputTokens.cacheWrite ?? 0,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: outputTokens.reasoning ?? 0 },
    total_tokens: input + output,
  };
}

/** Of two calls together. */
export function usageOfBoth(one: ResponseUsage, other: ResponseUsage): ResponseUsage {
  const { input_tokens_details: read, output_tokens_details: made } = one;
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    input_tokens_details: {
      cached_tokens: read.cached_tokens + other.input_tokens_details.cached_tokens,
      cache_write_tokens: read.cache_write_tokens + other.input_tokens_details.cache_write_tokens,
    },
    output_tokens: one.output_tokens + other.output_tokens,
    output_tokens_details: { reasoning_tokens: made.reasoning_tokens + other.output_tokens_details.reasoning_tokens },
    total_tokens: one.total_tokens + other.total_tokens,
  };
}
