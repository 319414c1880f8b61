import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { besideServer } from './support/beside-server.ts';
import { activePath, expectSoundTree, readTree } from './support/check-tree.ts';
import { crashScript } from './support/crash-round.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, isFull, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const kills = isFull ? 40 : 2;

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-rooms-kill-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test(
  `${kills} kills while characters take turns by themselves: the tree is whole, nobody spoke twice, all is idle`,
  { timeout: kills * 60_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script: crashScript, postgres: database.postgres });
    let id: string | null = null;
    let replies = 0;
    for (let number = 0; number <= kills; number += 1) {
      await using house = await start();
      const { owner } = house;
      if (id === null) {
        ({ id } = await owner.begin());
        for (const characterId of ['starter-wren', 'starter-tomas']) {
          await owner.call('POST', `/api/conversations/${id}/participants`, { characterId });
        }
        const room = { turnOrder: 'list', mostReplies: 12, autoRun: true, autoRunDelayInSeconds: 0 };
        await owner.call('PATCH', `/api/conversations/${id}/room`, room);
      }
      const there: string = id;
      const tree = await besideServer({ folder, database }, ({ db }) => readTree(db, there));
      expectSoundTree(tree);
      const said = activePath(tree).filter(({ author }) => author.kind === 'character');
      expect(said.length).toBeGreaterThanOrEqual(replies);
      for (const { state } of said) expect(['done', 'interrupted']).toContain(state);
      const parents = tree.nodes.filter(({ depth }) => depth > 0).map(({ parentId }) => parentId);
      expect(new Set(parents).size).toBe(parents.length);
      await using watcher = owner.watch(there);
      const { run, conversation } = await watcher.event('conversation-snapshot');
      expect(run).toBeNull();
      expect(conversation.replying).toBe(false);
      if (number === kills) break;
      await owner.say(there, `round ${number}`);
      // At the second reply of the run: one has ended, one is being written or about to begin.
      await until('they take turns', () => watcher.events.filter(({ type }) => type === 'reply-end').length > 0);
      replies = said.length + 1;
      await house.kill();
    }
  },
);
