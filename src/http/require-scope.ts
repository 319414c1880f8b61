import type { Actor } from '../accounts/actor.ts';
import { ForbiddenError } from '../base/errors.ts';
import type { RouteScope } from './http-app.ts';

/** Throws where a key has not one of the scopes that a route wants. */
export function requireScope(actor: Actor, scope: RouteScope | readonly RouteScope[] | undefined): void {
  if (actor.via !== 'key') return;
  const wanted: readonly RouteScope[] = scope === undefined ? [] : typeof scope === 'string' ? [scope] : scope;
  if (wanted.includes('account')) {
    throw new ForbiddenError('API keys may not manage accounts. Sign in to do this.', { code: 'scope' });
  }
  if (actor.scopes.includes('all') || wanted.some((name) => name !== 'account' && actor.scopes.includes(name))) return;
  throw new ForbiddenError('This API key has not the scope for this.', {
    code: 'scope',
    details: { needed: wanted.length > 0 ? wanted.join(' ') : 'all' },
  });
}
