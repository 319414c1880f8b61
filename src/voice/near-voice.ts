import { meanPower } from '../base/audio/loudness.ts';
import type { HeardFrame } from './ear.ts';

/** Weights of the newest frame: of how loud this speaker is, quick to rise and slow to fall, and of the last 100 ms. */
const RISE = 0.15;
const FALL = 0.02;
const RECENT = 0.3;
/** Below the speaker by this much, a voice is another one: a television, somebody in the next room. Power ratio, -17 dB. */
const FAR_BELOW = 10 ** (-17 / 10);

/** Within one turn, tells the voice that began it from voices behind it, by loudness. */
export class NearVoice {
  #usual: number | null = null;
  #recent = 0;

  /** True where a voiced frame is this speaker's. */
  hears({ samples, voiced }: HeardFrame): boolean {
    const power = meanPower(samples);
    this.#recent += (power - this.#recent) * RECENT;
    if (!voiced) return false;
    if (this.#usual !== null && this.#recent < this.#usual * FAR_BELOW) return false;
    const usual = this.#usual ?? power;
    this.#usual = usual + (power - usual) * (power > usual ? RISE : FALL);
    return true;
  }
}
