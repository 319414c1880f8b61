import { expect, test } from 'vitest';
import { AbortedError } from '../../../base/errors.ts';
import { RecognitionQueue } from './recognition-queue.ts';

const never = new AbortController().signal;

/** Work that ends when told, and says when it begins, ends or is stopped. */
function stage() {
  const log: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const work =
    (name: string, { stoppable = true } = {}) =>
    async (signal: AbortSignal): Promise<string> => {
      log.push(`${name} begins`);
      const gate = Promise.withResolvers<void>();
      gates.set(name, gate);
      if (stoppable) signal.addEventListener('abort', () => gate.reject(new AbortedError()));
      try {
        await gate.promise;
      } catch (error) {
        log.push(`${name} stops`);
        throw error;
      }
      log.push(`${name} ends`);
      return name;
    };
  return { log, work, finish: (name: string) => gates.get(name)?.resolve() };
}

test('one at a time, live before background, else in order', async () => {
  const { log, work, finish } = stage();
  const queue = new RecognitionQueue();
  const done = [
    queue.add({ priority: 'live', signal: never }, work('first')),
    queue.add({ priority: 'background', signal: never }, work('file')),
    queue.add({ priority: 'live', signal: never }, work('second')),
    queue.add({ priority: 'live', signal: never }, work('third')),
  ];
  for (const name of ['first', 'second', 'third', 'file']) {
    await expect.poll(() => log.at(-1)).toBe(`${name} begins`);
    finish(name);
  }
  expect(await Promise.all(done)).toEqual(['first', 'file', 'second', 'third']);
});

test('background work makes way and begins again', async () => {
  const { log, work, finish } = stage();
  const queue = new RecognitionQueue();
  const file = queue.add({ priority: 'background', signal: never }, work('file'));
  const later = queue.add({ priority: 'background', signal: never }, work('later'));
  const call = queue.add({ priority: 'live', signal: never }, work('call'));
  for (const name of ['call', 'file', 'later']) {
    await expect.poll(() => log.at(-1)).toBe(`${name} begins`);
    finish(name);
  }
  expect(await Promise.all([file, later, call])).toEqual(['file', 'later', 'call']);
  expect(log.slice(0, 3)).toEqual(['file begins', 'file stops', 'call begins']);
});

test('background work that cannot stop goes on, and its result counts', async () => {
  const { log, work, finish } = stage();
  const queue = new RecognitionQueue();
  const file = queue.add({ priority: 'background', signal: never }, work('file', { stoppable: false }));
  const call = queue.add({ priority: 'live', signal: never }, work('call'));
  finish('file');
  expect(await file).toBe('file');
  await expect.poll(() => log.at(-1)).toBe('call begins');
  finish('call');
  expect(await call).toBe('call');
});

test('background work is stopped three times at most', async () => {
  const { log, work, finish } = stage();
  const queue = new RecognitionQueue();
  const file = queue.add({ priority: 'background', signal: never }, work('file'));
  for (const name of ['one', 'two', 'three']) {
    const call = queue.add({ priority: 'live', signal: never }, work(name));
    await expect.poll(() => log.at(-1)).toBe(`${name} begins`);
    finish(name);
    await call;
    await expect.poll(() => log.at(-1)).toBe('file begins');
  }
  const last = queue.add({ priority: 'live', signal: never }, work('four'));
  finish('file');
  expect(await file).toBe('file');
  await expect.poll(() => log.at(-1)).toBe('four begins');
  finish('four');
  expect(await last).toBe('four');
});

test('what is given up leaves the queue at once, and what failed does not hold up the others', async () => {
  const { log, work, finish } = stage();
  const queue = new RecognitionQueue();
  const stop = new AbortController();
  const first = queue.add({ priority: 'live', signal: never }, work('first'));
  const second = queue.add({ priority: 'live', signal: stop.signal }, work('second'));
  const third = queue.add({ priority: 'live', signal: never }, () => Promise.reject(new Error('broken')));
  const fourth = queue.add({ priority: 'live', signal: never }, work('fourth'));
  stop.abort();
  await expect(second).rejects.toThrow(AbortedError);
  finish('first');
  expect(await first).toBe('first');
  await expect(third).rejects.toThrow('broken');
  await expect.poll(() => log.at(-1)).toBe('fourth begins');
  finish('fourth');
  expect(await fourth).toBe('fourth');
  expect(log).not.toContain('second begins');
});
