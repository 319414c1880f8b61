import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConversationList } from '../../contract/conversations.ts';
import type { Message } from '../../contract/messages.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { serve } from '../../src/serve.ts';
import { expectSoundTree, readTree } from './support/check-tree.ts';
import { openHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';
import { onPostgres } from './support/test-database.ts';

const DAY_IN_MS = 86_400_000;

test('two servers on one folder: the second is refused, the first goes on, and the folder is free afterwards', async () => {
  await using house = await openHouse({ script: talkingScript });
  const options = { config: house.config, logger: silentLogger(), clock: systemClock, environment: {} };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(serve(options)).rejects.toMatchObject({
      code: 'already-running',
      message: expect.stringContaining(house.address),
    });
  }
  const { id } = await house.owner.begin();
  expect((await house.owner.talk(id, 'Still here')).reply.state).toBe('done');
  await house.close();
  await using second = await serve(options);
  expect(second.address).not.toBe('');
});

test.runIf(onPostgres)('two servers on one PostgreSQL schema: the second is refused', async () => {
  await using house = await openHouse({ script: talkingScript });
  const folder = await mkdtemp(join(tmpdir(), 'everwith-second-'));
  try {
    const config = { ...house.config, dataDirectory: folder };
    const second = serve({ config, logger: silentLogger(), clock: systemClock, environment: {} });
    await expect(second).rejects.toMatchObject({ code: 'already-running' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a data folder that is a file is refused with its name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-file-'));
  try {
    await writeFile(join(folder, 'data'), 'not a folder');
    await expect(openHouse({ script: talkingScript, dataDirectory: join(folder, 'data') })).rejects.toMatchObject({
      code: 'data-folder',
      message: expect.stringContaining(join(folder, 'data')),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a clock that goes back does not put later words before earlier ones', async () => {
  let offset = 0;
  const clock: Clock = { now: () => Date.now() + offset, monotonic: () => performance.now() };
  await using house = await openHouse({ script: talkingScript, clock });
  const { owner } = house;
  const first = await owner.begin();
  const { reply } = await owner.talk(first.id, 'Today');
  const again = async (messageId: string) => {
    const body = { kind: 'regenerate', messageId };
    const started = await owner.call<{ reply: Message }>('POST', `/api/conversations/${first.id}/replies`, body);
    return owner.ended(first.id, started.reply.id);
  };
  offset = -DAY_IN_MS;
  const second = await again(reply.id);
  await house.close();
  offset = -2 * DAY_IN_MS;
  await house.reopen();
  const third = await again(second.id);
  expect(third.siblings).toEqual([reply.id, second.id, third.id]);
  expect(third.createdAt).toBeGreaterThanOrEqual(second.createdAt);
  expect(second.createdAt).toBeGreaterThanOrEqual(reply.createdAt);
  const newest = await owner.begin();
  await owner.say(first.id, 'Later', { reply: false });
  const { conversations } = await owner.call<ConversationList>('GET', '/api/conversations');
  expect(conversations.map(({ id }) => id)).toEqual([first.id, newest.id]);
  expectSoundTree(await readTree(house.app.storage.db, first.id));
});
