import type { HTTPMethods } from 'fastify';
import { InvalidInputError } from '../../base/errors.ts';
import type { HttpApp } from '../http-app.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies HTTPMethods[];

/** Knows which methods each path takes, and refuses the others by saying so (405) rather than that there is nothing. */
export class RouteMethods {
  readonly #scope: HttpApp;
  readonly #taken = new Map<string, Set<string>>();

  /** Before the routes are added. */
  constructor(scope: HttpApp) {
    this.#scope = scope;
    scope.addHook('onRoute', ({ url, method }) => {
      const path = url.slice(scope.prefix.length);
      const taken = this.#taken.get(path) ?? new Set();
      for (const one of [method].flat()) taken.add(one);
      this.#taken.set(path, taken);
    });
  }

  /** When all of them are there. */
  refuseOthers(): void {
    for (const [url, taken] of this.#taken) {
      const others = METHODS.filter((method) => !taken.has(method));
      if (others.length === 0) continue;
      const allowed = Array.from(taken).join(', ');
      this.#scope.route({
        method: others,
        url,
        schema: { hide: true },
        config: { access: 'public' },
        handler: async ({ method, url: asked }, reply) => {
          reply.header('allow', allowed);
          throw new InvalidInputError(`Not allowed to ${method} on ${asked.split('?', 1)[0] ?? ''}.`, {
            code: 'method-not-allowed',
          });
        },
      });
    }
  }
}
