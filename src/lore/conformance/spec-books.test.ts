import { expect, test } from 'vitest';
import { bookOf, cutReasons, firedUids, messagesOf, run, textsBySlot } from './lore-case.ts';

test('character book stacks with the user’s and outranks it', async () => {
  const books = [
    bookOf('spec', [{ keys: ['cat'], content: 'user one', priority: 9 }], { id: 'user', source: 'global' }),
    bookOf('spec', [{ keys: ['cat'], content: 'card one', priority: 1 }], { id: 'character', source: 'character' }),
  ];
  const both = await run(books, 'a cat');
  expect(textsBySlot(both)['after-char']).toEqual(['card one', 'user one']);
  const tight = await run(books, 'a cat', { settings: { world_info_budget_cap: 3 } });
  expect(textsBySlot(tight)['after-char']).toEqual(['card one']);
});

test('`enabled:false` never matches', async () => {
  const book = bookOf('spec', [
    { enabled: false, keys: ['cat'] },
    { enabled: false, constant: true },
    { enabled: false, constant: true, content: '@@activate\nX' },
  ]);
  expect(firedUids(await run(book, 'a cat'))).toEqual([]);
});

test('a key hits within the last scan_depth messages', async () => {
  const chat = messagesOf('a cat', 'two', 'three');
  const book = (scanDepth: number) => bookOf('spec', [{ keys: ['cat'] }], { body: { scanDepth } });
  expect(firedUids(await run(book(2), chat))).toEqual([]);
  expect(firedUids(await run(book(3), chat))).toEqual(['0']);
  expect(firedUids(await run(book(0), chat))).toEqual([]);
});

test('recursive_scanning true = other entries’ content may trigger (ignores depth)', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: 'A dog.' }, { keys: ['dog'] }], {
    body: { recursiveScanning: true, scanDepth: 1 },
  });
  const result = await run(book, 'a cat');
  expect(result.fired.map(({ uid, reason }) => [uid, reason])).toEqual([
    ['0', 'key'],
    ['1', 'recursion'],
  ]);
  const depthless = bookOf('spec', [{ constant: true, content: 'A dog.' }, { keys: ['dog'] }], {
    body: { recursiveScanning: true, scanDepth: 0 },
  });
  expect(firedUids(await run(depthless, 'x'))).toEqual(['0', '1']);
});

test('recursive_scanning false = other entries’ content MUST NOT trigger', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: 'A dog.' }, { keys: ['dog'] }], {
    body: { recursiveScanning: false },
  });
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
});

test('`{{hidden_key:x}}` is matched only in recursion; remarks never', async () => {
  const book = bookOf(
    'spec',
    [{ keys: ['cat'], content: 'A {{hidden_key:dog}}{{// bird}}' }, { keys: ['dog'] }, { keys: ['bird'] }],
    {
      body: { recursiveScanning: true },
    },
  );
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0', '1']);
  expect(firedUids(await run(book, '{{hidden_key:dog}} {{// cat}} {{comment: bird}}'))).toEqual([]);
});

test('`selective` needs ≥1 secondary key', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], secondaryKeys: ['red', 'blue'], selective: true }]);
  expect(firedUids(await run(book, 'a cat'))).toEqual([]);
  expect(firedUids(await run(book, 'red'))).toEqual([]);
  const result = await run(book, 'a blue cat');
  expect(result.fired).toMatchObject([{ uid: '0', reason: 'secondary-key', key: 'cat' }]);
});

test('secondary keys without `selective` do not count', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], secondaryKeys: ['red'] }]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
});

test('`use_regex`: any pattern', async () => {
  const book = bookOf('spec', [{ keys: ['^dragons?$', 'c[aou]t'], useRegex: true }]);
  const result = await run(book, 'a Cut');
  expect(result.fired).toMatchObject([{ uid: '0', reason: 'regex', key: 'c[aou]t' }]);
  expect(firedUids(await run(book, 'dragon'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a dragon'))).toEqual([]);
  const slashed = bookOf('spec', [{ keys: ['/c[aou]t/'], useRegex: true }]);
  expect(firedUids(await run(slashed, 'a cut'))).toEqual(['0']);
  expect(firedUids(await run(slashed, 'a CUT'))).toEqual([]);
});

test('`use_regex`: invalid = no match', async () => {
  const book = bookOf('spec', [{ keys: ['cat', '(cat'], useRegex: true }]);
  expect(firedUids(await run(book, 'cat'))).toEqual([]);
  expect(firedUids(await run(book, []))).toEqual([]);
});

test('`use_regex` ignores secondary_keys, constant, exclude_keys', async () => {
  const book = bookOf('spec', [
    { keys: ['cat'], useRegex: true, selective: true, secondaryKeys: ['red'] },
    { keys: ['bird'], useRegex: true, constant: true },
    { keys: ['cat'], useRegex: true, content: '@@exclude_keys cat\nX' },
  ]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0', '2']);
});

test('`use_regex`: additional_keys become further patterns', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], useRegex: true, content: '@@additional_keys d.g\nX' }]);
  expect(firedUids(await run(book, 'a dog'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a cow'))).toEqual([]);
});

test('constant: whenever decorator conditions hold, within budget', async () => {
  const book = bookOf('spec', [
    { constant: true, keys: ['never'], secondaryKeys: ['never'], selective: true },
    { constant: true, content: '@@activate_only_after 9\nX' },
    { constant: true, content: '@@additional_keys cat\nX' },
  ]);
  expect(firedUids(await run(book, 'x'))).toEqual(['0']);
  const tight = bookOf('spec', [{ constant: true, content: 'one two three' }], { body: { tokenBudget: 2 } });
  expect(firedUids(await run(tight, 'x'))).toEqual([]);
});

test('over token_budget drop lowest `priority` first, else lowest insertion_order', async () => {
  const entry = (content: string, more: object) => ({ constant: true, content, ...more });
  const withPriority = bookOf(
    'spec',
    [
      entry('a a', { priority: 2, order: 1 }),
      entry('b b', { priority: 1, order: 3 }),
      entry('c c', { priority: 3, order: 2 }),
    ],
    { body: { tokenBudget: 4 } },
  );
  const one = await run(withPriority, 'x');
  expect(firedUids(one)).toEqual(['0', '2']);
  expect(cutReasons(one)).toEqual(['1 priority']);
  const withOrder = bookOf(
    'spec',
    [entry('a a', { order: 5 }), entry('b b', { order: 3 }), entry('c c', { order: 9 })],
    {
      body: { tokenBudget: 4 },
    },
  );
  const other = await run(withOrder, 'x');
  expect(firedUids(other)).toEqual(['0', '2']);
  expect(cutReasons(other)).toEqual(['1 budget']);
});

test('lower insertion_order = earlier', async () => {
  const book = bookOf('spec', [
    { constant: true, order: 30 },
    { constant: true, order: -5 },
    { constant: true, order: 10 },
  ]);
  expect(firedUids(await run(book, 'x'))).toEqual(['1', '2', '0']);
});

test('insert once', async () => {
  const book = bookOf('spec', [{ keys: ['cat', 'dog'], content: 'cat dog' }], { body: { recursiveScanning: true } });
  const result = await run([book, { ...book, source: 'chat' }], messagesOf('cat dog', 'cat', 'dog'));
  expect(firedUids(result)).toEqual(['0']);
});

test('empty content inserts nothing', async () => {
  const book = bookOf('spec', [
    { constant: true, content: '' },
    { constant: true, content: '@@depth 2\n' },
  ]);
  const result = await run(book, 'x');
  expect(result.placements).toEqual([]);
  expect(cutReasons(result)).toEqual(['0 empty', '1 empty']);
});

test('case_sensitive: true and false; absent = false', async () => {
  const book = bookOf('spec', [
    { keys: ['Cat'], caseSensitive: true },
    { keys: ['Cat'], caseSensitive: false },
    { keys: ['Cat'] },
  ]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['1', '2']);
  expect(firedUids(await run(book, 'a Cat'))).toEqual(['0', '1', '2']);
});

test('positions before_char and after_char', async () => {
  const book = bookOf('spec', [{ constant: true, position: 'before-char' }, { constant: true }]);
  expect(textsBySlot(await run(book, 'x'))).toEqual({ 'before-char': ['<0>'], 'after-char': ['<1>'] });
});
