import { resolveTimes } from '../time/resolve-times.ts';
import type { RecallTurn } from './turn-index.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Up to this length a time is as narrow as talk makes it; a longer one says less, by the power below. */
const NARROW = 2 * DAY;
const FADE = 0.3;
/** A time that the words leave in doubt. */
const DOUBT = 0.7;

export interface TimeSpan {
  start: number;
  end: number;
  /** How much it says, up to 1. */
  worth: number;
}

/** Times that turns tell of, once they were looked for; a turn's words never change. */
export type ToldTimes = WeakMap<Readonly<RecallTurn>, { timeZone: string; spans: TimeSpan[] }>;

/** The times that a query names, and how well turns fit them. */
export class TimeWindows {
  readonly #windows: TimeSpan[];
  readonly #timeZone: string;
  readonly #told: ToldTimes;

  constructor(text: string, { now, timeZone, told }: { now: number; timeZone: string; told: ToldTimes }) {
    this.#windows = spansOf(text, { at: now, timeZone });
    this.#timeZone = timeZone;
    this.#told = told;
  }

  get isEmpty(): boolean {
    return this.#windows.length === 0;
  }

  /** How well the moment fits, 0 to 1: more for a narrow time. */
  saidIn(at: number): number {
    let best = 0;
    for (const { start, end, worth } of this.#windows) if (at >= start && at < end) best = Math.max(best, worth);
    return best;
  }

  /** How well the times that the turn tells of fit, 0 to 1: most when both are the same narrow time. */
  toldIn(turn: Readonly<RecallTurn>): number {
    let best = 0;
    for (const span of this.#toldBy(turn)) {
      for (const window of this.#windows) {
        const common = Math.min(span.end, window.end) - Math.max(span.start, window.start);
        if (common <= 0) continue;
        const longer = Math.max(span.end - span.start, window.end - window.start, NARROW);
        const likeness = Math.min(1, Math.max(common, NARROW) / longer) ** FADE;
        best = Math.max(best, likeness * Math.min(span.worth, window.worth));
      }
    }
    return best;
  }

  #toldBy(turn: Readonly<RecallTurn>): TimeSpan[] {
    const known = this.#told.get(turn);
    if (known?.timeZone === this.#timeZone) return known.spans;
    const spans = spansOf(turn.text, { at: turn.at, timeZone: this.#timeZone });
    this.#told.set(turn, { timeZone: this.#timeZone, spans });
    return spans;
  }
}

function spansOf(text: string, context: { at: number; timeZone: string }): TimeSpan[] {
  return resolveTimes(text, context).map(({ start, end, certain }) => {
    const narrowness = Math.min(1, (NARROW / (end - start)) ** FADE);
    return { start, end, worth: certain ? narrowness : narrowness * DOUBT };
  });
}
