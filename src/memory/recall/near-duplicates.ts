/** Share of terms two turns must have in common to count as the same said twice. */
const SAME_SHARE = 0.9;
/** Turns of fewer terms ("Good night!") are the same only when all terms are. */
const SHORT = 5;

/** True when two sets of terms are those of the same words, but for a slip or two (Jaccard). */
export function isNearDuplicate(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size < large.size * SAME_SHARE) return false;
  let common = 0;
  for (const term of small) if (large.has(term)) common += 1;
  const share = common / (a.size + b.size - common);
  return small.size < SHORT ? share === 1 : share >= SAME_SHARE;
}
