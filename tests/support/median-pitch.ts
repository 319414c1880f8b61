/** Lowest and highest pitch of a speaking voice, Hz. */
const LOWEST = 60;
const HIGHEST = 400;
const FRAME_IN_SECONDS = 0.04;
/** How alike a frame and itself one period later are where there is a voice, 0 to 1. */
const VOICED = 0.6;
/** Frames quieter than this are silence, root mean square. */
const AUDIBLE = 0.02;

/** The median pitch of a voice in Hz, by autocorrelation of its voiced frames; null where there are none. */
export function medianPitch(samples: Float32Array, sampleRate: number): number | null {
  const size = Math.round(FRAME_IN_SECONDS * sampleRate);
  const pitches: number[] = [];
  for (let at = 0; at + 2 * size <= samples.length; at += size) {
    const pitch = pitchAt(samples, { at, size, sampleRate });
    if (pitch !== null) pitches.push(pitch);
  }
  pitches.sort((left, right) => left - right);
  return pitches[Math.floor(pitches.length / 2)] ?? null;
}

function pitchAt(
  samples: Float32Array,
  { at, size, sampleRate }: { at: number; size: number; sampleRate: number },
): number | null {
  const energy = (from: number) => {
    let sum = 0;
    for (let index = from; index < from + size; index += 1) sum += (samples[index] ?? 0) ** 2;
    return sum;
  };
  const own = energy(at);
  if (Math.sqrt(own / size) < AUDIBLE) return null;
  let best = { lag: 0, likeness: VOICED };
  for (let lag = Math.floor(sampleRate / HIGHEST); lag <= sampleRate / LOWEST; lag += 1) {
    let sum = 0;
    for (let index = at; index < at + size; index += 1) sum += (samples[index] ?? 0) * (samples[index + lag] ?? 0);
    const likeness = sum / Math.sqrt(own * energy(at + lag) + 1e-9);
    // A period later fits almost as well: the first of two that are alike is the pitch.
    if (likeness > best.likeness + 0.02) best = { lag, likeness };
  }
  return best.lag === 0 ? null : sampleRate / best.lag;
}
