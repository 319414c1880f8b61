/** A share with its 95 % interval, as Wilson gives it (Wilson 1927, JASA 22:209); null without trials. */
export interface Share {
  share: number;
  low: number;
  high: number;
  of: number;
}

/** 97.5th percentile of the normal distribution. */
const Z = 1.959964;

export function shareOf(successes: number, trials: number): Share | null {
  if (trials === 0) return null;
  const share = successes / trials;
  const middle = share + (Z * Z) / (2 * trials);
  const spread = Z * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials));
  const scale = 1 + (Z * Z) / trials;
  return {
    share,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
    of: trials,
  };
}
