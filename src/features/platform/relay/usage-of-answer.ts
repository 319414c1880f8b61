import type { Usage, UsageSource } from '../../../../contract/metering.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { RelayUsage } from '../../../models/relay/relay-usage.ts';

/** A token of most tokenizers is about four bytes of text. */
const BYTES_PER_TOKEN = 4;

/** What the provider says; where it says nothing, what was delivered is reckoned. */
export function usageOfAnswer({
  usage,
  inputTokens,
  body,
}: {
  usage: RelayUsage | null;
  inputTokens: number;
  body: Buffer;
}): { usage: Usage; usageSource: UsageSource } {
  if (usage) return { usage: { ...NO_USAGE, ...usage }, usageSource: 'provider' };
  const outputTokens = Math.ceil(body.length / BYTES_PER_TOKEN);
  return { usage: { ...NO_USAGE, inputTokens, outputTokens }, usageSource: 'estimate' };
}

/** Of a stream: one token a frame at least. */
export function tokensDelivered({ frames, writtenBytes }: { frames: number; writtenBytes: number }): number {
  return Math.max(frames, Math.ceil(writtenBytes / BYTES_PER_TOKEN));
}
