/** Quieter than any 16-bit sample; stands for silence where a logarithm would be −∞. */
export const SILENCE_IN_DBFS = -120;

/** Mean of the squares, 0 to 1; 0 for none. */
export function meanPower(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}

/** Root mean square, decibels relative to a full-scale square wave (a full-scale sine is −3.01). */
export function rmsInDbfs(samples: Float32Array): number {
  return toDecibels(Math.sqrt(meanPower(samples)));
}

/** The largest absolute sample; 0 for none. */
export function peak(samples: Float32Array): number {
  let largest = 0;
  for (const sample of samples) largest = Math.max(largest, Math.abs(sample));
  return largest;
}

/** Of an amplitude; `SILENCE_IN_DBFS` at least. */
export function toDecibels(amplitude: number): number {
  return amplitude <= 0 ? SILENCE_IN_DBFS : Math.max(SILENCE_IN_DBFS, 20 * Math.log10(amplitude));
}
