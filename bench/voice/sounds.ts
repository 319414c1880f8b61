const RATE = 16_000;

/** Noise through two resonances, risen in 20 ms and gone in 250 to 450: once or twice, as a cough is. */
export function cough(random: () => number): Float32Array {
  const bursts = random() < 0.5 ? 1 : 2;
  const sound = new Float32Array(RATE);
  for (let burst = 0; burst < bursts; burst += 1) {
    const start = Math.round(burst * 0.4 * RATE);
    const fall = (0.05 + random() * 0.05) * RATE;
    let [low, band] = [0, 0];
    for (let index = 0; index < 0.4 * RATE && start + index < sound.length; index += 1) {
      const rise = Math.min(index / (0.02 * RATE), 1);
      const noise = (random() * 2 - 1) * rise * Math.exp(-index / fall);
      // A state-variable filter around 900 Hz (Chamberlin).
      low += 0.35 * band;
      band += 0.35 * (noise - low - 0.6 * band);
      sound[start + index] = (sound[start + index] ?? 0) + band * 0.7;
    }
  }
  return sound;
}

export function quieter(samples: Float32Array, byDecibels: number): Float32Array {
  const gain = 10 ** (byDecibels / 20);
  return samples.map((sample) => sample * gain);
}
