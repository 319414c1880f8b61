import type { UsageQuery } from '../../../../contract/platform-books.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { ForbiddenError, InvalidInputError } from '../../../base/errors.ts';
import type { CallFilter } from '../../../metering/usage-store.ts';

const THIRTY_DAYS_IN_MS = 30 * 24 * 3_600_000;

/** What somebody asks for and may see: members only what they used themselves. */
export function callFilterOf(
  actor: Actor,
  { from: askedFrom, to: askedTo, ...more }: Omit<UsageQuery, 'by' | 'per'>,
  now: number,
): CallFilter {
  const to = askedTo ?? now + 1;
  const from = askedFrom ?? to - THIRTY_DAYS_IN_MS;
  if (from >= to) throw new InvalidInputError('The time must end after it begins.', { field: 'to' });
  const { userId, keyId, teamId, characterId, model, door, kind } = more;
  if (actor.role !== 'owner' && userId !== undefined && userId !== actor.userId) {
    throw new ForbiddenError('Only the owner of this house may see what others use.', { code: 'owner-only' });
  }
  const whose = actor.role === 'owner' ? userId : actor.userId;
  return { from, to, userId: whose, keyId, teamId, characterId, model, door, kind };
}
