import { expect, test } from 'vitest';
import { bookOf, cutReasons, firedUids, messagesOf, run } from './lore-case.ts';

/** A random stream that gives these numbers in turn. */
function rolls(...numbers: number[]): () => number {
  return () => numbers.shift() ?? 0.5;
}

test('inclusion groups: weighted roll', async () => {
  const book = bookOf('st', [
    { constant: true, group: 'g', groupWeight: 30 },
    { constant: true, group: 'g', groupWeight: 70 },
  ]);
  expect(firedUids(await run(book, 'x', { random: rolls(0.29) }))).toEqual(['0']);
  const other = await run(book, 'x', { random: rolls(0.31) });
  expect(firedUids(other)).toEqual(['1']);
  expect(cutReasons(other)).toEqual(['0 group']);
});

test('inclusion groups: groupOverride = highest order', async () => {
  const book = bookOf('st', [
    { constant: true, group: 'g', groupOverride: true, order: 5 },
    { constant: true, group: 'g', groupOverride: true, order: 9 },
    { constant: true, group: 'g', order: 100 },
  ]);
  expect(firedUids(await run(book, 'x'))).toEqual(['1']);
});

test('inclusion groups: group already active = drop', async () => {
  const book = bookOf('st', [
    { constant: true, group: 'g', content: 'a dog' },
    { keys: ['dog'], group: 'other, g' },
    { keys: ['dog'] },
  ]);
  const result = await run(book, 'x');
  expect(firedUids(result)).toEqual(['2', '0']);
  expect(cutReasons(result)).toEqual(['1 group']);
});

test('inclusion groups: a comma list puts an entry into several', async () => {
  const book = bookOf('st', [
    { constant: true, group: 'a, b', groupOverride: true, order: 9 },
    { constant: true, group: 'a' },
    { constant: true, group: 'b' },
    { constant: true, group: 'c' },
  ]);
  expect(firedUids(await run(book, 'x'))).toEqual(['0', '3']);
});

test('inclusion groups: sticky first, a sticky member wins', async () => {
  const entries = [
    { keys: ['cat'], group: 'g', sticky: 5, order: 1 },
    { constant: true, group: 'g', groupOverride: true, order: 100 },
  ];
  const alone = bookOf('st', [entries[0]!, { enabled: false }]);
  const { state } = await run(alone, messagesOf('a cat'));
  const both = bookOf('st', [entries[0]!, entries[1]!]);
  expect(firedUids(await run(both, messagesOf('a', 'b', 'c'), { state }))).toEqual(['0']);
  expect(firedUids(await run(both, messagesOf('a', 'b', 'c')))).toEqual(['1']);
});

const scored = (more: object = {}) => [
  { keys: ['cat', 'dog'], group: 'g', ...more },
  { keys: ['cat'], group: 'g', ...more },
];

test('scoring keeps the most key hits (1 per primary)', async () => {
  const settings = { world_info_use_group_scoring: true };
  for (const roll of [0.01, 0.99]) {
    const result = await run(bookOf('st', scored()), 'cat and dog', { settings, random: rolls(roll) });
    expect(firedUids(result)).toEqual(['0']);
  }
  const even = await run(bookOf('st', scored()), 'a cat', { settings, random: rolls(0.99) });
  expect(firedUids(even)).toEqual(['1']);
});

test('scoring may be asked for by the entry, and is off as shipped', async () => {
  const on = bookOf('st', scored({ useGroupScoring: true }));
  expect(firedUids(await run(on, 'cat and dog', { random: rolls(0.99) }))).toEqual(['0']);
  expect(firedUids(await run(bookOf('st', scored()), 'cat and dog', { random: rolls(0.99) }))).toEqual(['1']);
});

test.each([
  // Against an entry with two primary hits: more wins, fewer loses.
  ['and-any', '+1 per secondary', 'cat dog red big', ['0']],
  ['and-all', 'all', 'cat dog red big', ['0']],
  ['not-all', 'NOT_* none', 'cat dog red', ['1']],
  ['not-any', 'NOT_* none', 'cat dog', ['1']],
] as const)('scoring: %s %s', async (selectiveLogic, _, text, expected) => {
  const book = bookOf('st', [
    {
      keys: ['cat'],
      secondaryKeys: ['red', 'big'],
      selective: true,
      selectiveLogic,
      group: 'g',
      useGroupScoring: true,
    },
    { keys: ['cat', 'dog'], group: 'g', useGroupScoring: true },
  ]);
  expect(firedUids(await run(book, text))).toEqual(expected);
});

test('probability (if useProbability): roll of 100 ≤ p', async () => {
  const book = bookOf('st', [{ constant: true, probability: 40 }]);
  expect(firedUids(await run(book, 'x', { random: rolls(0.4) }))).toEqual(['0']);
  const unlucky = await run(book, 'x', { random: rolls(0.41) });
  expect(firedUids(unlucky)).toEqual([]);
  expect(cutReasons(unlucky)).toEqual(['0 probability']);
  const off = bookOf('st', [{ constant: true, probability: 40, useProbability: false }]);
  expect(firedUids(await run(off, 'x', { random: rolls(0.9) }))).toEqual(['0']);
  expect(firedUids(await run(bookOf('st', [{ constant: true, probability: 0 }]), 'x', { random: rolls(0) }))).toEqual(
    [],
  );
});

test('probability: sticky exempt', async () => {
  const book = bookOf('st', [{ keys: ['cat'], probability: 40, sticky: 5 }]);
  const { state } = await run(book, 'a cat', { random: rolls(0.1) });
  expect(firedUids(await run(book, messagesOf('a', 'b', 'c'), { state, random: rolls(0.9) }))).toEqual(['0']);
});

test('probability: failures not retried this turn', async () => {
  const book = bookOf('st', [
    { keys: ['cat'], probability: 40 },
    { constant: true, content: 'a cat' },
  ]);
  expect(firedUids(await run(book, 'a cat', { random: rolls(0.9, 0.1, 0.1) }))).toEqual(['1']);
});
