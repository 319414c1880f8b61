import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../accounts/actor.ts';

interface OpenStream {
  actor: Actor | null;
  controller: AbortController;
}

/** The event streams that are open, so that closing the house or revoking a session ends them. */
export class EventStreams {
  readonly #open = new Set<OpenStream>();
  readonly #streamed = new WeakSet<FastifyRequest>();

  get size(): number {
    return this.#open.size;
  }

  /** Notes a stream; the returned function forgets it. */
  add(request: FastifyRequest, controller: AbortController): () => void {
    const stream = { actor: request.visitor, controller };
    this.#open.add(stream);
    this.#streamed.add(request);
    return () => this.#open.delete(stream);
  }

  /** True for requests that were answered by a stream, whose duration says nothing about speed. */
  has(request: FastifyRequest): boolean {
    return this.#streamed.has(request);
  }

  /** Ends every stream that `which` picks: whose session, key or person is gone. */
  end(which: (actor: Actor | null) => boolean): void {
    for (const stream of this.#open) if (which(stream.actor)) stream.controller.abort();
  }

  /** Ends all, with the reason `house-closing`. */
  endAll(): void {
    for (const stream of this.#open) stream.controller.abort('house-closing');
  }
}
