import type { UsageQuery } from '../../../../contract/platform-books.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import type { CallFilter } from '../../../metering/usage-store.ts';
import type { BooksContext } from './books-context.ts';

const THIRTY_DAYS_IN_MS = 30 * 24 * 3_600_000;

/**
 * What somebody asks for and may see: members what they used themselves, and in a team they belong to what everybody
 * used for it. Throws `NotFoundError` for the team of others.
 */
export async function callFilterOf(
  { clock, teams }: Pick<BooksContext, 'clock' | 'teams'>,
  actor: Actor,
  { from: askedFrom, to: askedTo, ...more }: Omit<UsageQuery, 'by' | 'per'>,
): Promise<CallFilter> {
  const to = askedTo ?? clock.now() + 1;
  const from = askedFrom ?? to - THIRTY_DAYS_IN_MS;
  if (from >= to) throw new InvalidInputError('The time must end after it begins.', { field: 'to' });
  const { userId, keyId, teamId, characterId, model, door, purpose, kind } = more;
  const filter = { from, to, keyId, teamId, characterId, model, door, purpose, kind };
  if (actor.role === 'owner') return { ...filter, userId };
  if (teamId !== undefined) {
    if ((await teams.roleOf(actor, teamId)) === null) {
      throw new NotFoundError('There is no such team.');
    }
    return { ...filter, userId };
  }
  if (userId !== undefined && userId !== actor.userId) {
    throw new ForbiddenError('Only the owner of this house may see what others use.', { code: 'owner-only' });
  }
  return { ...filter, userId: actor.userId };
}
