import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logPath, openHouseLog } from './house-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the log is private, goes on where it was, and never grows beyond four files', async () => {
  const open = () => openHouseLog({ dataDirectory: folder, level: 'info', now: () => 0, maxFileBytes: 1000 });
  const logger = open();
  for (let index = 0; index < 100; index += 1) logger.info({ index, padding: 'x'.repeat(100) }, 'a line');
  open().info('again');
  const names = await readdir(join(folder, 'logs'));
  expect(names.toSorted()).toEqual(['everwith.log', 'everwith.log.1', 'everwith.log.2', 'everwith.log.3']);
  for (const name of names) {
    const { size, mode } = await stat(join(folder, 'logs', name));
    expect(size).toBeLessThan(1400);
    expect(mode & 0o777).toBe(0o600);
  }
  const lines = (await readFile(logPath(folder), 'utf8')).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ msg: 'again' });
  expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ index: 99 });
});

test('a person hears of warnings in one line, of the same one once a minute', () => {
  let now = 0;
  const said: string[] = [];
  const logger = openHouseLog({
    dataDirectory: folder,
    level: 'info',
    warn: (text) => said.push(text),
    now: () => now,
  });
  logger.info('nothing to worry about');
  logger.warn({ err: new Error('no space') }, 'could not be saved');
  logger.warn({ err: new Error('no space') }, 'could not be saved');
  logger.error('worse');
  now = 60_000;
  logger.warn({ err: new Error('no space') }, 'could not be saved');
  expect(said).toEqual(['could not be saved: no space', 'worse', 'could not be saved: no space']);
});

test('a log that cannot be written ends nothing', async () => {
  await writeFile(join(folder, 'logs'), 'in the way');
  const said: string[] = [];
  const logger = openHouseLog({ dataDirectory: folder, level: 'info', warn: (text) => said.push(text), now: () => 0 });
  logger.info('hello');
  expect(said).toEqual([expect.stringContaining('The log cannot be written')]);
});
