/** Long enough to be steady, short enough to follow a connection that changes. */
const WINDOW_IN_MS = 5_000;

/** Speed of a transfer over the last five seconds. Times come from a monotonic clock, milliseconds. */
export interface TransferRate {
  add(bytes: number, at: number): void;
  /** Null until two samples are there. */
  bytesPerSecond(): number | null;
}

export function createTransferRate(): TransferRate {
  let samples: { bytes: number; at: number }[] = [];
  return {
    add: (bytes, at) => {
      const last = samples.at(-1);
      // A new source begins again: its bytes say nothing about the old one's.
      if (last && bytes < last.bytes) samples = [];
      samples = samples.filter((sample) => at - sample.at <= WINDOW_IN_MS);
      samples.push({ bytes, at });
    },
    bytesPerSecond: () => {
      const [first] = samples;
      const last = samples.at(-1);
      if (!first || !last || last.at <= first.at) return null;
      return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
    },
  };
}
