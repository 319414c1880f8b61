import type { Conversation } from '../../../contract/conversations.ts';
import type { Participant } from '../../../contract/rooms.ts';
import { listNames, membersOf } from '../conversation/room/room-title.ts';

/** Who of a room is in a call of it. */
export interface CallRoom {
  characters: readonly Participant[];
  /** Other humans belong to the room: they do not hear the call. */
  hasOtherPeople: boolean;
}

export type CalledConversation = Pick<Conversation, 'character' | 'participants' | 'room'>;

/** Null where one human talks with one character. */
export function callRoomOf(conversation: CalledConversation): CallRoom | null {
  if (conversation.room === null) return null;
  const members = membersOf(conversation);
  return {
    characters: members.filter(({ kind, present }) => kind === 'character' && present),
    // One of them is the reader.
    hasOtherPeople: members.filter(({ kind }) => kind === 'human').length > 1,
  };
}

/** Names that fit over a call; the faces show the others. */
const MOST_NAMES = 4;

/** Who is called, in words: the character, or those of the room. */
export function calledName(conversation: CalledConversation): string {
  const names = callRoomOf(conversation)?.characters.map(({ name }) => name) ?? [];
  return names.length === 0 ? conversation.character.name : listNames(names.slice(0, MOST_NAMES));
}
