import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashPrefix, PrefixRing } from './prefix-ring.ts';

const targets = ['a', 'b', 'c', 'd'].map((ref) => ({ ref, weight: 1 }));
const idle = { loadOf: () => 0, admits: () => true };

test('a key meets the same target, and targets share the keys', () => {
  const ring = new PrefixRing(targets);
  const counts = new Map<string, number>();
  for (let key = 0; key < 20_000; key += 1) {
    const ref = ring.find({ key: hashPrefix(`conversation-${key}`), ...idle }) ?? '';
    counts.set(ref, (counts.get(ref) ?? 0) + 1);
  }
  for (const { ref } of targets) expect(counts.get(ref)).toBeGreaterThan(3500);
});

test('a target that goes moves only its own keys', () => {
  const ring = new PrefixRing(targets);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const key = hashPrefix(text);
      const own = ring.find({ key, ...idle });
      const without = ring.find({ key, loadOf: () => 0, admits: (ref) => ref !== 'b' });
      expect(without === own).toBe(own !== 'b');
    }),
  );
});

test('one that is too busy hands on, and keeps its keys where all are as busy', () => {
  const ring = new PrefixRing(targets);
  const key = hashPrefix('x');
  const own = ring.find({ key, ...idle });
  const other = ring.find({ key, admits: () => true, loadOf: (ref) => (ref === own ? 200 : 10) });
  expect(other).not.toBe(own);
  expect(ring.find({ key, admits: () => true, loadOf: () => 200 })).toBe(own);
  expect(ring.find({ key, admits: () => true, loadOf: (ref) => (ref === own ? 63 : 0) })).toBe(own);
});

test('nothing is found where nobody admits', () => {
  expect(new PrefixRing(targets).find({ key: 1, loadOf: () => 0, admits: () => false })).toBeNull();
  expect(new PrefixRing([]).find({ key: 1, ...idle })).toBeNull();
});
