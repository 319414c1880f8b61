import { expect, test } from 'vitest';
import { bookOf, cutReasons, firedUids, messagesOf, run } from './lore-case.ts';

const cap = (tokens: number, more: object = {}) => ({ settings: { world_info_budget_cap: tokens, ...more } });

test('budget: 25 % of the context as shipped, capped where a cap is set', async () => {
  const book = bookOf('st', []);
  expect((await run(book, 'x')).budget).toBe(2048);
  expect((await run(book, 'x', { contextLength: 1000 })).budget).toBe(250);
  expect((await run(book, 'x', { ...cap(100), contextLength: 1000 })).budget).toBe(100);
  expect((await run(book, 'x', { contextLength: 1 })).budget).toBe(1);
});

test('budget: in list order; stop at the first running total ≥ budget (no smaller entry tried)', async () => {
  const book = bookOf('st', [
    { constant: true, order: 30, content: 'a a' },
    { constant: true, order: 20, content: 'b b b' },
    { constant: true, order: 10, content: 'c' },
  ]);
  const result = await run(book, 'x', cap(5));
  expect(firedUids(result)).toEqual(['0']);
  expect(cutReasons(result)).toEqual(['1 budget', '2 budget']);
  expect(firedUids(await run(book, 'x', cap(6)))).toEqual(['0', '1'].toReversed());
  expect(firedUids(await run(book, 'x', cap(7)))).toEqual(['2', '1', '0']);
});

test('budget: recursion text of earlier loops included', async () => {
  const book = bookOf('st', [
    { constant: true, content: 'dog a a' },
    { keys: ['dog'], content: 'b b' },
  ]);
  expect(firedUids(await run(book, 'x', cap(5)))).toEqual(['0']);
  expect(firedUids(await run(book, 'x', cap(6)))).toEqual(['1', '0']);
});

test('budget: recursion ends when it is spent', async () => {
  const book = bookOf('st', [
    { constant: true, order: 30, content: 'dog' },
    { constant: true, order: 20, content: 'too many words here' },
    { keys: ['dog'], content: '', ignoreBudget: true },
    { keys: ['dog'], content: 'late', ignoreBudget: true },
  ]);
  expect(firedUids(await run(book, 'x', cap(4)))).toEqual(['0']);
});

test('budget: `ignoreBudget` still enters', async () => {
  const book = bookOf('st', [
    { constant: true, order: 30, content: 'a a a a' },
    { constant: true, order: 20, content: 'b b b b', ignoreBudget: true },
    { constant: true, order: 10, content: 'c' },
  ]);
  const result = await run(book, 'x', cap(3));
  expect(firedUids(result)).toEqual(['1']);
  expect(cutReasons(result)).toEqual(['0 budget', '2 budget']);
});

test('budget: constants are not budgeted first', async () => {
  const book = bookOf('st', [
    { keys: ['cat'], order: 30, content: 'a a' },
    { constant: true, order: 20, content: 'b b' },
  ]);
  expect(firedUids(await run(book, 'a cat', cap(4)))).toEqual(['0']);
});

test('loops: recursion', async () => {
  const book = bookOf('st', [
    { keys: ['cat'], content: 'a dog' },
    { keys: ['dog'], content: 'a bird' },
    { keys: ['bird'] },
  ]);
  const { fired } = await run(book, 'a cat');
  expect(fired.map(({ uid, reason }) => `${uid} ${reason}`)).toEqual(['2 recursion', '1 recursion', '0 key']);
  expect(firedUids(await run(book, 'a cat', { settings: { world_info_recursive: false } }))).toEqual(['0']);
});

test('loops: recursion unless preventRecursion', async () => {
  const book = bookOf('st', [{ keys: ['cat'], content: 'a dog', preventRecursion: true }, { keys: ['dog'] }]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
});

test('loops: excludeRecursion keeps an entry from being triggered by others', async () => {
  const book = bookOf('st', [
    { keys: ['cat'], content: 'a dog' },
    { keys: ['dog'], excludeRecursion: true },
  ]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a cat and a dog'))).toEqual(['1', '0']);
});

test('loops: max-recursion-steps', async () => {
  const book = bookOf('st', [
    { keys: ['cat'], content: 'a dog' },
    { keys: ['dog'], content: 'a bird' },
    { keys: ['bird'] },
  ]);
  const steps = async (count: number) =>
    firedUids(await run(book, 'a cat', { settings: { world_info_max_recursion_steps: count } }));
  expect(await steps(1)).toEqual(['0']);
  expect(await steps(2)).toEqual(['1', '0']);
  expect(await steps(0)).toEqual(['2', '1', '0']);
});

const deepChat = messagesOf('a cat', 'a dog', 'three', 'four', 'five', 'six');

test('loops: min-activations deepens one message at a time', async () => {
  const book = bookOf('st', [{ keys: ['cat'] }, { keys: ['dog'] }]);
  const settings = (more: object) => ({ settings: { world_info_min_activations: 1, ...more } });
  expect(firedUids(await run(book, deepChat))).toEqual([]);
  expect(firedUids(await run(book, deepChat, settings({})))).toEqual(['1']);
  expect(firedUids(await run(book, deepChat, settings({ world_info_min_activations: 2 })))).toEqual(['0', '1']);
  expect(firedUids(await run(book, deepChat, settings({ world_info_min_activations_depth_max: 3 })))).toEqual([]);
});

test('loops: min-activations reaches the beginning of a long chat', async () => {
  const chat = messagesOf('a cat', ...Array.from({ length: 400 }, (_, index) => `m${index}`));
  const settings = { world_info_min_activations: 1 };
  expect(firedUids(await run(bookOf('st', [{ keys: ['cat'] }]), chat, { settings }))).toEqual(['0']);
});

test('loops: min-activations ignores recursion text', async () => {
  // `b` needs a word of the deeper chat and one of the recursion: neither scan sees both in a deepening loop.
  const book = bookOf('st', [
    { keys: ['five'], content: 'bird', order: 3 },
    { keys: ['/cat[^]*bird/'], scanDepth: null, excludeRecursion: true },
  ]);
  const { fired } = await run(book, deepChat, { settings: { world_info_min_activations: 9 } });
  expect(fired.map(({ uid }) => uid)).toEqual(['0']);
});

test('loops: min-activations excludes max-recursion-steps', async () => {
  const book = bookOf('st', [{ keys: ['cat'] }]);
  const settings = { world_info_min_activations: 1, world_info_max_recursion_steps: 3 };
  expect(firedUids(await run(book, deepChat, { settings }))).toEqual([]);
});

test('loops: delayed levels ascending, one at a time', async () => {
  const book = bookOf('st', [
    { keys: ['cat'], content: 'one' },
    { keys: ['cat'], delayUntilRecursion: 1, content: 'two', preventRecursion: true },
    { keys: ['cat'], delayUntilRecursion: 2, content: 'three', preventRecursion: true },
    { keys: ['two'], delayUntilRecursion: 2, content: 'never' },
  ]);
  const { fired } = await run(book, 'a cat');
  expect(fired.map(({ uid }) => uid)).toEqual(['2', '1', '0']);
  const levels = bookOf('st', [
    { keys: ['cat'], delayUntilRecursion: 3, content: 'a dog' },
    { keys: ['dog'], delayUntilRecursion: 5 },
    { keys: ['cat'], delayUntilRecursion: 4, constant: true, enabled: false },
  ]);
  expect(firedUids(await run(levels, 'a cat'))).toEqual(['1', '0']);
});

test('loops: a delayed entry does not fire in the first scan', async () => {
  const book = bookOf('st', [{ constant: true, delayUntilRecursion: 1 }]);
  expect(firedUids(await run(book, 'x'))).toEqual([]);
  const withOther = bookOf('st', [{ constant: true, delayUntilRecursion: 1 }, { constant: true }]);
  expect(firedUids(await run(withOther, 'x'))).toEqual(['0', '1']);
});
