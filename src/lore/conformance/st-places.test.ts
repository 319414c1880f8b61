import { expect, test } from 'vitest';
import { emptyLoreState } from '../lore-state.ts';
import { bookOf, cutReasons, firedUids, messagesOf, run } from './lore-case.ts';

const chat = (count: number) => messagesOf(...Array.from({ length: count }, (_, index) => `m${index}`));

test('place: lower order earlier', async () => {
  const book = bookOf('st', [
    { constant: true, order: 30 },
    { constant: true, order: 10 },
    { constant: true, order: 20 },
  ]);
  expect(firedUids(await run(book, 'x'))).toEqual(['1', '2', '0']);
});

test.each([
  [0, 'before', 'before-char'],
  [1, 'after', 'after-char'],
  [2, 'author’s-note top', 'note-top'],
  [3, 'author’s-note bottom', 'note-bottom'],
  [5, 'example top', 'examples-top'],
  [6, 'example bottom', 'examples-bottom'],
] as const)('place: %i %s', async (_, __, position) => {
  const { placements } = await run(bookOf('st', [{ constant: true, position, depth: 3 }]), 'x');
  expect(placements).toMatchObject([{ slot: position, depth: null, outlet: null, text: '<0>' }]);
});

test('place: 4 @depth+role', async () => {
  const book = bookOf('st', [
    { constant: true, position: 'at-depth', depth: 2, role: 'system' },
    { constant: true, position: 'at-depth', depth: 2, role: 'user' },
    { constant: true, position: 'at-depth', depth: 2, role: 'assistant' },
    { constant: true, position: 'at-depth', depth: 5, role: 'user' },
  ]);
  const { placements } = await run(book, 'x');
  expect(placements.map(({ slot, depth, role }) => [slot, depth, role])).toEqual([
    ['at-depth', 5, 'user'],
    ['at-depth', 2, 'assistant'],
    ['at-depth', 2, 'user'],
    ['at-depth', 2, 'system'],
  ]);
});

test('place: 7 outlet (case-sensitive name)', async () => {
  const book = bookOf('st', [
    { constant: true, position: 'outlet', outletName: 'Sea' },
    { constant: true, position: 'outlet', outletName: 'sea' },
  ]);
  const { placements } = await run(book, 'x');
  expect(placements.map(({ slot, outlet }) => [slot, outlet])).toEqual([
    ['outlet', 'sea'],
    ['outlet', 'Sea'],
  ]);
});

test('an entry with empty content fires without a place', async () => {
  const result = await run(bookOf('st', [{ constant: true, content: '' }]), 'x');
  expect(result.placements).toEqual([]);
  expect(cutReasons(result)).toEqual(['0 empty']);
});

test('content: macros resolved before counting', async () => {
  const { placements } = await run(bookOf('st', [{ constant: true, content: '{{char}} knows {{user}}' }]), 'x');
  expect(placements).toMatchObject([{ text: 'Mira knows Ann', tokens: 3 }]);
});

test('timed: sticky counts messages', async () => {
  const book = bookOf('st', [{ keys: ['cat'], sticky: 3 }]);
  const { state } = await run(book, messagesOf('a cat'));
  const later = async (count: number) => (await run(book, chat(count), { state })).fired;
  expect(await later(3)).toMatchObject([{ reason: 'sticky' }]);
  expect(await later(4)).toEqual([]);
});

test('timed: cooldown counts messages', async () => {
  const book = bookOf('st', [{ constant: true, cooldown: 3 }]);
  const { state } = await run(book, chat(1));
  const cooling = await run(book, chat(3), { state });
  expect(firedUids(cooling)).toEqual([]);
  expect(cutReasons(cooling)).toEqual(['0 cooldown']);
  expect(firedUids(await run(book, chat(4), { state }))).toEqual(['0']);
});

test('timed: sticky end starts cooldown', async () => {
  const book = bookOf('st', [{ constant: true, sticky: 2, cooldown: 4 }]);
  const first = await run(book, chat(1));
  const during = await run(book, chat(2), { state: first.state });
  expect(during.fired).toMatchObject([{ reason: 'constant' }]);
  const ended = await run(book, chat(3), { state: during.state });
  expect(firedUids(ended)).toEqual([]);
  expect(firedUids(await run(book, chat(6), { state: ended.state }))).toEqual([]);
  expect(firedUids(await run(book, chat(7), { state: ended.state }))).toEqual(['0']);
});

test('timed: swipe/delete cancels', async () => {
  const book = bookOf('st', [{ keys: ['cat'], sticky: 5 }]);
  const { state } = await run(book, messagesOf('x', 'a cat'));
  // The chat did not grow since: the reply is written again, or messages were deleted.
  const again = await run(book, messagesOf('x', 'a dog'), { state });
  expect(firedUids(again)).toEqual([]);
  expect(again.state).toEqual(emptyLoreState());
});

test('timed: editing the entry cancels', async () => {
  const book = bookOf('st', [{ keys: ['cat'], sticky: 5 }]);
  const edited = bookOf('st', [{ keys: ['cat'], sticky: 5, content: 'other' }]);
  const { state } = await run(book, messagesOf('a cat'));
  expect(firedUids(await run(book, chat(3), { state }))).toEqual(['0']);
  expect(firedUids(await run(edited, chat(3), { state }))).toEqual([]);
});

test('timed: retriggers do not extend', async () => {
  const book = bookOf('st', [{ keys: ['cat'], sticky: 3 }]);
  const first = await run(book, messagesOf('a cat'));
  const second = await run(book, messagesOf('a cat', 'b', 'a cat'), { state: first.state });
  expect(second.state.sticky).toEqual(first.state.sticky);
  expect(firedUids(await run(book, chat(4), { state: second.state }))).toEqual([]);
});

test('timed: branches inherit', async () => {
  const book = bookOf('st', [{ keys: ['cat'], sticky: 5 }]);
  const { state } = await run(book, messagesOf('a cat'));
  const stored = JSON.parse(JSON.stringify(state)) as typeof state;
  expect(firedUids(await run(book, messagesOf('a cat', '> left', 'on'), { state: stored }))).toEqual(['0']);
  expect(firedUids(await run(book, messagesOf('a cat', '> right', 'on'), { state: stored }))).toEqual(['0']);
});

test('timed: an effect of a book that is not in use runs on', async () => {
  const book = bookOf('st', [{ keys: ['cat'], sticky: 9 }]);
  const { state } = await run(book, messagesOf('a cat'));
  const without = await run([], chat(3), { state });
  expect(firedUids(await run(book, chat(5), { state: without.state }))).toEqual(['0']);
  expect((await run([], chat(20), { state })).state).toEqual(emptyLoreState());
});
