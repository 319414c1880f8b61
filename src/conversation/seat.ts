import type { ParticipantRecord } from './participant-store.ts';
import { witnesses } from './stage.ts';
import type { ConversationRecord, MessageNode } from './tree-types.ts';

/** The place from which somebody reads a conversation: the host's own, or that of a guest who is part of it. */
export interface Seat {
  conversation: ConversationRecord;
  seat: ParticipantRecord;
}

/** The host's place where an old import lists nobody: there from the beginning. */
export function hostSeat({ id, ownerId, createdAt }: ConversationRecord): ParticipantRecord {
  return {
    id: `host-${id}`.slice(0, 128),
    conversationId: id,
    kind: 'human',
    subjectId: ownerId,
    name: '',
    role: 'host',
    fromStart: true,
    personaId: null,
    characterVersionId: null,
    muted: false,
    talkativeness: 50,
    position: 0,
    createdAt,
    leftAt: null,
  };
}

export function isHost({ role }: Pick<ParticipantRecord, 'role'>): boolean {
  return role === 'host';
}

/** True where the reader heard a message, and may read its words. */
export function hears(seat: Pick<ParticipantRecord, 'id' | 'fromStart'>, node: Pick<MessageNode, 'audience'>): boolean {
  return witnesses(node, seat);
}
