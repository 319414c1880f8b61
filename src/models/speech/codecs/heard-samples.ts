import { Resampler } from '../../../base/audio/resampler.ts';
import { TooLargeError } from '../../../base/errors.ts';
import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';
import type { DecodedPart } from './decoded-part.ts';

/** What was decoded so far, mixed and at the rate of ears. Throws `TooLargeError` beyond `maxSeconds`. */
export class HeardSamples {
  readonly #most: number;
  readonly #parts: Float32Array[] = [];
  #resampler: Resampler | null = null;
  #rate = 0;
  #length = 0;

  constructor(maxSeconds: number) {
    this.#most = maxSeconds * HEARING_SAMPLE_RATE;
  }

  add({ channelData, sampleRate }: DecodedPart): void {
    const [first] = channelData;
    if (!first || first.length === 0) return;
    if (sampleRate !== this.#rate) {
      this.#endRate();
      this.#rate = sampleRate;
      this.#resampler =
        sampleRate === HEARING_SAMPLE_RATE ? null : new Resampler({ from: sampleRate, to: HEARING_SAMPLE_RATE });
    }
    const mono = mix(channelData, first.length);
    this.#keep(this.#resampler ? this.#resampler.push(mono) : mono);
  }

  end(): Float32Array {
    this.#endRate();
    const all = new Float32Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #endRate(): void {
    if (this.#resampler) this.#keep(this.#resampler.end());
    this.#resampler = null;
  }

  #keep(samples: Float32Array): void {
    this.#length += samples.length;
    if (this.#length > this.#most) throw new TooLargeError('The sound is longer than allowed.');
    if (samples.length > 0) this.#parts.push(samples);
  }
}

function mix(channels: readonly Float32Array[], length: number): Float32Array {
  const mono = new Float32Array(length);
  for (const channel of channels) {
    for (let index = 0; index < length; index++) mono[index] = (mono[index] ?? 0) + (channel[index] ?? 0);
  }
  if (channels.length > 1)
    for (let index = 0; index < length; index++) mono[index] = (mono[index] ?? 0) / channels.length;
  return mono;
}
