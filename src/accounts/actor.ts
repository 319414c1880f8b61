import type { KeyScope } from '../../contract/accounts.ts';
import { ForbiddenError } from '../base/errors.ts';

/** What somebody is in the house. */
export type UserRole = 'owner' | 'member' | 'guest';

/** Who asks. Made by the doors from a session, an API key or the terminal's token; features trust nothing else. */
export interface Actor {
  userId: string;
  /** A `guest` came by a link into a room and reaches nothing else. */
  role: UserRole;
  via: 'session' | 'key' | 'terminal';
  /** For sessions and the terminal: `['all']`. */
  scopes: readonly KeyScope[];
  sessionId: string | null;
  /** Which key was used; only for `via: 'key'`. */
  key?: ActorKey;
  /** Asks in a batch that somebody left here. */
  inBatch?: true;
}

/** What an API key says besides whom it speaks for. */
export interface ActorKey {
  id: string;
  /** The team that pays and whose limits hold; null = its person. */
  teamId: string | null;
  /** Names of models it may use; null = all. */
  models: readonly string[] | null;
  /** Null = only the limits of the house. */
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
}

export function requireOwner(actor: Actor): void {
  if (actor.role !== 'owner')
    throw new ForbiddenError('Only the owner of this house may do this.', { code: 'owner-only' });
}

/** What is stored as a role; an unknown one reaches least. */
export function asRole(role: unknown): UserRole {
  return role === 'owner' || role === 'member' ? role : 'guest';
}
