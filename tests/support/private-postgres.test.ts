import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { findPostgres, startPrivatePostgres } from './private-postgres.ts';

const isPresent = (await findPostgres()) !== null;

test.runIf(isPresent)('a private server is durable and leaves nothing behind', async () => {
  let url: string;
  let data: string;
  {
    await using server = await startPrivatePostgres();
    url = server.url;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const settings = await client.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'data_directory') ORDER BY name`,
    );
    await client.end();
    expect(settings.rows.slice(1)).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    data = settings.rows[0]!.setting;
    expect(existsSync(data)).toBe(true);
  }
  expect(existsSync(data)).toBe(false);
  await expect(new pg.Client({ connectionString: url }).connect()).rejects.toThrow(/ECONNREFUSED/);
});
