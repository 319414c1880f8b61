import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endLeaked, leakedFolders, leakedProcesses } from './leak-check.ts';

test('a process that outlives its parent is found by the environment it began with, and ended', async () => {
  const value = `leak-${process.pid}`;
  const mark = `EVERWITH_LEAK_CHECK_TEST=${value}`;
  // The middle process ends at once; the sleeper is left to the system.
  const middle = spawn('sh', ['-c', 'sleep 300 & echo ready'], {
    env: { ...process.env, EVERWITH_LEAK_CHECK_TEST: value },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(middle, 'exit');
  const leaks = await leakedProcesses({ mark, graceInMs: 0 });
  expect(leaks.map(({ command }) => command)).toEqual([expect.stringContaining('sleep 300')]);
  endLeaked(leaks);
  expect(await leakedProcesses({ mark })).toEqual([]);
});

test('only our own folders count as left behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everwith-leaks-'));
  mkdirSync(join(folder, 'everwith-storage-x'));
  mkdirSync(join(folder, 'node-compile-cache'));
  expect(leakedFolders(folder)).toEqual(['everwith-storage-x']);
  rmSync(folder, { recursive: true });
});
