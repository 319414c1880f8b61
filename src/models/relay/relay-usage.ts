import { z } from 'zod';

const countSchema = z.int().nonnegative();
const usageSchema = z.looseObject({
  prompt_tokens: countSchema,
  completion_tokens: countSchema.nullish(),
  prompt_tokens_details: z.looseObject({ cached_tokens: countSchema.nullish() }).nullish(),
  /** DeepSeek's name for it. */
  prompt_cache_hit_tokens: countSchema.nullish(),
});

/** What a provider says it used. */
export interface RelayUsage {
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
}

/** Null where it is not OpenAI's usage object. */
export function readRelayUsage(value: unknown): RelayUsage | null {
  const { data } = usageSchema.safeParse(value);
  if (!data) return null;
  return {
    inputTokens: data.prompt_tokens,
    cachedInputTokens: data.prompt_tokens_details?.cached_tokens ?? data.prompt_cache_hit_tokens ?? 0,
    outputTokens: data.completion_tokens ?? 0,
  };
}
