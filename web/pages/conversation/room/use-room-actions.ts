import type { Conversation } from '../../../../contract/conversations.ts';
import type { UpdateParticipant, UpdateRoom } from '../../../../contract/rooms.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';

export interface RoomActions {
  guard: <Value>(work: Promise<Value>) => Promise<Value | undefined>;
  change: (participantId: string, body: UpdateParticipant) => Promise<unknown>;
  move: (participantId: string, present: boolean) => Promise<unknown>;
  /** An empty `door` opens it. */
  door: (participantIds: readonly string[], door: string) => Promise<unknown>;
  remove: (participantId: string) => Promise<unknown>;
  update: (body: UpdateRoom) => Promise<unknown>;
  run: (action: 'start' | 'pause' | 'stop') => Promise<unknown>;
}

/** What the host can do about a room. Failures are told as a toast; the page follows by the conversation's events. */
export function useRoomActions({ id }: Pick<Conversation, 'id'>): RoomActions {
  const guard = useGuard();
  const params = { id };
  return {
    guard,
    change: (participantId, body) =>
      guard(api.call('updateParticipant', { params: { ...params, participantId }, body })),
    move: (participantId, present) =>
      guard(api.call('moveParticipant', { params: { ...params, participantId }, body: { present } })),
    door: (participantIds, door) =>
      guard(api.call('closeDoor', { params, body: { participantIds: [...participantIds], door } })),
    remove: (participantId) => guard(api.call('removeParticipant', { params: { ...params, participantId } })),
    update: (body) => guard(api.call('updateRoom', { params, body })),
    run: (action) => guard(api.call('controlRun', { params, body: { action } })),
  };
}
