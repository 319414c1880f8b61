import type { KeyScope } from '../../contract/accounts.ts';
import { ForbiddenError } from '../base/errors.ts';

/** Who asks. Made by the doors from a session, an API key or the terminal's token; features trust nothing else. */
export interface Actor {
  userId: string;
  role: 'owner' | 'member';
  via: 'session' | 'key' | 'terminal';
  /** For sessions and the terminal: `['all']`. */
  scopes: readonly KeyScope[];
  sessionId: string | null;
}

export function requireOwner(actor: Actor): void {
  if (actor.role !== 'owner')
    throw new ForbiddenError('Only the owner of this house may do this.', { code: 'owner-only' });
}
