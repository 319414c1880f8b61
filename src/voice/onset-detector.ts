import { FRAME_MS, type HeardFrame } from './ear.ts';

/** Kept from before the first sound: what Smart Turn was trained with. */
const LEAD_FRAMES = Math.ceil(500 / FRAME_MS);
/** Voiced frames among the newest that make a beginning: about 100 ms, so that a click makes none. */
const NEWEST = 4;
const VOICED_NEEDED = 3;

/** Says when somebody begins to speak, and gives what was heard just before. */
export class OnsetDetector {
  #lead: HeardFrame[] = [];

  /** The frames of the beginning, this one last; null where nobody begins. */
  frame(frame: HeardFrame): readonly HeardFrame[] | null {
    this.#lead.push(frame);
    if (this.#lead.length > LEAD_FRAMES + NEWEST) this.#lead.shift();
    const voiced = this.#lead.slice(-NEWEST).filter((one) => one.voiced).length;
    return frame.voiced && voiced >= VOICED_NEEDED ? [...this.#lead] : null;
  }

  /** What was heard before belongs to somebody already. */
  reset(): void {
    this.#lead = [];
  }
}
