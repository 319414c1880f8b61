import { rmsInDbfs, SILENCE_IN_DBFS } from '../base/audio/loudness.ts';

/** Weight of the newest turn. */
const SMOOTHING = 0.3;
/** Quieter than usual by this much, somebody speaks to somebody else, or is somebody else; decibels. */
const SIDE_TALK_DB = 14;

/** How loud the caller usually is, to tell them from a voice in the next room. */
export class LevelModel {
  #usualDb: number | null = null;

  /** A turn that was theirs, its speech alone. */
  observe(speech: Float32Array): void {
    const level = rmsInDbfs(speech);
    if (level <= SILENCE_IN_DBFS) return;
    this.#usualDb = this.#usualDb === null ? level : this.#usualDb + (level - this.#usualDb) * SMOOTHING;
  }

  /** False until a first turn was heard. */
  isSideTalk(speech: Float32Array): boolean {
    return this.#usualDb !== null && rmsInDbfs(speech) < this.#usualDb - SIDE_TALK_DB;
  }
}
