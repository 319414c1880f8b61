/** Milliseconds of sound in a frame that the gate judges. */
export const GATE_FRAME_IN_MS = 20;
/** Frames in a row above the line before it counts: short enough for a duck within 120 ms, longer than a click. */
const ONSET_FRAMES = 3;
/** Frames in a row below the line before it is over: a stop within a word is shorter. */
const RELEASE_FRAMES = 12;
/** Decibels above the noise of the room that a voice near a microphone has. */
const ABOVE_NOISE_IN_DB = 12;
/** Below this nobody speaks, however quiet the room. */
const LEAST_IN_DB = -50;
/** Decibels above our own echo. */
const ABOVE_ECHO_IN_DB = 6;
/** How much quieter our own sound is in the microphone, before it was measured: a loudspeaker at half volume. */
const UNKNOWN_LOSS_IN_DB = 10;
/** Frames over which our own loudest sound is remembered: rooms and sound cards answer late. */
const ECHO_MEMORY_FRAMES = 20;
/** Decibels a frame by which the noise floor rises; it falls at once. A quarter of a minute for a fan that starts. */
const FLOOR_RISE_IN_DB = 0.03;
const SILENCE_IN_DB = -90;

/**
 * Whether somebody speaks near the microphone, by loudness alone: it only decides whether our own voice is lowered at
 * once; the server decides whether it was speech. Our own sound is known, so its echo raises the line.
 */
export class SpeechGate {
  #floorInDb = SILENCE_IN_DB / 2;
  #lossInDb = UNKNOWN_LOSS_IN_DB;
  #above = 0;
  #below = 0;
  #open = false;
  readonly #played: number[] = [];

  get open(): boolean {
    return this.#open;
  }

  /**
   * One frame of 20 ms. Levels are dBFS of the root mean square; `playedInDb` is what our own output is at this moment.
   * Answers true in the frame in which somebody begins.
   */
  hear({ levelInDb, playedInDb }: { levelInDb: number; playedInDb: number }): boolean {
    this.#played.push(playedInDb);
    if (this.#played.length > ECHO_MEMORY_FRAMES) this.#played.shift();
    const loudest = Math.max(...this.#played);
    const line = Math.max(
      LEAST_IN_DB,
      this.#floorInDb + ABOVE_NOISE_IN_DB,
      loudest > LEAST_IN_DB ? loudest - this.#lossInDb + ABOVE_ECHO_IN_DB : SILENCE_IN_DB,
    );
    const isAbove = levelInDb > line;
    this.#learn({ levelInDb, loudest, isAbove });
    this.#above = isAbove ? this.#above + 1 : 0;
    this.#below = isAbove ? 0 : this.#below + 1;
    if (this.#open) {
      if (this.#below >= RELEASE_FRAMES) this.#open = false;
      return false;
    }
    this.#open = this.#above >= ONSET_FRAMES;
    return this.#open;
  }

  #learn({ levelInDb, loudest, isAbove }: { levelInDb: number; loudest: number; isAbove: boolean }): void {
    const level = Math.max(levelInDb, SILENCE_IN_DB);
    this.#floorInDb = Math.min(level, this.#floorInDb + FLOOR_RISE_IN_DB);
    // What a loud sound of ours leaves in the microphone: the canceller gets better within seconds.
    if (isAbove || this.#open || loudest < LEAST_IN_DB + ABOVE_NOISE_IN_DB) return;
    const loss = Math.min(60, Math.max(0, loudest - level));
    this.#lossInDb += (loss - this.#lossInDb) * (loss > this.#lossInDb ? 0.02 : 0.2);
  }
}

/** dBFS of the root mean square of samples in [-1, 1]. */
export function levelInDb(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 || sum === 0 ? SILENCE_IN_DB : 10 * Math.log10(sum / samples.length);
}
