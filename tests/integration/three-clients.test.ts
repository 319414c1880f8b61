import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Me } from '../../contract/accounts.ts';
import type { Caller } from './support/caller.ts';
import { Device } from './support/device.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { threeClientsScript } from './support/three-clients-script.ts';
import { stepArbitrary, ThreeClients, type Step } from './support/three-clients.ts';
import { isFull } from './support/test-database.ts';

/** With the kills of `three-clients-kill` more than ten thousand. */
const CASES = isFull ? 10_000 : 12;

let house: ChatHouse;
let owner: Caller;
/** Has an account, for only so many may come without one in a minute. */
let kim: Caller;

beforeAll(async () => {
  house = await openHouse({ script: threeClientsScript });
  ({ owner } = house);
  kim = await house.member('kim');
});
afterAll(() => house[Symbol.asyncDispose]());

/** Kim comes in; not by the door, which takes only so many in a minute. */
async function letIn(id: string): Promise<void> {
  const { rooms, conversations, accounts } = house.app;
  const { id: userId } = await kim.call<Me>('GET', '/api/me');
  const { userId: ownerId } = accounts.terminalActor;
  await conversations.tell(
    await rooms.atEnd({ id, ownerId }, (trx, path) => rooms.admit(trx, path, { userId, name: 'Kim' })),
  );
}

/** One room with two characters; every third case is no room but for its guest. */
async function playCase(steps: readonly Step[], isRoom: boolean): Promise<void> {
  const { id } = await owner.begin('starter-mira', isRoom ? { characterIds: ['starter-wren'] } : {});
  await letIn(id);
  await owner.call('PATCH', `/api/conversations/${id}/room`, { guestsMay: 'steer', mostReplies: 2 });
  const common = { address: () => house.address, conversationId: id };
  const host = { authorization: `Bearer ${house.terminalToken}` };
  using phone = new Device({ ...common, name: 'phone', headers: host });
  using desktop = new Device({ ...common, name: 'desktop', headers: host });
  using guests = new Device({ ...common, name: 'guest', headers: kim.credential });
  const talk = new ThreeClients(id, [phone, desktop, guests]);
  await talk.ready();
  await talk.play(steps);
  await talk.settle();
  await talk.check(house.app.storage.db);
}

test(
  `${CASES} random talks from three devices over bad networks: one truth, nothing lost, nothing twice, nothing overheard`,
  { timeout: CASES * 20_000 },
  async () => {
    let played = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 3, maxLength: 14 }),
        fc.boolean(),
        async (steps, isRoom) => {
          await playCase(steps, isRoom);
          played += steps.length;
        },
      ),
      { numRuns: CASES, endOnFailure: true },
    );
    expect(played).toBeGreaterThan(CASES * 3);
  },
);
