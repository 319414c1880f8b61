/** A share with its 95 % interval, as Wilson gives it (Wilson 1927, JASA 22:209). */
export interface WilsonInterval {
  share: number;
  low: number;
  high: number;
}

/** 97.5th percentile of the normal distribution. */
const Z = 1.959964;

/** The interval of `successes` in `trials`, which need not be whole numbers; null without trials. */
export function wilsonInterval(successes: number, trials: number): WilsonInterval | null {
  if (trials === 0) return null;
  const share = successes / trials;
  const middle = share + (Z * Z) / (2 * trials);
  const spread = Z * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials));
  const scale = 1 + (Z * Z) / trials;
  return { share, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}
