import type { Accounts } from './accounts/accounts.ts';
import type { RoomsContext } from './features/rooms/rooms-context.ts';
import { RoomInvites } from './features/rooms/room-invites.ts';
import { Rooms } from './features/rooms/rooms.ts';

/** Who belongs to which room, and the links by which humans come in. */
export function openRooms({
  accounts,
  ...chat
}: Omit<RoomsContext, 'guests' | 'nameOf'> & { accounts: Pick<Accounts, 'door' | 'people'> }): {
  rooms: Rooms;
  roomInvites: RoomInvites;
} {
  const { door, people } = accounts;
  const context: RoomsContext = {
    ...chat,
    guests: {
      add: (trx, guest) => door.addGuest(trx, guest),
      signIn: (guest) => door.signInGuest(guest),
    },
    nameOf: (userId) => people.nameOf(userId),
  };
  const rooms = new Rooms(context);
  return { rooms, roomInvites: new RoomInvites(context, rooms) };
}
