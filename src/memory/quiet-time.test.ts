import { expect, test } from 'vitest';
import { AbortedError } from '../base/errors.ts';
import { QuietTime, type Foreground } from './quiet-time.ts';

class Replies implements Foreground {
  readonly #listeners = new Set<() => void>();
  #busy = false;

  get busy(): boolean {
    return this.#busy;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  set(busy: boolean): void {
    this.#busy = busy;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }
}

const forever = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new AbortedError()), { once: true });
  });

const never = new AbortController().signal;

test('waits while somebody is served, and gives way the moment somebody is', async () => {
  const replies = new Replies();
  const calls = new Replies();
  const quiet = new QuietTime([replies, calls], { calmInMs: 0 });
  replies.set(true);
  calls.set(true);
  let begun = Promise.withResolvers<void>();
  let runs = 0;
  const work = () =>
    quiet.run(async (signal) => {
      runs += 1;
      begun.resolve();
      return forever(signal);
    }, never);
  const first = work();
  replies.set(false);
  await Promise.resolve();
  expect(runs).toBe(0);
  calls.set(false);
  await begun.promise;
  replies.set(true);
  await expect(first).rejects.toMatchObject({ code: 'aborted' });
  begun = Promise.withResolvers();
  const second = work();
  replies.set(false);
  await begun.promise;
  expect(runs).toBe(2);
  calls.set(true);
  await expect(second).rejects.toMatchObject({ code: 'aborted' });
  expect([replies.listenerCount, calls.listenerCount]).toEqual([0, 0]);
});

test('does one piece of work at a time, in order, and goes on past one that fails or is given up', async () => {
  const quiet = new QuietTime([], { calmInMs: 0 });
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const gaveUp = new AbortController();
  const first = quiet.run(async () => {
    order.push('first begins');
    await gate.promise;
    order.push('first ends');
    throw new Error('broken');
  }, never);
  const second = quiet.run(async () => order.push('second'), gaveUp.signal);
  const third = quiet.run(async () => order.push('third'), never);
  gaveUp.abort();
  await expect(second).rejects.toMatchObject({ code: 'aborted' });
  gate.resolve();
  await expect(first).rejects.toThrow('broken');
  await third;
  expect(order).toEqual(['first begins', 'first ends', 'third']);
});
