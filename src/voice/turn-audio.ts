import { joinSamples } from '../base/audio/join-samples.ts';
import { FRAME_MS, type HeardFrame } from './ear.ts';

/** A piece this long is transcribed once: what follows the pause is a new piece. Milliseconds. */
const SETTLE_FROM_MS = 4000;
/** Silence left before the first sound of a piece, milliseconds. */
const LEAD_MS = 96;
const HAN_OR_KANA = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** The sound of one turn and the words that are certain already. */
export class TurnAudio {
  readonly #frames: Float32Array[] = [];
  #settledFrames = 0;
  #settledText = '';
  #voicedFrames = 0;
  #firstVoiced: number | null = null;
  #lastVoiced = 0;

  get durationInMs(): number {
    return this.#frames.length * FRAME_MS;
  }

  get voicedInMs(): number {
    return this.#voicedFrames * FRAME_MS;
  }

  push({ samples, voiced }: HeardFrame): void {
    if (voiced) {
      this.#voicedFrames += 1;
      this.#firstVoiced ??= this.#frames.length;
      this.#lastVoiced = this.#frames.length;
    }
    this.#frames.push(samples);
  }

  /**
   * Whoever goes on after a pause has said this much for certain, if it is worth not hearing it twice. `resumedInMs`:
   * what at the end belongs to the new piece already.
   */
  settle(text: string, resumedInMs: number): void {
    const end = this.#frames.length - Math.ceil((resumedInMs + LEAD_MS) / FRAME_MS);
    if ((end - this.#settledFrames) * FRAME_MS < SETTLE_FROM_MS || text === '') return;
    this.#settledText = this.join(text);
    this.#settledFrames = end;
  }

  /** The certain words, then these. */
  join(text: string): string {
    if (this.#settledText === '' || text === '') return this.#settledText + text;
    const touching = HAN_OR_KANA.test(this.#settledText.at(-1) ?? '') || HAN_OR_KANA.test(text[0] ?? '');
    return touching ? this.#settledText + text : `${this.#settledText} ${text}`;
  }

  whole(): Float32Array {
    return joinSamples(this.#frames);
  }

  unsettled(): Float32Array {
    return joinSamples(this.#frames.slice(this.#settledFrames));
  }

  speech(): Float32Array {
    return joinSamples(this.#firstVoiced === null ? [] : this.#frames.slice(this.#firstVoiced, this.#lastVoiced + 1));
  }
}
