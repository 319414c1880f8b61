import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';

/** Open at once to one provider; more wait for one of them. */
const CONNECTIONS = 256;
const CONNECT_IN_MS = 10_000;

/** Connections to providers, kept open between requests: one pool for each origin. */
export class RelayPools implements AsyncDisposable {
  readonly #pools = new Map<string, Pool>();

  of(origin: string): Dispatcher {
    const known = this.#pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { timeout: CONNECT_IN_MS },
      // A provider closes what it holds idle; whoever sends into that moment would see it as a fault.
      keepAliveTimeout: 4000,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }
}
