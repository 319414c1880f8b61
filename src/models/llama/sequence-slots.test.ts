import { expect, test } from 'vitest';
import { AbortedError } from '../../base/errors.ts';
import { engineAffinity } from '../spec/engine-affinity.ts';
import { SequenceSlots, type Slot } from './sequence-slots.ts';

const never = new AbortController().signal;

function take(slots: SequenceSlots<string>, affinity: string | null, background = false): Promise<Slot<string>> {
  return slots.acquire({ affinity, background, signal: never });
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

test('a conversation comes back to its own sequence; a new one takes an unused, then the longest unused', async () => {
  const slots = new SequenceSlots(['A', 'B']);
  const first = await take(slots, 'one');
  slots.release(first);
  const second = await take(slots, 'two');
  slots.release(second);
  expect([first.sequence, second.sequence]).toEqual(['A', 'B']);
  const again = await take(slots, 'one');
  slots.release(again);
  expect(again.sequence).toBe('A');
  expect((await take(slots, 'three')).sequence).toBe('B');
});

test('a conversation’s requests run one after another, beside those of others', async () => {
  const slots = new SequenceSlots(['A', 'B']);
  const first = await take(slots, 'one');
  const second = take(slots, 'one');
  expect(await isSettled(second)).toBe(false);
  expect((await take(slots, null)).sequence).toBe('B');
  slots.release(first);
  expect(await second).toBe(first);
});

test('requests beyond the number of sequences wait in order', async () => {
  const slots = new SequenceSlots(['A']);
  const first = await take(slots, 'one');
  const second = take(slots, 'two');
  const third = take(slots, 'three');
  expect(await isSettled(second)).toBe(false);
  slots.release(first);
  slots.release(await second);
  expect((await third).affinity).toBe('three');
});

test('background work starts only while no reply is made or waited for', async () => {
  const slots = new SequenceSlots(['A', 'B']);
  const reply = await take(slots, 'one');
  const warm = take(slots, 'two', true);
  expect(await isSettled(warm)).toBe(false);
  slots.release(reply);
  const warming = await warm;
  expect(slots.foregroundWaits).toBe(false);
  const urgent = take(slots, 'two');
  expect(slots.foregroundWaits).toBe(true);
  expect(await isSettled(urgent)).toBe(false);
  slots.release(warming);
  expect((await urgent).sequence).toBe(warming.sequence);
});

test('another conversation does not wait for background work', async () => {
  const slots = new SequenceSlots(['A', 'B']);
  const warming = await take(slots, 'one', true);
  expect((await take(slots, 'two')).sequence).not.toBe(warming.sequence);
});

test('while a state is being saved its conversation waits, others and background work do not', async () => {
  const slots = new SequenceSlots(['A', 'B']);
  const reply = await take(slots, 'one');
  slots.settle(reply);
  const next = take(slots, 'one');
  expect(await isSettled(next)).toBe(false);
  slots.release(reply);
  expect(await next).toBe(reply);
  expect(slots.foregroundRunning).toBe(1);
});

test('who gives up waiting is not served', async () => {
  const slots = new SequenceSlots(['A']);
  const first = await take(slots, 'one');
  const stop = new AbortController();
  const second = slots.acquire({ affinity: null, background: false, signal: stop.signal });
  stop.abort();
  await expect(second).rejects.toBeInstanceOf(AbortedError);
  slots.release(first);
  expect(slots.foregroundWaits).toBe(false);
});

test('a conversation’s states are found by everybody who speaks in it', async () => {
  const slots = new SequenceSlots(['A', 'B', 'C', 'D']);
  for (const affinity of ['one', engineAffinity('one', 'mira'), engineAffinity('one-more', 'mira')]) {
    slots.release(await take(slots, affinity));
  }
  await take(slots, engineAffinity('one', 'wren'));
  expect(slots.affinitiesOf('one').toSorted()).toEqual(['one', 'one/mira', 'one/wren']);
  expect(slots.affinitiesOf('two')).toEqual([]);
});
