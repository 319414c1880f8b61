import { createHash } from 'node:crypto';
import type { Transcript } from '../../spec/speech-handle.ts';

/** A few long turns of a few calls. */
const MOST_REMEMBERED = 64;

/**
 * What was understood of pieces that are complete. A turn that goes on is heard again from its beginning at every pause;
 * its earlier pieces are the same samples, so only the last one costs time.
 */
export class HeardPieces {
  readonly #heard = new Map<string, Transcript>();

  key(samples: Int16Array, language: string | null): string {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    return `${language ?? ''}:${createHash('sha1').update(bytes).digest('base64')}`;
  }

  get(key: string): Transcript | undefined {
    return this.#heard.get(key);
  }

  /** The oldest ones are forgotten. */
  set(key: string, transcript: Transcript): void {
    this.#heard.set(key, transcript);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MOST_REMEMBERED) break;
      this.#heard.delete(oldest);
    }
  }
}
