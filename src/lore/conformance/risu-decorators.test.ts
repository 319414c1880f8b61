import { expect, test } from 'vitest';
import { bookOf, cutReasons, firedUids, run } from './lore-case.ts';

test('RisuAI adds probability', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@probability 40\nX' }]);
  expect(firedUids(await run(book, 'a cat', { random: () => 0.39 }))).toEqual(['0']);
  const unlucky = await run(book, 'a cat', { random: () => 0.41 });
  expect(cutReasons(unlucky)).toEqual(['0 probability']);
});

test('RisuAI adds priority', async () => {
  const entries = [
    { constant: true, content: '@@priority 1\na a', priority: 9 },
    { constant: true, content: 'b b', priority: 5 },
  ];
  const result = await run(bookOf('spec', entries, { body: { tokenBudget: 3 } }), 'x');
  expect(firedUids(result)).toEqual(['1']);
  expect(cutReasons(result)).toEqual(['0 priority']);
});

test('RisuAI adds match_full_word and match_partial_word', async () => {
  const book = (name: string) => bookOf('spec', [{ keys: ['cat'], matchWholeWords: null, content: `@@${name}\nX` }]);
  expect(firedUids(await run(book('match_partial_word'), 'concatenate'))).toEqual(['0']);
  const loose = { settings: { world_info_match_whole_words: false } };
  expect(firedUids(await run(book('match_full_word'), 'concatenate', loose))).toEqual([]);
  expect(firedUids(await run(book('match_full_word'), 'a cat', loose))).toEqual(['0']);
});

test('RisuAI adds exclude_keys_all', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@exclude_keys_all red, big\nX' }]);
  expect(firedUids(await run(book, 'a red cat'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a big red cat'))).toEqual([]);
});

test('RisuAI adds recursive, unrecursive and no_recursive_search', async () => {
  const book = (recursiveScanning: boolean, first: string, second = '') =>
    bookOf(
      'spec',
      [
        { keys: ['cat'], content: `${first}a dog` },
        { keys: ['dog'], content: `${second}X` },
      ],
      {
        body: { recursiveScanning },
      },
    );
  expect(firedUids(await run(book(false, ''), 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book(false, '@@recursive\n'), 'a cat'))).toEqual(['0', '1']);
  expect(firedUids(await run(book(true, ''), 'a cat'))).toEqual(['0', '1']);
  expect(firedUids(await run(book(true, '@@unrecursive\n'), 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book(true, '', '@@no_recursive_search\n'), 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book(true, '', '@@no_recursive_search\n'), 'a dog'))).toEqual(['1']);
});
