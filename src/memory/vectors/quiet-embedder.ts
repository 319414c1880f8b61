import { AbortedError, AppError, isAbort } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { EmbeddingHandle } from '../../models/spec/embedding-handle.ts';
import type { QuietTime } from '../quiet-time.ts';
import { canRead } from '../recall/readable-text.ts';
import type { QueryTraffic } from './query-traffic.ts';

/** Of a text more than any model reads. UTF-16 units. */
const PASSAGE_LENGTH = 8000;
/** Asked when a model refuses a batch. */
const HARMLESS_TEXT = 'Hello.';

export interface QuietEmbedderOptions {
  quiet: QuietTime;
  traffic: QueryTraffic;
  logger: Logger;
}

/** Makes vectors in the background: only while nobody waits for a reply or for a question to be embedded. */
export class QuietEmbedder {
  readonly #options: QuietEmbedderOptions;

  constructor(options: QuietEmbedderOptions) {
    this.#options = options;
  }

  /** Texts in a script that the model was not made for, and those that make it fail, get an empty vector. */
  async embed(
    handle: EmbeddingHandle,
    { texts, signal }: { texts: readonly string[]; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    return this.#whenQuiet((quietly) => this.#embed(handle, { texts, signal: quietly }), signal);
  }

  /** Again and again until nobody interrupts: only the batch under way is lost to whoever waits. */
  async #whenQuiet<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await this.#options.quiet.run((quietly) => this.#givingWay(work, quietly), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!isAbort(error)) throw error;
      }
    }
  }

  /** Stops while somebody waits for a text of theirs to be embedded. */
  async #givingWay<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { traffic } = this.#options;
    const yielding = new AbortController();
    const look = (): void => {
      if (traffic.busy) yielding.abort(new AbortedError('Background work gave way to a question.'));
    };
    using _listening = traffic.onChange(look);
    look();
    return await work(AbortSignal.any([signal, yielding.signal]));
  }

  async #embed(
    handle: EmbeddingHandle,
    { texts: whole, signal }: { texts: readonly string[]; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    const texts = whole.map((text) => text.slice(0, PASSAGE_LENGTH));
    const readable = texts.filter((text) => canRead(handle.languages, text));
    const vectors = readable.length === 0 ? [] : await this.#embedReadable(handle, { texts: readable, signal });
    return texts.map((text) => (canRead(handle.languages, text) ? vectors.shift() : null) ?? new Float32Array(0));
  }

  async #embedReadable(
    handle: EmbeddingHandle,
    { texts, signal }: { texts: readonly string[]; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    const embed = (some: readonly string[]) => handle.embed(some, { kind: 'passage', signal });
    try {
      return await embed(texts);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A model that takes no text at all is at fault itself, and says so here.
      await embed([HARMLESS_TEXT]);
      this.#options.logger.warn({ err: error, model: handle.ref }, 'texts are embedded one by one');
    }
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      const [vector] = await embed([text]).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        return [];
      });
      vectors.push(vector ?? new Float32Array(0));
    }
    return vectors;
  }
}

/** The model says no to these words; asking again would not help. */
function isRefusal(error: unknown): boolean {
  return error instanceof AppError && !error.retryable && !isAbort(error);
}
