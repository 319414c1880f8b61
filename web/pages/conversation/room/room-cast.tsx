import { createContext, use, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Message } from '../../../../contract/messages.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { useMe } from '../../../state/use-me.ts';

/** Colours for names; `tokens.css` gives each in light and dark. */
const ACCENTS = 8;

/** Who is part of a conversation, as far as rows of messages need to know it. */
export interface RoomCast {
  /** False while one human talks with one character. */
  isRoom: boolean;
  isHost: boolean;
  /** May choose the course of the story. */
  maySteer: boolean;
  /** May have messages translated and read aloud. */
  hasReadingHelp: boolean;
  /** May let a model write or suggest what they say next. */
  hasWritingHelp: boolean;
  /** Said by the director, so that it is worth telling. */
  isDirected: boolean;
  /** The account of whoever reads. */
  readerId: string;
  /** Who the reader is here; null in old imports. */
  seatId: string | null;
  participants: readonly Participant[];
}

const plain: RoomCast = {
  isRoom: false,
  isHost: true,
  maySteer: true,
  hasReadingHelp: true,
  hasWritingHelp: true,
  isDirected: false,
  readerId: '',
  seatId: null,
  participants: [],
};
const RoomCastContext = createContext<RoomCast>(plain);

export function useRoomCast(): RoomCast {
  return use(RoomCastContext);
}

/** Tells the rows below who is who. The value changes only when somebody's looks or rights do, not with every word. */
export function RoomCastOf({ conversation, children }: { conversation: Conversation; children: ReactNode }) {
  const { id: readerId } = useMe();
  const { room, mine, seatId, participants } = conversation;
  const shown = participants.map(({ id, kind, subjectId, name, role, pictureUrl, position }) =>
    [id, kind, subjectId, name, role, pictureUrl, position].join('\u0000'),
  );
  const key = [
    room === null,
    room?.guestsMay,
    room?.guestsRead,
    room?.guestsWrite,
    room?.turnOrder,
    mine,
    seatId,
    readerId,
    ...shown,
  ].join('\u0001');
  const cast = useMemo<RoomCast>(
    () => ({
      isRoom: room !== null,
      isHost: mine,
      maySteer: mine || room?.guestsMay === 'steer',
      hasReadingHelp: mine || room?.guestsRead === true,
      hasWritingHelp: mine || room?.guestsWrite === true,
      isDirected: room?.turnOrder === 'director',
      readerId,
      seatId,
      participants,
    }),
    // oxlint-disable-next-line react/exhaustive-deps -- the key holds all of it that is shown
    [key],
  );
  return <RoomCastContext value={cast}>{children}</RoomCastContext>;
}

/** Whoever said a message, while they are known here. */
export function speakerOf({ participants }: RoomCast, { author }: Pick<Message, 'author'>): Participant | undefined {
  return participants.find(({ kind, subjectId }) => kind === author.kind && subjectId === author.id);
}

/** True where the reader said it. Without a room every human's words are theirs. */
export function isOwn({ isRoom, readerId }: RoomCast, { author }: Pick<Message, 'author'>): boolean {
  return author.kind === 'human' && (!isRoom || author.id === readerId);
}

/** The number of somebody's colour: the same however the list is ordered, and different from those who came next. */
export function accentOf({ participants }: RoomCast, { id }: Pick<Participant, 'id'>): number {
  const place = participants
    .map((one) => one.id)
    .toSorted()
    .indexOf(id);
  return Math.max(0, place) % ACCENTS;
}

/** What the reader may do with a message. */
export interface MessageRights {
  edit: boolean;
  remove: boolean;
  steer: boolean;
  host: boolean;
  /** Translate it, hear it. */
  read: boolean;
  /** Have the next message written. */
  write: boolean;
}

export function rightsOver(cast: RoomCast, message: Pick<Message, 'author'>): MessageRights {
  const { isRoom, isHost, maySteer, hasReadingHelp, hasWritingHelp } = cast;
  const own = isOwn(cast, message);
  return {
    edit: !isRoom || own || (isHost && message.author.kind !== 'human'),
    remove: isHost || own,
    steer: maySteer,
    host: isHost,
    read: hasReadingHelp,
    write: hasWritingHelp,
  };
}
