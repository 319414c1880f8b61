import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GroupCommitWriter } from './group-commit.ts';
import { SqliteHandle } from './sqlite-handle.ts';

let folder: string;
let handle: SqliteHandle;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-group-'));
  handle = new SqliteHandle(join(folder, 'test.sqlite'), { readOnly: false });
  handle.exec('CREATE TABLE note (text TEXT)');
});
afterEach(async () => {
  handle.close();
  await rm(folder, { recursive: true });
});

async function write(writer: GroupCommitWriter, text: string): Promise<string> {
  const turn = await writer.enter();
  handle.run('INSERT INTO note VALUES (?)', [[text]]);
  await turn.commit();
  return text;
}

test('nobody is told before the log is on disk, and who comes meanwhile shares the next sync', async () => {
  const syncs: (() => void)[] = [];
  const writer = new GroupCommitWriter(handle, { sync: () => new Promise((resolve) => syncs.push(resolve)) });
  const told: string[] = [];
  const tell = (text: string) => write(writer, text).then((kept) => told.push(kept));
  const first = tell('first');
  await expect.poll(() => syncs.length).toBe(1);
  const others = [tell('second'), tell('third')];
  expect(told).toEqual([]);
  syncs[0]?.();
  await first;
  expect(told).toEqual(['first']);
  await expect.poll(() => syncs.length).toBe(2);
  syncs[1]?.();
  await Promise.all(others);
  expect(told).toEqual(['first', 'second', 'third']);
  expect(syncs).toHaveLength(2);
  await writer.close();
});

test('a sync that fails fails its group, and nothing is written after it', async () => {
  let syncs = 0;
  const sync = async (): Promise<void> => {
    syncs += 1;
    throw new Error('EIO: i/o error, fdatasync');
  };
  const writer = new GroupCommitWriter(handle, { sync });
  await expect(write(writer, 'lost')).rejects.toMatchObject({ code: 'disk-error' });
  await expect(write(writer, 'later')).rejects.toMatchObject({ code: 'disk-error' });
  expect(syncs).toBe(1);
  expect(handle.run('SELECT text FROM note', [[]]).rows).toEqual([{ text: 'lost' }]);
  await writer.close();
});
