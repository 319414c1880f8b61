import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { TokenLogprob } from '../../../../contract/openai/chat-completions.ts';
import type { TokenProbability } from '../../../models/spec/model-handle.ts';

/** How probable the tokens of a piece of text were; none where its model does not tell. */
export function logprobsOf({
  providerMetadata,
}: Extract<LanguageModelV4StreamPart, { type: 'text-delta' }>): TokenLogprob[] {
  const told = providerMetadata?.['everwith']?.['logprobs'] as TokenProbability[] | undefined;
  return (told ?? []).map(({ top, ...token }) => ({ ...token, top_logprobs: top }));
}
