import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationList } from '../../contract/conversations.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { activePath, expectSoundTree, readTree } from './support/check-tree.ts';
import { startHouseProcess } from './support/house-process.ts';
import { Mover } from './support/mover.ts';
import { talkingScript } from './support/scripts.ts';
import { sillyTavernFolder, writeFolder } from './support/silly-tavern-folder.ts';
import { createTestDatabase, isFull, type TestDatabase } from './support/test-database.ts';

const kills = isFull ? 30 : 3;
const shape = { characters: 3, chatsPerCharacter: 4, messagesPerChat: 240 };
/** Four chats of three people, one torn at its end, one of nobody, one of a group. */
const ALL = 3 * 4 + 3;

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-moving-'));
  database = await createTestDatabase();
  await writeFolder(sillyTavernFolder(shape), join(folder, 'tavern'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Whatever is shown must be whole. */
async function expectWholeConversations(): Promise<number> {
  const { postgres } = database;
  await using storage = await openStorage({
    dataDirectory: join(folder, 'data'),
    clock: systemClock,
    ...(postgres ? { postgres } : {}),
  });
  const shown = await storage.db
    .selectFrom('conversation')
    .select(['id', 'title'])
    .where('deletedAt', 'is', null)
    .execute();
  const lengths: number[] = [];
  for (const { id } of shown) {
    const tree = await readTree(storage.db, id);
    expectSoundTree(tree);
    lengths.push(activePath(tree).length);
  }
  // A branch, a group, a torn chat and the one of nobody are short; every other one has all its messages.
  expect(lengths.filter((length) => ![4, 2, 3, 240].includes(length))).toEqual([]);
  return shown.length;
}

/** Milliseconds between two looks at how far a move is. */
const LOOK_EVERY_MS = 15;

/** Waits until so much of the folder is in, and a little by chance; false when all of it came in meanwhile. */
async function isAmidst(mover: Mover, share: number): Promise<boolean> {
  for (;;) {
    const { state, progress } = await mover.status();
    if (state !== 'importing') return false;
    if (progress.total > 0 && progress.done >= progress.total * share) break;
    // The house takes so many questions a minute.
    await delay(LOOK_EVERY_MS);
  }
  await delay(Math.random() * 20);
  return (await mover.status()).state === 'importing';
}

test(
  `${kills} kills while a folder moves in: nothing half is shown, and the rerun completes it without doubles`,
  { timeout: (kills + 1) * 60_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script: talkingScript, postgres: database.postgres });
    let cutOff = 0;
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      const mover = new Mover(house.owner);
      await mover.survey(join(folder, 'tavern'));
      await mover.start();
      if (await isAmidst(mover, number / kills)) cutOff += 1;
      await house.kill();
      expect(await expectWholeConversations()).toBeLessThanOrEqual(ALL);
    }
    await using last = await start();
    await new Mover(last.owner).moveIn(join(folder, 'tavern'));
    const { conversations } = await last.owner.call<ConversationList>('GET', '/api/conversations?limit=100');
    expect(conversations).toHaveLength(ALL);
    const { total } = await last.owner.call<{ total: number }>('GET', '/api/library?kind=mine');
    expect(total).toBe(5);
    expect(await last.stop()).toBe(0);
    expect(await expectWholeConversations()).toBe(ALL);
    // Otherwise the kills met nobody at work.
    expect(cutOff).toBeGreaterThan(0);
  },
);
