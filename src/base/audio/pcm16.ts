import { endianness } from 'node:os';
import { InvalidInputError } from '../errors.ts';

const largest = 32_767;

/** Rounds and clips to ±32,767; what is no number becomes silence. */
export function floatToPcm16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let index = 0; index < samples.length; index++) {
    const value = Math.round((samples[index] ?? 0) * largest);
    pcm[index] = value > largest ? largest : value < -largest ? -largest : value;
  }
  return pcm;
}

/** In [-1, 1]. */
export function pcm16ToFloat(pcm: Int16Array): Float32Array {
  const samples = new Float32Array(pcm.length);
  for (let index = 0; index < pcm.length; index++) samples[index] = Math.max(-1, (pcm[index] ?? 0) / largest);
  return samples;
}

/** Little-endian bytes, a copy. */
export function pcm16Bytes(pcm: Int16Array): Uint8Array {
  const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength).slice();
  if (endianness() === 'BE') swapPairs(bytes);
  return bytes;
}

/** From little-endian bytes, a copy. Throws `InvalidInputError` when a byte is missing. */
export function pcm16FromBytes(bytes: Uint8Array): Int16Array {
  if (bytes.length % 2 !== 0) {
    throw new InvalidInputError(`16-bit audio has an even number of bytes; these are ${bytes.length}.`, {
      code: 'audio-odd-bytes',
    });
  }
  // Not `slice`: a Buffer's shares its memory with others.
  const copy = new Uint8Array(bytes);
  if (endianness() === 'BE') swapPairs(copy);
  return new Int16Array(copy.buffer, 0, copy.length / 2);
}

function swapPairs(bytes: Uint8Array): void {
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    const low = bytes[index] ?? 0;
    bytes[index] = bytes[index + 1] ?? 0;
    bytes[index + 1] = low;
  }
}
