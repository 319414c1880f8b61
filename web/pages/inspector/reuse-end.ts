import type { PromptRecord } from '../../../contract/prompts.ts';

/** A place in a prompt: before the character `offset` of a piece. */
export interface PromptPlace {
  message: number;
  piece: number;
  offset: number;
}

/**
 * Where the part of a prompt that the engine had kept ready ends; null where the engine did not say. An estimate: the
 * tokens of a segment are spread over its characters. `message` is one past the last when all was kept.
 */
export function reuseEnd({ messages, segments, tokens }: PromptRecord): PromptPlace | null {
  const { reused, prompt } = tokens;
  if (reused === null || prompt === 0) return null;
  const lengths = segments.map(() => 0);
  for (const { pieces } of messages) {
    for (const { segment, text } of pieces) lengths[segment] = (lengths[segment] ?? 0) + text.length;
  }
  const counted = segments.reduce((sum, segment) => sum + segment.tokens, 0);
  // What a template puts around messages belongs to no segment; it is spread over all.
  let left = (reused / prompt) * counted;
  for (const [message, { pieces }] of messages.entries()) {
    for (const [piece, { segment, text }] of pieces.entries()) {
      const cost = ((segments[segment]?.tokens ?? 0) * text.length) / Math.max(1, lengths[segment] ?? 1);
      // Half a token is the rounding of the counts, not a place.
      if (left < cost - 0.5) return { message, piece, offset: Math.floor((Math.max(0, left) / cost) * text.length) };
      left -= cost;
    }
  }
  return { message: messages.length, piece: 0, offset: 0 };
}
