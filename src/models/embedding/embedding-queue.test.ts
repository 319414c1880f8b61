import { expect, test } from 'vitest';
import { AbortedError } from '../../base/errors.ts';
import { EmbeddingQueue } from './embedding-queue.ts';
import type { EmbeddingKind } from './embedding-protocol.ts';

const never = new AbortController().signal;

/** Work that ends when told to. */
function openWork(queue: EmbeddingQueue, log: string[]) {
  return (name: string, kind: EmbeddingKind, signal = never) => {
    const gate = Promise.withResolvers<void>();
    const done = queue.turn({ kind, signal }, async () => {
      log.push(name);
      await gate.promise;
      return name;
    });
    done.catch(() => undefined);
    return { done, end: () => gate.resolve() };
  };
}

test('one at a time, and a query goes before the passages that wait', async () => {
  const log: string[] = [];
  const work = openWork(new EmbeddingQueue(), log);
  const first = work('passage 1', 'passage');
  const second = work('passage 2', 'passage');
  const third = work('passage 3', 'passage');
  const query = work('query', 'query');
  expect(log).toEqual(['passage 1']);
  for (const one of [first, query, second, third]) {
    one.end();
    await one.done;
  }
  expect(log).toEqual(['passage 1', 'query', 'passage 2', 'passage 3']);
});

test('one that is stopped while it waits leaves the line, and the rest goes on', async () => {
  const log: string[] = [];
  const work = openWork(new EmbeddingQueue(), log);
  const stop = new AbortController();
  const first = work('first', 'passage');
  const stopped = work('stopped', 'passage', stop.signal);
  const last = work('last', 'passage');
  stop.abort();
  await expect(stopped.done).rejects.toThrow(AbortedError);
  first.end();
  last.end();
  await last.done;
  expect(log).toEqual(['first', 'last']);
});

test('work that fails gives its turn back', async () => {
  const queue = new EmbeddingQueue();
  const failing = queue.turn({ kind: 'query', signal: never }, () => Promise.reject(new Error('broken')));
  const next = queue.turn({ kind: 'query', signal: never }, async () => 'served');
  await expect(failing).rejects.toThrow('broken');
  await expect(next).resolves.toBe('served');
  await expect(queue.turn({ kind: 'query', signal: never }, async () => 'again')).resolves.toBe('again');
});

test('one that is stopped already never has a turn', async () => {
  const turn = new EmbeddingQueue().turn({ kind: 'query', signal: AbortSignal.abort() }, async () => 'never');
  await expect(turn).rejects.toThrow(AbortedError);
});
