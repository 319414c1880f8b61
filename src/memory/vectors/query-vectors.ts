import type { EmbeddingHandle } from '../../models/spec/embedding-handle.ts';
import { toInt8 } from './quantize.ts';
import type { QueryTraffic } from './query-traffic.ts';

/** A reply that waited so long goes on with words only. Milliseconds. */
const PATIENCE_IN_MS = 300;
/** In a call, where the wait is heard. */
const SPOKEN_PATIENCE_IN_MS = 100;
/** Texts whose vectors are kept: a reply written again asks with the same words. */
const MOST_QUERIES = 64;
/** Of a long message the beginning says what it is about; more than any model reads. UTF-16 units. */
const QUERY_LENGTH = 8000;

/** What people ask, as vectors: each question is embedded once, whoever looks for it. */
export class QueryVectors {
  readonly #traffic: QueryTraffic;
  readonly #patienceInMs: number;
  readonly #queries = new Map<string, Int8Array>();

  constructor({ traffic, patienceInMs = PATIENCE_IN_MS }: { traffic: QueryTraffic; patienceInMs?: number }) {
    this.#traffic = traffic;
    this.#patienceInMs = patienceInMs;
  }

  /** Fires when a reply should not wait any longer. */
  patience({ spoken, signal }: { spoken: boolean; signal: AbortSignal }): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(spoken ? SPOKEN_PATIENCE_IN_MS : this.#patienceInMs)]);
  }

  /** Empty where the model makes nothing of the words. */
  async of(
    handle: EmbeddingHandle,
    { text: whole, signal }: { text: string; signal: AbortSignal },
  ): Promise<Int8Array> {
    const text = whole.slice(0, QUERY_LENGTH);
    const key = `${handle.ref} ${text}`;
    const known = this.#queries.get(key);
    if (known) return known;
    const [vector] = await this.#traffic.run(() => handle.embed([text], { kind: 'query', signal }));
    const query = toInt8(vector ?? new Float32Array(0));
    this.#queries.set(key, query);
    const oldest = this.#queries.keys().next().value;
    if (this.#queries.size > MOST_QUERIES && oldest !== undefined) this.#queries.delete(oldest);
    return query;
  }
}

/** Rejects when the signal fires; what was begun goes on, and what it read is there for the next one. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
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
