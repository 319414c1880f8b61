import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from '../base/errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for the handshake of a WebSocket, which browsers let every page begin, with the cookies of its target. */
export function isHandshake(request: FastifyRequest): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Refuses changes and sockets that another site makes in a visitor's browser. Browsers send `Origin` or
 * `Sec-Fetch-Site` with every unsafe request; a request with neither is not from a browser
 * (https://words.filippo.io/csrf/). Requests that carry a bearer token need no check: no page can add it.
 */
export function requireSameOrigin(request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method) && !isHandshake(request)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const sameOrigin = origin === undefined || originHost(origin) === request.host.toLowerCase();
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  if (sameOrigin && sameSite) return;
  throw new ForbiddenError('This request comes from another site, so nothing was changed.', { code: 'foreign-origin' });
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
