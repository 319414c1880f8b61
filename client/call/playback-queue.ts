/** `REALTIME_OUTPUT_RATE`, written out: a worklet that imported the contract would carry all of its schemas. */
const SAMPLES_PER_MS = 24;
/** Held back before a reply begins: the network's usual unevenness. */
const FIRST_CUSHION = 60 * SAMPLES_PER_MS;
/** Held back after a reply ran dry: the network is worse than usual. */
const NEXT_CUSHION = 160 * SAMPLES_PER_MS;
/** While somebody may be interrupting: audible, and far below a voice. */
const DUCKED_GAIN = 0.16;
/** Length of every change of loudness: no click, no wait. */
const RAMP = 24 * SAMPLES_PER_MS;
const FLUSH_RAMP = 6 * SAMPLES_PER_MS;

interface Piece {
  replyId: string;
  samples: Int16Array;
  /** Of the first sample, within its reply. */
  at: number;
}

/**
 * What is to sound, at 24 kHz: a jitter buffer that knows at every moment which sample of which reply sounds.
 *   waiting   not enough is there yet
 *   playing
 */
export class PlaybackQueue {
  #pieces: Piece[] = [];
  #playing = false;
  #underruns = 0;
  #cushion = FIRST_CUSHION;
  #gain = 1;
  #wantedGain = 1;
  /** The end of what was flushed, already faded. */
  #tail: Float32Array = new Float32Array(0);
  #replyId: string | null = null;
  /** Samples of the reply that have been taken. */
  #taken = 0;
  readonly #ends = new Map<string, number>();

  /** Times that a reply ran dry before its end. */
  get underruns(): number {
    return this.#underruns;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get ducked(): boolean {
    return this.#wantedGain < 1;
  }

  /** How much of the newest reply has been taken; null before the first. */
  get position(): { replyId: string; positionInMs: number; done: boolean } | null {
    if (this.#replyId === null) return null;
    const end = this.#ends.get(this.#replyId);
    const done = end !== undefined && this.#taken >= end;
    return { replyId: this.#replyId, positionInMs: this.#taken / SAMPLES_PER_MS, done };
  }

  /** Pieces of a reply in order; what was here before, after a reconnection, is passed over. */
  push({ replyId, samples, positionInMs }: { replyId: string; samples: Int16Array; positionInMs: number }): void {
    if (this.#ends.get(replyId) === -1) return;
    const at = Math.round(positionInMs * SAMPLES_PER_MS);
    const known = this.#endOf(replyId);
    const skip = Math.min(samples.length, Math.max(0, known - at));
    if (skip < samples.length) this.#pieces.push({ replyId, samples: samples.subarray(skip), at: at + skip });
  }

  /** All of the reply is here; it is as long as this. */
  sent(replyId: string, durationInMs: number): void {
    if (this.#ends.get(replyId) !== -1) this.#ends.set(replyId, Math.floor(durationInMs * SAMPLES_PER_MS));
  }

  /** Throws away what has not sounded, and what still arrives of it. */
  flush(replyId: string): void {
    const next = this.#pieces.find((piece) => piece.replyId === replyId);
    if (next !== undefined && this.#playing && next.replyId === this.#replyId) this.#tail = this.#fade(next.samples);
    this.#pieces = this.#pieces.filter((piece) => piece.replyId !== replyId);
    this.#ends.set(replyId, -1);
    if (this.#replyId === replyId) this.#playing = false;
    this.duck(false);
  }

  duck(ducked: boolean): void {
    this.#wantedGain = ducked ? DUCKED_GAIN : 1;
  }

  /** Fills `output`, with silence where nothing is there. */
  pull(output: Float32Array): void {
    output.fill(0);
    let filled = this.#takeTail(output);
    while (filled < output.length) {
      const piece = this.#pieces[0];
      if (piece === undefined || !this.#mayPlay(piece)) break;
      const take = Math.min(output.length - filled, piece.samples.length);
      for (let index = 0; index < take; index += 1) {
        this.#gain += Math.max(-1 / RAMP, Math.min(1 / RAMP, this.#wantedGain - this.#gain));
        output[filled + index] = ((piece.samples[index] ?? 0) / 0x8000) * this.#gain;
      }
      filled += take;
      this.#replyId = piece.replyId;
      this.#taken = piece.at + take;
      if (take === piece.samples.length) this.#pieces.shift();
      else this.#pieces[0] = { ...piece, samples: piece.samples.subarray(take), at: piece.at + take };
    }
    if (this.#playing && this.#pieces.length === 0) this.#runDry();
  }

  #mayPlay({ replyId }: Piece): boolean {
    const isNew = replyId !== this.#replyId;
    if (this.#playing && !isNew) return true;
    if (isNew) this.#cushion = FIRST_CUSHION;
    const held = this.#pieces.reduce((sum, piece) => sum + (piece.replyId === replyId ? piece.samples.length : 0), 0);
    this.#playing = held >= this.#cushion || this.#ends.has(replyId);
    return this.#playing;
  }

  #runDry(): void {
    this.#playing = false;
    if (this.position?.done !== false) return;
    this.#underruns += 1;
    this.#cushion = NEXT_CUSHION;
  }

  #endOf(replyId: string): number {
    const last = this.#pieces.findLast((piece) => piece.replyId === replyId);
    if (last !== undefined) return last.at + last.samples.length;
    return replyId === this.#replyId ? this.#taken : 0;
  }

  #fade(samples: Int16Array): Float32Array {
    const length = Math.min(FLUSH_RAMP, samples.length);
    return Float32Array.from(
      { length },
      (_, index) => ((samples[index] ?? 0) / 0x8000) * this.#gain * (1 - (index + 1) / length),
    );
  }

  #takeTail(output: Float32Array): number {
    const take = Math.min(this.#tail.length, output.length);
    output.set(this.#tail.subarray(0, take));
    this.#tail = this.#tail.subarray(take);
    return take;
  }
}
