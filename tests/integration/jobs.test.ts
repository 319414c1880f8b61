import { afterEach, beforeEach, expect, test } from 'vitest';
import { AbortedError } from '../../src/base/errors.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { JobQueue } from '../../src/jobs/job-queue.ts';
import { JobWorker, type JobHandler, type JobRun } from '../../src/jobs/job-worker.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';
import { until } from './support/until.ts';

const DAY = 24 * 60 * 60 * 1000;
let store: TestStorage;
let now: number;
const clock = { now: () => now, monotonic: () => now };
let queue: JobQueue;

beforeEach(async () => {
  now = Date.UTC(2026, 5, 1);
  store = await openTestStorage({ clock });
  queue = new JobQueue({ clock, newId: createIdGenerator(clock) });
});
afterEach(() => store[Symbol.asyncDispose]());

const jobs = () => store.storage.db.selectFrom('job').selectAll().orderBy('key').execute();

function worker(...handlers: JobHandler[]): JobWorker {
  return new JobWorker({ storage: store.storage, clock, logger: silentLogger(), handlers, queue });
}

function recorder(name: string, answer: (run: JobRun) => ReturnType<JobHandler['run']>) {
  const runs: JobRun[] = [];
  const handler: JobHandler = {
    name,
    run: async (run) => {
      runs.push(run);
      return answer(run);
    },
  };
  return { runs, handler };
}

test('does what is due, the most urgent first, each name and key once, with the last payload', async () => {
  const { runs, handler } = recorder('read', async () => 'done');
  await store.storage.transaction(async (trx) => {
    await queue.add(trx, { name: 'read', key: 'a', payload: { turn: 1 } });
    await queue.add(trx, { name: 'read', key: 'a', payload: { turn: 2 } });
    await queue.add(trx, { name: 'read', key: 'b', payload: {}, priority: 1 });
    await queue.add(trx, { name: 'read', key: 'later', payload: {}, runAt: now + DAY });
    await queue.add(trx, { name: 'unknown', key: 'a', payload: {} });
  });
  await using working = worker(handler);
  working.start();
  await until('two are done', () => runs.length === 2);
  expect(runs).toEqual([
    { key: 'b', payload: {}, attempts: 1 },
    { key: 'a', payload: { turn: 2 }, attempts: 1 },
  ]);
  await until('they are gone', async () => (await jobs()).length === 2);
  now += DAY;
  working.wake();
  await until('the later one is done', () => runs.length === 3);
});

test('what a failed transaction added is not there; what is added while it runs is done again', async () => {
  await expect(
    store.storage.transaction(async (trx) => {
      await queue.add(trx, { name: 'read', key: 'a', payload: {} });
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  expect(await jobs()).toEqual([]);
  const payloads: unknown[] = [];
  const handler: JobHandler = {
    name: 'read',
    run: async ({ payload }) => {
      payloads.push(payload);
      if (payloads.length === 1) await queue.add(store.storage.db, { name: 'read', key: 'a', payload: { turn: 2 } });
      return 'done';
    },
  };
  await using working = worker(handler);
  working.start();
  await queue.add(store.storage.db, { name: 'read', key: 'a', payload: { turn: 1 } });
  await until('both are done', async () => payloads.length === 2 && (await jobs()).length === 0);
  expect(payloads).toEqual([{ turn: 1 }, { turn: 2 }]);
});

test('tries again with longer pauses, then rests a day and keeps the error', async () => {
  const { runs, handler } = recorder('read', async () => {
    throw new Error('The disk is full.');
  });
  await queue.add(store.storage.db, { name: 'read', key: 'a', payload: {} });
  await using working = worker(handler);
  working.start();
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    const job = await until('the try is counted', async () => {
      const [row] = await jobs();
      return runs.length === attempt && row?.lockedUntil === null ? row : undefined;
    });
    expect(job.lastError).toBe('The disk is full.');
    pauses.push(job.runAt - now);
    now = job.runAt;
    working.wake();
  }
  expect(pauses).toEqual([5000, 20_000, 80_000, 320_000, 1_280_000, DAY]);
  expect(runs.map(({ attempts }) => attempts).slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('what gave way or asks for it runs again, and is not counted as failed', async () => {
  const { runs, handler } = recorder('read', async () => {
    if (runs.length === 1) throw new AbortedError();
    return runs.length === 2 ? { again: now + 5 } : 'done';
  });
  await queue.add(store.storage.db, { name: 'read', key: 'a', payload: {} });
  await using working = worker(handler);
  working.start();
  await until('it ran to its end', async () => {
    now += 1000;
    working.wake();
    return (await jobs()).length === 0;
  });
  expect(runs.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});

test('a closing house aborts what runs and gives it back; one that died does so at the next start', async () => {
  const started = Promise.withResolvers<void>();
  const handler: JobHandler = {
    name: 'read',
    run: (_run, signal) =>
      new Promise((_resolve, reject) => {
        started.resolve();
        signal.addEventListener('abort', () => reject(new AbortedError()), { once: true });
      }),
  };
  await queue.add(store.storage.db, { name: 'read', key: 'a', payload: {} });
  const working = worker(handler);
  working.start();
  await started.promise;
  await working[Symbol.asyncDispose]();
  expect(await jobs()).toMatchObject([{ lockedUntil: null, attempts: 0, lastError: null }]);
  // As a kill leaves it.
  await store.storage.db
    .updateTable('job')
    .set({ lockedUntil: now + 60_000, attempts: 1 })
    .execute();
  const { runs, handler: next } = recorder('read', async () => 'done');
  await using after = worker(next);
  after.start();
  await until('it is done', () => runs.length === 1);
});

test('two handlers of one name are refused', () => {
  const { handler } = recorder('read', async () => 'done');
  expect(() => worker(handler, handler)).toThrow('two handlers');
});
