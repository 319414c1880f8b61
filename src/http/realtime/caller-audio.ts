import type { RealtimeInputRate } from '../../../contract/realtime.ts';
import { pcm16FromBytes, pcm16ToFloat } from '../../base/audio/pcm16.ts';
import { Resampler } from '../../base/audio/resampler.ts';
import type { Clock } from '../../base/clock.ts';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import { RealtimeFault } from './realtime-fault.ts';

/** Seconds that may come at once: a recording sent whole, or what waited while a network was away. */
const BURST_SECONDS = 60;
/** Times real time, in the long run; clocks of sound cards differ by far less. */
const REFILL = 1.25;
/** Seconds that were dropped before the socket is closed. */
const TOLERATED_SECONDS = 30;
/** One refusal for so many ms, lest a flood be answered with a flood. */
const REFUSAL_EVERY_MS = 1000;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** `flood`: the caller goes on sending far more than a microphone gives; close. */
export type TakenAudio = { samples: Float32Array } | { fault: RealtimeFault } | 'dropped' | 'flood';

/** What a caller's device sends, made into what ears take: checked, held to real time, at 16 kHz. */
export class CallerAudio {
  readonly #clock: Clock;
  #rate: RealtimeInputRate = 24_000;
  #resampler: Resampler | null = new Resampler({ from: 24_000, to: HEARING_SAMPLE_RATE });
  /** Seconds of audio that may still come. */
  #allowance = BURST_SECONDS;
  #refilledAt: number;
  #droppedSeconds = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#refilledAt = clock.monotonic();
  }

  get rate(): RealtimeInputRate {
    return this.#rate;
  }

  setRate(rate: RealtimeInputRate): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#resampler = rate === HEARING_SAMPLE_RATE ? null : new Resampler({ from: rate, to: HEARING_SAMPLE_RATE });
  }

  /** Base64 of little-endian PCM16. `param` names the field it came in. */
  decode(audio: string, param: string): Int16Array {
    if (audio.length % 4 !== 0 || !BASE64.test(audio)) {
      throw new RealtimeFault('The audio is not valid base64.', { code: 'invalid_base64', param });
    }
    const bytes = Buffer.from(audio, 'base64');
    if (bytes.length % 2 !== 0) {
      throw new RealtimeFault('The audio has an odd number of bytes; PCM16 has two a sample.', {
        code: 'invalid_audio',
        param,
      });
    }
    return pcm16FromBytes(bytes);
  }

  take(pcm: Int16Array): TakenAudio {
    const seconds = pcm.length / this.#rate;
    this.#refill();
    if (seconds > this.#allowance) return this.#drop(seconds);
    this.#allowance -= seconds;
    const samples = pcm16ToFloat(pcm);
    return { samples: this.#resampler ? this.#resampler.push(samples) : samples };
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#refilledAt) / 1000) * REFILL;
    this.#allowance = Math.min(BURST_SECONDS, this.#allowance + gained);
    this.#droppedSeconds = Math.max(0, this.#droppedSeconds - gained);
    this.#refilledAt = now;
  }

  #drop(seconds: number): TakenAudio {
    this.#droppedSeconds += seconds;
    if (this.#droppedSeconds > TOLERATED_SECONDS) return 'flood';
    if (this.#refilledAt - this.#refusedAt < REFUSAL_EVERY_MS) return 'dropped';
    this.#refusedAt = this.#refilledAt;
    return {
      fault: new RealtimeFault(
        `Audio comes faster than it is spoken, and some was dropped. Send it as it is recorded, and check that it has ${this.#rate} samples a second.`,
        { code: 'rate_limit', kind: 'rate_limit_error' },
      ),
    };
  }
}
