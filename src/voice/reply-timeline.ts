import { SPEAKING_SAMPLE_RATE } from './voice-ports.ts';
import type { SpokenClause } from './clauses/clause-splitter.ts';

/** Milliseconds before a clause's end from which it counts as heard: a device rounds to its own buffers. */
const END_TOLERANCE_MS = 30;
/** Milliseconds of one step of the envelope. */
export const ENVELOPE_STEP_MS = 32;
const ENVELOPE_STEP_SAMPLES = (SPEAKING_SAMPLE_RATE * ENVELOPE_STEP_MS) / 1000;

interface TimedClause {
  clause: SpokenClause;
  startInMs: number;
  /** Null while its audio still grows. */
  endInMs: number | null;
}

export interface AudioPiece {
  clause: number;
  samples: Int16Array;
  positionInMs: number;
}

/** Which words of a reply lie where in its sound, and how much has been heard. Positions in milliseconds. */
export class ReplyTimeline {
  readonly #clauses: TimedClause[] = [];
  readonly #pieces: AudioPiece[] = [];
  readonly #envelope: number[] = [];
  #samples = 0;
  #playedInMs = 0;
  #stepSum = 0;
  #stepSamples = 0;

  get durationInMs(): number {
    return (this.#samples * 1000) / SPEAKING_SAMPLE_RATE;
  }

  get playedInMs(): number {
    return this.#playedInMs;
  }

  /** Index of the new clause, which begins where the sound ends now. */
  begin(clause: SpokenClause): number {
    this.#clauses.push({ clause, startInMs: this.durationInMs, endInMs: null });
    return this.#clauses.length - 1;
  }

  append(samples: Int16Array): AudioPiece {
    const piece = { clause: this.#clauses.length - 1, samples, positionInMs: this.durationInMs };
    this.#pieces.push(piece);
    this.#samples += samples.length;
    for (const sample of samples) {
      this.#stepSum += (sample / 0x8000) ** 2;
      this.#stepSamples += 1;
      if (this.#stepSamples < ENVELOPE_STEP_SAMPLES) continue;
      this.#envelope.push(this.#stepSum / this.#stepSamples);
      this.#stepSum = 0;
      this.#stepSamples = 0;
    }
    return piece;
  }

  finish(index: number): void {
    const timed = this.#clauses[index];
    if (timed) timed.endInMs = this.durationInMs;
  }

  clauseAt(index: number): TimedClause | undefined {
    return this.#clauses[index];
  }

  /** What the device says has sounded; never more than there is. */
  played(positionInMs: number): void {
    if (!Number.isFinite(positionInMs)) return;
    this.#playedInMs = Math.max(this.#playedInMs, Math.min(positionInMs, this.durationInMs));
  }

  /** Whole clauses that have sounded to their end, with the silent ones (stage directions) between and right after. */
  heardText(): string {
    let heard = '';
    let waiting = '';
    for (const { clause, startInMs, endInMs } of this.#clauses) {
      if (endInMs === null) break;
      if (endInMs <= startInMs) {
        waiting += clause.text;
        continue;
      }
      if (this.#playedInMs < endInMs - END_TOLERANCE_MS) break;
      heard += waiting + clause.text;
      waiting = '';
    }
    // A stage direction after the last heard word happened too; one before the first word has not yet.
    return heard === '' ? '' : heard + waiting;
  }

  wholeText(): string {
    return this.#clauses.map(({ clause }) => clause.text).join('');
  }

  /** True when every clause that was begun has sounded. */
  isHeardThrough(): boolean {
    return this.#playedInMs >= this.durationInMs - END_TOLERANCE_MS;
  }

  /** Words around the place that sounds now: what an echo would carry. */
  textAround(positionInMs: number, spanInMs: number): string {
    return this.#clauses
      .filter(
        ({ startInMs, endInMs }) =>
          startInMs <= positionInMs + ENVELOPE_STEP_MS && (endInMs ?? Infinity) >= positionInMs - spanInMs,
      )
      .map(({ clause }) => clause.spoken)
      .join(' ');
  }

  /** Mean power per step, from `positionInMs` back over `steps`; fewer where the reply had not begun. */
  powerBefore(positionInMs: number, steps: number): number[] {
    const end = Math.min(Math.floor(positionInMs / ENVELOPE_STEP_MS), this.#envelope.length);
    return this.#envelope.slice(Math.max(end - steps, 0), Math.max(end, 0));
  }

  /** What has not sounded yet, for a device that has just come; its first piece is cut where the sound stopped. */
  unheard(): { clauses: { index: number; timed: TimedClause }[]; pieces: AudioPiece[] } {
    const from = this.#playedInMs;
    const clauses = this.#clauses
      .map((timed, index) => ({ index, timed }))
      .filter(({ timed }) => timed.endInMs === null || timed.endInMs > from);
    const pieces = this.#pieces.flatMap((piece) => {
      const skip = Math.round(((from - piece.positionInMs) * SPEAKING_SAMPLE_RATE) / 1000);
      if (skip >= piece.samples.length) return [];
      if (skip <= 0) return [piece];
      return [{ ...piece, samples: piece.samples.subarray(skip), positionInMs: from }];
    });
    return { clauses, pieces };
  }
}
