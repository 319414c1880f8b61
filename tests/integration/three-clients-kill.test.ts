import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { besideServer } from './support/beside-server.ts';
import { Device } from './support/device.ts';
import { startHouseProcess, type HouseProcess } from './support/house-process.ts';
import { comeAsGuest, inviteTo } from './support/room-people.ts';
import { threeClientsScript } from './support/three-clients-script.ts';
import { stepArbitrary, type Step } from './support/three-clients-steps.ts';
import { ThreeClients } from './support/three-clients.ts';
import { createTestDatabase, isFull, type TestDatabase } from './support/test-database.ts';

/** Each costs the start of a server: the sample is one, at any moment of the work. */
const KILLS = isFull ? 200 : 1;

/** Another number is another run. */
const SEED = Number(process.env['EVERWITH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-devices-kill-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test(
  `${KILLS} kill(s) of the server while three devices talk: what was acknowledged is there, once, and they agree again`,
  { timeout: KILLS * 60_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script: threeClientsScript, postgres: database.postgres });
    let house: HouseProcess = await start();
    try {
      const { id } = await house.owner.begin('starter-mira', { characterIds: ['starter-wren'] });
      const guest = await comeAsGuest(house, { token: await inviteTo(house.owner, id), name: 'Kim' });
      await house.owner.call('PATCH', `/api/conversations/${id}/room`, { guestsMay: 'steer', mostReplies: 2 });
      const common = { address: () => house.address, conversationId: id };
      const host = { authorization: house.authorization };
      using phone = new Device({ ...common, name: 'phone', headers: host });
      using desktop = new Device({ ...common, name: 'desktop', headers: host });
      using guests = new Device({ ...common, name: 'guest', headers: guest.credential });
      const talk = new ThreeClients(id, [phone, desktop, guests]);
      await talk.ready();
      const round = fc.tuple(
        fc.array(stepArbitrary, { minLength: 12, maxLength: 24 }),
        fc.integer({ min: 0, max: 250 }),
      );
      for (const [kill, [steps, after]] of fc.sample(round, { numRuns: KILLS, seed: SEED }).entries()) {
        // Nobody waits for an answer: the kill falls into the middle of the work.
        const hurried: Step[] = steps.map((step) => ({ ...step, waits: false }));
        const playing = talk.play(hurried);
        await delay(after);
        await house.kill();
        await playing;
        house = await start();
        await talk.settle();
        await besideServer({ folder, database }, ({ db }) => talk.check(db));
        // A run of hours tells as it goes.
        if (isFull) process.stdout.write(`kill ${kill + 1} of seed ${SEED} after ${after} ms\n`);
      }
    } finally {
      await house[Symbol.asyncDispose]();
    }
  },
);
