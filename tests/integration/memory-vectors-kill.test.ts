import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMessages } from '../../src/conversation/message-store.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import { passageText } from '../../src/memory/recall/passage-text.ts';
import { hashOfText } from '../../src/memory/words-hash.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, isFull, onPostgres, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const counts = onPostgres ? { sample: 2, full: 50 } : { sample: 3, full: 200 };
const kills = isFull ? counts.full : counts.sample;
/** Most of a round is the start of a server. */
const LIMIT_PER_KILL_IN_MS = 60_000;
const DIMENSIONS = 64;

/** Slow enough that kills meet it at work. */
const script: ScriptInput = { otherwise: 'echo', embeddings: [{ dimensions: DIMENSIONS, delayInMs: 8 }] };

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-vectors-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Messages that have words, and those of them that have no vector; every vector is of a message and of its words. */
async function look(): Promise<{ said: number; missing: number }> {
  return besideServer({ folder, database }, async ({ db }) => {
    const vectors = await db.selectFrom('memoryVector').selectAll().execute();
    const conversations = await db.selectFrom('conversation').select('id').execute();
    const messages = (await Promise.all(conversations.map(({ id }) => listMessages(db, id)))).flat();
    const said = messages.filter(({ parts, state }) => state !== 'streaming' && textOf(parts).trim() !== '');
    const hashes = new Map(
      said.map(({ id, author, parts }) => [id, hashOfText(passageText({ speaker: author.name, text: textOf(parts) }))]),
    );
    for (const { messageId, hash, vector } of vectors) {
      expect(hash).toBe(hashes.get(messageId));
      expect(vector).toHaveLength(DIMENSIONS);
    }
    const embedded = new Set(vectors.map(({ messageId }) => messageId));
    expect(embedded.size).toBe(vectors.length);
    return { said: said.length, missing: said.filter(({ id }) => !embedded.has(id)).length };
  });
}

test(
  `${kills} kills while messages are embedded: every one has its vector once afterwards`,
  { timeout: kills * LIMIT_PER_KILL_IN_MS + 60_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script, postgres: database.postgres });
    let cutOff = 0;
    for (let number = 0; number < kills; number += 1) {
      await using house = await start();
      const { id } = await house.owner.begin();
      for (let turn = 0; turn < 6; turn += 1) await house.owner.talk(id, `Round ${number}, turn ${turn} of the tale.`);
      await delay(Math.random() * 500);
      await house.kill();
      if ((await look()).missing > 0) cutOff += 1;
    }
    // Else no kill came in the middle of anything.
    expect(cutOff).toBeGreaterThan(0);
    await using house = await start();
    await until('everything has its vector', async () => {
      const { said, missing } = await look();
      await delay(200);
      return said >= kills * 12 && missing === 0;
    });
    await house.stop();
  },
);
