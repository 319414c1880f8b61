import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { isHost, type Seat } from '../../conversation/seat.ts';
import { witnesses } from '../../conversation/stage.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import { readRoom } from '../../conversation/read-room.ts';

type Place = Pick<ParticipantRecord, 'id' | 'role' | 'subjectId' | 'fromStart'>;

/** What was not heard cannot be changed, answered or explained. */
export function requireHeard(node: Pick<MessageNode, 'audience'>, seat: Place): void {
  if (witnesses(node, seat)) return;
  throw new NotFoundError('You did not hear this message.', { code: 'message-withheld' });
}

/** True where it was this human who said it. */
export function isAuthor(seat: Place, { author }: Pick<MessageNode, 'author'>): boolean {
  return author.kind === 'human' && author.id === seat.subjectId;
}

/** Choosing the course of the story is the host's, and the guests' where the host lets them. */
export function requireSteering({ conversation, seat }: Seat): void {
  if (isHost(seat) || readRoom(conversation)?.guestsMay === 'steer') return;
  throw new ForbiddenError('Only the host chooses how it goes on here. Ask them to let guests do it too.', {
    code: 'host-only',
  });
}

/** One's own words, and for the host those of characters; nobody edits another human's, nor what happened. */
export function requireEditing(seat: Place, node: MessageNode): void {
  requireHeard(node, seat);
  if (node.parts.some(({ type }) => type === 'event')) {
    throw new InvalidInputError('What happened in the story cannot be edited; it can be deleted.', { field: 'id' });
  }
  if (isAuthor(seat, node) || (isHost(seat) && node.author.kind !== 'human')) return;
  // An old import may have put the host's words under an id that is nobody's.
  if (isHost(seat) && node.audience === 'everyone') return;
  throw new ForbiddenError('Only whoever said it may edit it.', { code: 'not-yours' });
}

/** The host may delete everything, also what the host did not hear; guests their own words. */
export function requireDeleting(seat: Place, node: MessageNode): void {
  if (isHost(seat) || isAuthor(seat, node)) return;
  requireHeard(node, seat);
  throw new ForbiddenError('Only the host and whoever said it may delete it.', { code: 'not-yours' });
}

/** A guest takes back what the guest deleted; what the host took away stays away until the host restores it. */
export function requireOwnDeletion(seat: Place, deleterId: string | null | undefined): void {
  if (deleterId === seat.subjectId) return;
  throw new ForbiddenError('The host deleted this message: only the host restores it.', { code: 'host-only' });
}

/** Refuses a whisper to somebody who is not there, naming whom. */
export function requireListeners(
  to: readonly string[] | undefined,
  { present, participants }: { present: Readonly<Record<string, string>>; participants: readonly ParticipantRecord[] },
): void {
  for (const id of to ?? []) {
    const listener = participants.find((participant) => participant.id === id);
    if (!listener) throw new NotFoundError('There is nobody of this id in the conversation.', { field: 'to' });
    if (id in present && listener.leftAt === null) continue;
    throw new ConflictError(`${listener.name} is not there to hear it.`, { code: 'not-there', field: 'to' });
  }
}
