import pg from 'pg';
import { expect, test } from 'vitest';
import { expectSoundTree, readTree } from './support/check-tree.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse } from './support/open-house.ts';
import { LONG_REPLY, talkingScript } from './support/scripts.ts';
import { onPostgres } from './support/test-database.ts';

/** Ends every connection of one house, as a restart of the database would. */
async function endConnections({ url, schema = '' }: { url: string; schema?: string }): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const ended = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
      [`everwith ${schema}`],
    );
    return ended.rowCount ?? 0;
  } finally {
    await client.end();
  }
}

test.runIf(onPostgres)('a PostgreSQL that drops every connection costs neither the house nor a word', async () => {
  await using house = await openHouse({ script: talkingScript });
  const { owner } = house;
  const { id } = await owner.begin();
  await using watcher = owner.watch(id);
  await watcher.event('conversation-snapshot');
  const { reply } = await owner.say(id, 'long');
  for (const words of [10, 50, 90]) {
    await watcher.until(
      `${words} words`,
      () => watcher.events.filter(({ type }) => type === 'text-delta').length > words,
    );
    expect(await endConnections(house.config.postgres!)).toBeGreaterThan(0);
    // A request may meet the broken connection; it is told to try again, and then succeeds.
    const { status } = await owner.ask('GET', `/api/conversations/${id}`);
    expect([200, 503]).toContain(status);
  }
  const { message } = await watcher.event('reply-end');
  expect(message).toMatchObject({ id: reply!.id, state: 'done' });
  expect(wordsOf(message)).toBe(LONG_REPLY);
  expect((await owner.talk(id, 'Still here?')).reply.state).toBe('done');
  expectSoundTree(await readTree(house.app.storage.db, id));
});
