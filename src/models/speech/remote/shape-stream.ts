import { Resampler } from '../../../base/audio/resampler.ts';
import type { PcmChunk } from '../../spec/speech-handle.ts';
import { SilenceTrimmer } from './silence-trimmer.ts';

/** Trims, moves the pitch (semitones) and sets the gain (decibels) of speech while it arrives. All chunks have one rate. */
export async function* shapeStream(
  chunks: AsyncIterable<PcmChunk>,
  { pitch, gain }: { pitch: number; gain: number },
): AsyncGenerator<PcmChunk> {
  let stages: { trimmer: SilenceTrimmer; resampler: Resampler | null; sampleRate: number } | null = null;
  const loud = (samples: Float32Array): Float32Array =>
    gain === 0 ? samples : samples.map((sample) => Math.max(-1, Math.min(1, sample * 10 ** (gain / 20))));
  for await (const { samples, sampleRate } of chunks) {
    stages ??= {
      trimmer: new SilenceTrimmer({ sampleRate }),
      resampler:
        pitch === 0 ? null : new Resampler({ from: Math.round(sampleRate * 2 ** (pitch / 12)), to: sampleRate }),
      sampleRate,
    };
    const sounding = stages.trimmer.push(samples);
    const moved = stages.resampler ? stages.resampler.push(sounding) : sounding;
    if (moved.length > 0) yield { samples: loud(moved), sampleRate };
  }
  if (!stages) return;
  const rest = stages.trimmer.end();
  const tail = stages.resampler ? [stages.resampler.push(rest), stages.resampler.end()] : [rest];
  for (const samples of tail) if (samples.length > 0) yield { samples: loud(samples), sampleRate: stages.sampleRate };
}
