import { RealtimeFault } from './realtime-fault.ts';

/** Samples at 16 kHz that may wait for a commit: three minutes. */
const MAX_KEPT_SAMPLES = 180 * 16_000;
/** Characters of typed items that may wait for `response.create`. */
const MAX_TYPED = 100_000;
/** As OpenAI's: a shorter commit is a mistake. Samples at 16 kHz, 100 ms. */
const MIN_COMMIT_SAMPLES = 1600;

/** What a client has given and nobody has answered yet: typed items, and audio where the client decides on turns. */
export class PendingInput {
  #typed: { id: string; text: string }[] = [];
  #buffer: Float32Array[] = [];
  #bufferSamples = 0;
  #committed: Float32Array[] = [];

  get hasTyped(): boolean {
    return this.#typed.length > 0;
  }

  get hasAudio(): boolean {
    return this.#committed.length > 0;
  }

  addTyped(item: { id: string; text: string }): void {
    const length = this.#typed.reduce((sum, { text }) => sum + text.length, item.text.length);
    if (length > MAX_TYPED) {
      throw new RealtimeFault('Too many items wait for an answer. Send response.create first.', { code: 'too_large' });
    }
    this.#typed.push(item);
  }

  deleteTyped(id: string): boolean {
    const before = this.#typed.length;
    this.#typed = this.#typed.filter((item) => item.id !== id);
    return this.#typed.length < before;
  }

  takeTyped(): { ids: string[]; text: string } {
    const items = this.#typed;
    this.#typed = [];
    return { ids: items.map(({ id }) => id), text: items.map(({ text }) => text).join('\n') };
  }

  keep(samples: Float32Array): void {
    if (this.#bufferSamples + samples.length > MAX_KEPT_SAMPLES) {
      throw new RealtimeFault('More than three minutes wait for input_audio_buffer.commit; the audio was dropped.', {
        code: 'input_audio_buffer_full',
      });
    }
    this.#buffer.push(samples);
    this.#bufferSamples += samples.length;
  }

  clear(): void {
    this.#buffer = [];
    this.#bufferSamples = 0;
  }

  commit(): void {
    if (this.#bufferSamples < MIN_COMMIT_SAMPLES) {
      throw new RealtimeFault('The buffer holds less than 100 ms of audio, so there is nothing to commit.', {
        code: 'input_audio_buffer_commit_empty',
      });
    }
    this.addAudio(...this.#buffer);
    this.clear();
  }

  addAudio(...chunks: Float32Array[]): void {
    const kept = this.#committed.reduce((sum, { length }) => sum + length, 0);
    const added = chunks.reduce((sum, { length }) => sum + length, 0);
    if (kept + added > MAX_KEPT_SAMPLES) {
      throw new RealtimeFault('More than three minutes of audio wait for response.create.', { code: 'too_large' });
    }
    this.#committed.push(...chunks);
  }

  takeAudio(): Float32Array[] {
    const chunks = this.#committed;
    this.#committed = [];
    return chunks;
  }
}
