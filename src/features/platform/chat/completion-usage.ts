import type { CompletionUsage } from '../../../../contract/openai/chat-completions.ts';
import type { FinishPart } from '../generations.ts';

/** What answers used in OpenAI's shape, all choices of a request together: what is told is what is billed. */
export function completionUsage(finishes: readonly FinishPart[]): CompletionUsage {
  const sum = (count: (usage: FinishPart['usage']) => number | undefined) =>
    finishes.reduce((total, { usage }) => total + (count(usage) ?? 0), 0);
  const prompt = sum(({ inputTokens }) => inputTokens.total);
  const completion = sum(({ outputTokens }) => outputTokens.total);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: sum(({ inputTokens }) => inputTokens.cacheRead), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: sum(({ outputTokens }) => outputTokens.reasoning),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
