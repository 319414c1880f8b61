import type { TurnPatience } from './turn-profile.ts';

/** Weight of the newest pause. */
const SMOOTHING = 0.25;
/** What somebody unknown pauses within a turn, milliseconds: with it the normal profile waits 200 and 2000 ms. */
const USUAL_PAUSE_MS = 500;
/** Shorter ones are stops of consonants, not pauses. */
const SHORTEST_PAUSE_MS = 160;
/** How many of this speaker's own pauses an unfinished turn is waited for. */
const PAUSES_WAITED = 4;
/** How much of an own pause a complete turn is waited for. */
const SHARE_WAITED = 0.4;

/** How long this speaker pauses without being finished; moves the patience of the call towards it. */
export class PauseModel {
  #averageInMs = USUAL_PAUSE_MS;

  get averageInMs(): number {
    return this.#averageInMs;
  }

  /** A pause after which the same turn went on. */
  observe(pauseInMs: number): void {
    if (pauseInMs < SHORTEST_PAUSE_MS) return;
    this.#averageInMs += (pauseInMs - this.#averageInMs) * SMOOTHING;
  }

  /** Silence after which a turn that sounds complete is over. */
  completeInMs(patience: TurnPatience): number {
    return clamp(this.#averageInMs * SHARE_WAITED, patience.completeInMs, patience.longestCompleteInMs);
  }

  /** Silence after which a turn that sounds unfinished is over. */
  incompleteInMs({ incompleteInMs: { shortest, longest } }: TurnPatience): number {
    return clamp(this.#averageInMs * PAUSES_WAITED, shortest, longest);
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
