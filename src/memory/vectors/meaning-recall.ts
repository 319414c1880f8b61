import { errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { EmbeddingHandle } from '../../models/spec/embedding-handle.ts';
import type { VectorRecall } from '../recall-service.ts';
import { canRead } from '../recall/readable-text.ts';
import { toInt8 } from './quantize.ts';
import type { QueryTraffic } from './query-traffic.ts';
import type { ServingModel } from './serving-model.ts';
import type { VectorMatches, VectorSearch } from './vector-search.ts';

/** A reply that waited so long goes on with words only. Milliseconds. */
const PATIENCE_IN_MS = 300;
/** In a call, where the wait is heard. */
const SPOKEN_PATIENCE_IN_MS = 100;
/** Texts whose vectors are kept: a reply written again asks with the same words. */
const MOST_QUERIES = 64;
/** Of a long message the beginning says what it is about; more than any model reads. UTF-16 units. */
const QUERY_LENGTH = 8000;

export interface MeaningRecallOptions {
  serving: ServingModel;
  search: VectorSearch;
  traffic: QueryTraffic;
  logger: Logger;
  patienceInMs?: number;
}

/** Finds what was said by what it means, where a model is here that says so; never fails, and never waits long. */
export class MeaningRecall implements VectorRecall {
  readonly #options: MeaningRecallOptions;
  readonly #queries = new Map<string, Int8Array>();

  constructor(options: MeaningRecallOptions) {
    this.#options = options;
  }

  async similar(request: Parameters<VectorRecall['similar']>[0]): Promise<VectorMatches | null> {
    const { signal, conversationIds, spoken } = request;
    if (conversationIds.length === 0) return null;
    const patience = spoken ? SPOKEN_PATIENCE_IN_MS : (this.#options.patienceInMs ?? PATIENCE_IN_MS);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    try {
      return await unlessAborted(this.#find(request, limit), limit);
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted) this.#options.logger.warn({ reason: errorMessage(error) }, 'a reply goes on with words only');
      return null;
    }
  }

  async #find(
    { pair, conversationIds, allowed, text, limit }: Parameters<VectorRecall['similar']>[0],
    signal: AbortSignal,
  ): Promise<VectorMatches | null> {
    const { serving, search } = this.#options;
    const handle = await serving.of(pair, { conversationIds, signal });
    if (!handle || !canRead(handle.languages, text)) return null;
    const query = await this.#queryOf(handle, { text: text.slice(0, QUERY_LENGTH), signal });
    if (query.length === 0) return null;
    const found = await search.search({ conversationIds, model: handle.ref, query, limit, allowed });
    return found.cosines.size === 0 ? null : found;
  }

  async #queryOf(handle: EmbeddingHandle, { text, signal }: { text: string; signal: AbortSignal }): Promise<Int8Array> {
    const key = `${handle.ref} ${text}`;
    const known = this.#queries.get(key);
    if (known) return known;
    const [vector] = await this.#options.traffic.run(() => handle.embed([text], { kind: 'query', signal }));
    const query = toInt8(vector ?? new Float32Array(0));
    this.#queries.set(key, query);
    const oldest = this.#queries.keys().next().value;
    if (this.#queries.size > MOST_QUERIES && oldest !== undefined) this.#queries.delete(oldest);
    return query;
  }
}

/** Rejects when the signal fires; what was begun goes on, and what it read is there for the next one. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
