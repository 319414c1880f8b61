/** Weight of the newest turn. */
const SMOOTHING = 0.3;
/** Quieter than usual by this much, somebody speaks to somebody else, or is somebody else; decibels. */
const SIDE_TALK_DB = 14;

/** How loud the caller usually is, to tell them from a voice in the next room. */
export class LevelModel {
  #usualDb: number | null = null;

  /** A turn that was theirs, its speech alone. */
  observe(speech: Float32Array): void {
    const level = levelInDb(speech);
    if (!Number.isFinite(level)) return;
    this.#usualDb = this.#usualDb === null ? level : this.#usualDb + (level - this.#usualDb) * SMOOTHING;
  }

  /** False until a first turn was heard. */
  isSideTalk(speech: Float32Array): boolean {
    return this.#usualDb !== null && levelInDb(speech) < this.#usualDb - SIDE_TALK_DB;
  }
}

/** Root mean square, dB of full scale; -Infinity for silence. */
export function levelInDb(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length);
}
