import fc from 'fast-check';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Device } from './support/device.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { openTalkLane, type TalkLane } from './support/talk-lane.ts';
import { threeClientsScript } from './support/three-clients-script.ts';
import { stepArbitrary, type Step } from './support/three-clients-steps.ts';
import { ThreeClients } from './support/three-clients.ts';
import { isFull } from './support/test-database.ts';

/** Talks that go on at once in one house, each of its own people: what one waits for, another one works in. */
const LANES = 4;
/** In one house, so that what it remembers of everybody stays small. */
const TALKS = isFull ? 200 : 24;
/** More than ten thousand talks when all are asked for. */
const HOUSES = isFull ? 52 : 1;
/** Another number is another run; that of a run that failed plays its talks again, as far as their times allow. */
const SEED = Number(process.env['EVERWITH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** One conversation with one or two characters, from the first look of three devices to the last. */
async function playTalk(house: ChatHouse, lane: TalkLane, steps: readonly Step[], isRoom: boolean): Promise<void> {
  const id = await lane.begin(isRoom);
  const common = { address: () => house.address, conversationId: id };
  using phone = new Device({ ...common, name: 'phone', headers: lane.host.credential });
  using desktop = new Device({ ...common, name: 'desktop', headers: lane.host.credential });
  using guests = new Device({ ...common, name: 'guest', headers: lane.guest.credential });
  const talk = new ThreeClients(id, [phone, desktop, guests]);
  await talk.ready();
  await talk.play(steps);
  await talk.settle();
  await talk.check(house.app.storage.db);
}

describe.each(Array.from({ length: HOUSES }, (_, index) => index))('house %i', (index) => {
  test(
    `${TALKS} random talks from three devices over bad networks: one truth, nothing lost, nothing twice, nothing overheard`,
    { timeout: TALKS * 60_000 },
    async () => {
      await using house = await openHouse({
        script: threeClientsScript,
        // A house behind a proxy: each lane comes from an address of its own, as calls of one are limited.
        environment: { EVERWITH_ALLOWED_HOSTS: 'house.test' },
      });
      let played = 0;
      const seeds = Array.from({ length: LANES }, (_, lane) => SEED + index * LANES + lane);
      const lanes = seeds.map(async (seed, number) => {
        const lane = await openTalkLane(house, number);
        const property = fc.asyncProperty(
          fc.array(stepArbitrary, { minLength: 3, maxLength: 14 }),
          fc.boolean(),
          async (steps, isRoom) => {
            await playTalk(house, lane, steps, isRoom);
            played += 1;
          },
        );
        await fc.assert(property, { seed, numRuns: TALKS / LANES, endOnFailure: true });
      });
      const ended = await Promise.allSettled(lanes);
      const failures = ended.flatMap((lane) => (lane.status === 'rejected' ? [lane.reason as unknown] : []));
      const told = failures.map((failure) => inspect(failure, { depth: 4 })).join('\n\n');
      // A run of hours tells as it goes.
      if (isFull) process.stdout.write(`house ${index}: ${played} talks, seeds ${seeds.join(' ')}\n${told}\n`);
      if (failures.length > 0) throw new AggregateError(failures, told);
      expect(played).toBe(TALKS);
    },
  );
});
