import { roomSettingsSchema, type RoomSettings } from '../../../contract/rooms.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../base/errors.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';

/** How a room goes; what nobody has chosen yet is as the house has it. */
export function parseRoom(room: string | null): RoomSettings {
  return roomSettingsSchema.parse(room === null ? {} : JSON.parse(room));
}

/** Somebody who belongs to the room and has not left it. */
export function requireOf(
  participants: readonly ParticipantRecord[],
  id: string,
  field = 'participantId',
): ParticipantRecord {
  const found = participants.find((one) => one.id === id);
  if (!found || found.leftAt !== null) throw new NotFoundError('There is nobody of this id in the room.', { field });
  return found;
}

export function requireThere({ id, name }: ParticipantRecord, present: Readonly<Record<string, string>>): void {
  if (id in present) return;
  throw new ConflictError(`${name} is not there: let them come in first.`, {
    code: 'not-there',
    field: 'participantIds',
  });
}

export function isOtherCharacter(one: ParticipantRecord, { id }: ParticipantRecord): boolean {
  return one.kind === 'character' && one.leftAt === null && one.id !== id;
}

export function hostStays(): ForbiddenError {
  return new ForbiddenError('The host cannot leave the room: delete the conversation instead.', { code: 'host-stays' });
}
