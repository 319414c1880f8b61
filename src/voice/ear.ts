import { ACTIVITY_FRAME_SAMPLES, HEARING_SAMPLE_RATE, type ActivityDetector } from '../models/spec/speech-handle.ts';
import type { CallClock } from './voice-ports.ts';

/** Milliseconds of a frame. */
export const FRAME_MS = (ACTIVITY_FRAME_SAMPLES * 1000) / HEARING_SAMPLE_RATE;
/** Silero's recommended threshold to begin, and its hysteresis to go on. */
const VOICED_FROM = 0.5;
const VOICED_WHILE = 0.35;
/** Audio that may wait to be looked at; a caller who sends faster loses the oldest. Frames. */
const MOST_WAITING = Math.ceil(10_000 / FRAME_MS);
/** A microphone that sends nothing for so long is silent: the tab sleeps, the network hangs. Milliseconds. */
const STARVED_AFTER_MS = 400;

/** One frame that was looked at. */
export interface HeardFrame {
  samples: Float32Array;
  /** Milliseconds of audio before it. */
  positionInMs: number;
  voiced: boolean;
  /** The clock when its last sample came. */
  arrivedAt: number;
}

/**
 * Cuts what the microphone sends into frames and says of each whether somebody speaks. Frames are looked at one after
 * the other, in order. Where the microphone falls silent while `isAwaited`, silence is put in its place, so that a
 * turn ends though nothing arrives.
 */
export class Ear {
  readonly #activity: ActivityDetector;
  readonly #clock: CallClock;
  readonly #onFrame: (frame: HeardFrame) => void;
  readonly #isAwaited: () => boolean;
  readonly #onFailure: (error: unknown) => void;
  readonly #waiting: { samples: Float32Array; arrivedAt: number }[] = [];
  #rest = new Float32Array(0);
  #position = 0;
  #voiced = false;
  #busy = false;
  #closed = false;
  #whenIdle: (() => void)[] = [];
  #cancelStarvation: (() => void) | undefined;

  constructor(options: {
    activity: ActivityDetector;
    clock: CallClock;
    /** Called for every frame, in order. */
    onFrame: (frame: HeardFrame) => void;
    /** True while the end of speech is waited for. */
    isAwaited: () => boolean;
    /** The detector broke; later frames are tried again. */
    onFailure: (error: unknown) => void;
  }) {
    this.#activity = options.activity;
    this.#clock = options.clock;
    this.#onFrame = options.onFrame;
    this.#isAwaited = options.isAwaited;
    this.#onFailure = options.onFailure;
  }

  /** Milliseconds of audio that were looked at. */
  get positionInMs(): number {
    return this.#position;
  }

  hear(samples: Float32Array): void {
    if (this.#closed) return;
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const arrivedAt = this.#clock.now();
    let start = 0;
    for (; start + ACTIVITY_FRAME_SAMPLES <= all.length; start += ACTIVITY_FRAME_SAMPLES) {
      if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
      this.#waiting.push({ samples: all.slice(start, start + ACTIVITY_FRAME_SAMPLES), arrivedAt });
    }
    this.#rest = all.slice(start);
    this.#watchStarvation();
    if (!this.#busy) void this.#look();
  }

  /** Runs when all that was sent has been looked at: at once where nothing waits. */
  whenIdle(run: () => void): void {
    if (this.#busy) this.#whenIdle.push(run);
    else run();
  }

  close(): void {
    this.#closed = true;
    this.#whenIdle = [];
    this.#waiting.length = 0;
    this.#cancelStarvation?.();
  }

  async #look(): Promise<void> {
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next && !this.#closed; next = this.#waiting.shift()) {
        const probability = await this.#activity.probability(next.samples);
        if (this.#closed) return;
        this.#voiced = probability >= (this.#voiced ? VOICED_WHILE : VOICED_FROM);
        const frame = { ...next, positionInMs: this.#position, voiced: this.#voiced };
        this.#position += FRAME_MS;
        this.#onFrame(frame);
      }
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#busy = false;
      for (const run of this.#whenIdle.splice(0)) run();
    }
  }

  #watchStarvation(): void {
    this.#cancelStarvation?.();
    this.#cancelStarvation = this.#clock.after(STARVED_AFTER_MS, () => {
      // A house that was held up itself finds here what came meanwhile: only what is still missing then is silence.
      this.#cancelStarvation = this.#clock.after(0, () => this.#fillIn());
    });
  }

  #fillIn(): void {
    if (this.#closed || !this.#isAwaited()) return;
    this.hear(new Float32Array((STARVED_AFTER_MS * HEARING_SAMPLE_RATE) / 1000));
  }
}
