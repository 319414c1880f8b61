import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';

/**
 * A cookie over our own TLS carries the prefix `__Host-` (RFC 6265bis §4.1.3.2). The house also speaks plain http on
 * the same names, and browsers keep cookies by name, not by port: without the prefix a sign-in there could neither
 * replace a secure cookie nor be kept from putting one in its place.
 */
const PREFIX = '__Host-';

/** True for requests that came over the house's own TLS, not through a proxy. */
export function isOwnTls(request: FastifyRequest): boolean {
  return (request.raw.socket as Partial<TLSSocket>).encrypted === true;
}

export function secureCookie(cookie: string): string {
  return `${PREFIX}${cookie}; Secure`;
}

/** The `Cookie` header as plain http would have it: secure cookies without their prefix, and no others. */
export function readSecureCookies(header: string): string {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(PREFIX))
    .map((pair) => pair.slice(PREFIX.length))
    .join('; ');
}
