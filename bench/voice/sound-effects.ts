import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { pcm16Bytes, pcm16FromBytes, pcm16ToFloat, floatToPcm16 } from '../../src/base/audio/pcm16.ts';

const raw = ['-t', 'raw', '-r', '16000', '-c', '1', '-b', '16', '-e', 'signed'];

/** Mono 16 kHz through effects of sox (Debian: `apt-get install sox`), or what sox makes of nothing. */
export async function sox(samples: Float32Array | null, effects: readonly string[]): Promise<Float32Array> {
  // -R: the same noise in every run.
  const source = samples === null ? ['-n'] : [...raw, '-'];
  const child = spawn('sox', ['-R', ...source, ...raw, '-', ...effects], {
    stdio: [samples === null ? 'ignore' : 'pipe', 'pipe', 'inherit'],
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  if (samples) child.stdin?.end(pcm16Bytes(floatToPcm16(samples)));
  if (!child.stdout) throw new Error('sox has no output.');
  const bytes = await Promise.race([buffer(child.stdout), failed]);
  return pcm16ToFloat(pcm16FromBytes(bytes.subarray(0, bytes.length - (bytes.length % 2))));
}

/** A telephone: 300 to 3400 Hz at 8 kHz. */
export const PHONE = ['sinc', '300-3400', 'rate', '8000', 'rate', '16000'];
/** A living room with bare walls. */
export const ROOM = ['reverb', '40', '50', '60'];

export function mix(samples: Float32Array, other: Float32Array, gain: number): Float32Array {
  return samples.map((sample, index) => sample + gain * (other[index % Math.max(1, other.length)] ?? 0));
}

export function level(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}
