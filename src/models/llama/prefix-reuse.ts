/** What a sequence holds in memory, and where it may be cut back to. */
export interface HeldState {
  tokens: readonly number[];
  /** Ascending token counts at which a checkpoint exists; used only when `needsCheckpoints`. */
  checkpoints: readonly number[];
}

export function commonPrefixLength(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const end = Math.min(left.length, right.length);
  let index = 0;
  while (index < end && left[index] === right[index]) index++;
  return index;
}

/**
 * How many leading tokens of `wanted` a held state can serve. At least one token is always left to evaluate,
 * because the next token is sampled from its result. Attention-only states can be cut anywhere; the others only
 * where they stand now or at a checkpoint.
 */
export function reusableLength(held: HeldState, wanted: readonly number[], needsCheckpoints: boolean): number {
  const limit = Math.min(commonPrefixLength(held.tokens, wanted), wanted.length - 1);
  if (!needsCheckpoints || limit === held.tokens.length) return limit;
  return held.checkpoints.findLast((position) => position <= limit) ?? 0;
}
