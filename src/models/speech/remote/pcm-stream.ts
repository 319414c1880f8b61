import { pcm16FromBytes, pcm16ToFloat } from '../../../base/audio/pcm16.ts';
import { UnavailableError } from '../../../base/errors.ts';

/** A WAV file's header is looked for in these many bytes. */
const LONGEST_HEADER = 4096;
const RIFF = 'RIFF';

/**
 * Joins bytes of PCM16, cut anywhere, into samples in [-1, 1]. Servers that were asked for raw PCM and send a WAV file
 * all the same are understood; other formats throw `UnavailableError` (`speech-format`).
 */
export class PcmStream {
  sampleRate: number;
  #pending: Uint8Array = new Uint8Array(0);
  #started = false;

  /** `sampleRate`: of raw PCM. */
  constructor({ sampleRate }: { sampleRate: number }) {
    this.sampleRate = sampleRate;
  }

  read(bytes: Uint8Array): Float32Array {
    const all = new Uint8Array(this.#pending.length + bytes.length);
    all.set(this.#pending);
    all.set(bytes, this.#pending.length);
    const start = this.#started ? 0 : this.#begin(all);
    if (start === null) {
      this.#pending = all;
      return new Float32Array(0);
    }
    this.#started = true;
    const end = all.length - ((all.length - start) % 2);
    this.#pending = all.slice(end);
    return pcm16ToFloat(pcm16FromBytes(all.slice(start, end)));
  }

  /** Where samples begin; null while that is not certain. */
  #begin(bytes: Uint8Array): number | null {
    if (bytes.length < 4) return null;
    const tag = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
    if (tag.startsWith('ID3') || tag === 'OggS' || tag === 'fLaC' || (bytes[0] === 0xff && isMpegFrame(bytes)))
      throw formatError(tag);
    if (tag !== RIFF) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 12; at + 8 <= bytes.length;) {
      const name = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
      const size = view.getUint32(at + 4, true);
      if (name === 'data') return at + 8;
      if (name === 'fmt ') {
        if (at + 24 > bytes.length) return null;
        if (view.getUint16(at + 10, true) !== 1 || view.getUint16(at + 22, true) !== 16) throw formatError('WAV');
        this.sampleRate = view.getUint32(at + 12, true);
      }
      at += 8 + size + (size % 2);
    }
    if (bytes.length > LONGEST_HEADER) throw formatError('WAV');
    return null;
  }
}

/** MPEG audio, layer III, with a bit rate and sample rate that exist: four bytes that speech hardly begins with. */
function isMpegFrame(bytes: Uint8Array): boolean {
  const [, second = 0, third = 0] = bytes;
  return (second & 0xe6) === 0xe2 && third >> 4 !== 0 && third >> 4 !== 15 && ((third >> 2) & 3) !== 3;
}

function formatError(format: string): UnavailableError {
  return new UnavailableError(
    `The server was asked for raw PCM (16 bit, mono) and sends something else (${format.trim()}). Switch on PCM or WAV output there.`,
    { code: 'speech-format', retryable: false },
  );
}
