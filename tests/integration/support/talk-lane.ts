import type { Me } from '../../../contract/accounts.ts';
import { Caller } from './caller.ts';
import { type ChatHouse } from './open-house.ts';

/** A host and a guest who hold one conversation after the other. */
export interface TalkLane {
  host: Caller;
  guest: Caller;
  /** A new conversation with both; with two characters where it is a room. Resolves with its id. */
  begin(isRoom: boolean): Promise<string>;
}

/**
 * Opens a lane of a house that trusts a proxy's word on addresses. Its people have accounts, for only so many may
 * come without one in a minute.
 */
export async function openTalkLane(house: ChatHouse, number: number): Promise<TalkLane> {
  const at = { 'x-forwarded-for': `192.0.2.${number + 1}` };
  const person = async (name: string) => {
    const { credential } = await house.member(`${name}-${number}`, at);
    return new Caller(() => house.address, { ...credential, ...at });
  };
  const [host, guest] = [await person('host'), await person('kim')];
  const [{ id: ownerId }, { id: userId }] = [
    await host.call<Me>('GET', '/api/me'),
    await guest.call<Me>('GET', '/api/me'),
  ];
  const { rooms, conversations } = house.app;
  return {
    host,
    guest,
    async begin(isRoom) {
      const { id } = await host.begin('starter-mira', isRoom ? { characterIds: ['starter-wren'] } : {});
      const node = await rooms.atEnd({ id, ownerId }, (trx, path) => rooms.admit(trx, path, { userId, name: 'Kim' }));
      await conversations.tell(node);
      await host.call('PATCH', `/api/conversations/${id}/room`, { guestsMay: 'steer', mostReplies: 2 });
      return id;
    },
  };
}
