import type { CompletionUsage } from '../../../../contract/openai/chat-completions.ts';
import type { FinishPart } from '../generations.ts';

/** A model's own count in OpenAI's shape. */
export function completionUsage({ usage: { inputTokens, outputTokens } }: FinishPart): CompletionUsage {
  const prompt = inputTokens.total ?? 0;
  const completion = outputTokens.total ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: inputTokens.cacheRead ?? 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: outputTokens.reasoning ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
