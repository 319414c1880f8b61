import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { REALTIME_KEY_SUBPROTOCOL } from '../../contract/realtime.ts';
import type { Authentication, Authenticator, Credentials } from '../accounts/authenticator.ts';
import { ForbiddenError, UnauthenticatedError } from '../base/errors.ts';
import { isHandshake, requireSameOrigin } from './origin-guard.ts';
import { requireScope } from './require-scope.ts';
import { isOwnTls, readSecureCookies, secureCookie } from './tls/host-cookies.ts';

/** Finds out who asks, and lets only those in whom the route's `access` and `scope` name. */
export function createAuthHook(authenticator: Authenticator): onRequestAsyncHookHandler {
  return async function authenticate(request, reply) {
    const { access, scope, guests } = request.routeOptions.config;
    if (access === undefined) return;
    const authorization = authorizationOf(request);
    if (authorization === undefined) requireSameOrigin(request);
    const authentication = await readCredentials({
      credentials: { authorization, cookie: readCookies(request) },
      authenticator,
      isPublic: access === 'public',
    });
    if (authentication) {
      request.visitor = authentication.actor;
      setCookies({ request, reply, cookies: authentication.setCookies });
    }
    if (access === 'public') return;
    const { actor } = request;
    requireScope(actor, scope);
    if (actor.role === 'guest' && guests !== true) {
      throw new ForbiddenError('Guests reach only the rooms they were invited to. Ask the owner for an account here.', {
        code: 'guest-only',
      });
    }
    if (access === 'owner' && actor.role !== 'owner') {
      throw new ForbiddenError('Only the owner of this house may do this.', { code: 'owner-only' });
    }
  };
}

/** Adds cookies to a reply; over https they are marked so that they never leave it. */
export function setCookies({
  request,
  reply,
  cookies,
}: {
  request: FastifyRequest;
  reply: FastifyReply;
  cookies: readonly string[];
}): void {
  for (const cookie of cookies) {
    const secured = isOwnTls(request) ? secureCookie(cookie) : `${cookie}; Secure`;
    reply.header('set-cookie', request.protocol === 'https' ? secured : cookie);
  }
}

/** The `Cookie` header in the names that accounts know. */
export function readCookies(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie !== undefined && isOwnTls(request) ? readSecureCookies(cookie) : cookie;
}

/** The header, or what stands in for it in the handshake of a WebSocket, where pages cannot set headers. */
function authorizationOf(request: FastifyRequest): string | undefined {
  const { authorization, 'x-api-key': key } = request.headers;
  // Anthropic's clients say it so.
  if (authorization === undefined && typeof key === 'string') return `Bearer ${key}`;
  if (authorization !== undefined || !isHandshake(request)) return authorization;
  const offered = request.headers['sec-websocket-protocol']?.split(',') ?? [];
  const offeredKey = offered.map((name) => name.trim()).find((name) => name.startsWith(REALTIME_KEY_SUBPROTOCOL));
  return offeredKey === undefined ? undefined : `Bearer ${offeredKey.slice(REALTIME_KEY_SUBPROTOCOL.length)}`;
}

async function readCredentials({
  credentials,
  authenticator,
  isPublic,
}: {
  credentials: Credentials;
  authenticator: Authenticator;
  isPublic: boolean;
}): Promise<Authentication | null> {
  if (credentials.authorization === undefined && credentials.cookie === undefined) return null;
  try {
    return await authenticator.authenticate(credentials);
  } catch (error) {
    if (isPublic && error instanceof UnauthenticatedError) return null;
    throw error;
  }
}
