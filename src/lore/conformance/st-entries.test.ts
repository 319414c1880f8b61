import { expect, test } from 'vitest';
import { bookOf, cutReasons, firedUids, messagesOf, run } from './lore-case.ts';

const chat = (count: number) => messagesOf(...Array.from({ length: count }, (_, index) => `m${index}`));

test('order: chat, persona, then character/global by strategy; each by `order` descending', async () => {
  // The list's order shows in who still fits: each takes one of the tokens.
  const entry = (order: number) => ({ constant: true, order, content: 'x' });
  const books = [
    bookOf('st', [entry(5), entry(50)], { id: 'global', source: 'global' }),
    bookOf('st', [entry(1), entry(10)], { id: 'character', source: 'character' }),
    bookOf('st', [entry(1)], { id: 'persona', source: 'persona' }),
    bookOf('st', [entry(1)], { id: 'chat', source: 'chat' }),
  ];
  const listed = async (strategy: number) => {
    const entered: string[] = [];
    for (let budget = 2; budget <= 7; budget += 1) {
      const settings = { world_info_character_strategy: strategy, world_info_budget_cap: budget };
      const { fired } = await run(books, 'x', { settings });
      const names = fired.map(({ bookId, order }) => `${bookId} ${order}`);
      entered.push(...names.filter((name) => !entered.includes(name)));
    }
    return entered;
  };
  expect(await listed(1)).toEqual(['chat 1', 'persona 1', 'character 10', 'character 1', 'global 50', 'global 5']);
  expect(await listed(2)).toEqual(['chat 1', 'persona 1', 'global 50', 'global 5', 'character 10', 'character 1']);
  expect(await listed(0)).toEqual(['chat 1', 'persona 1', 'global 50', 'character 10', 'global 5', 'character 1']);
});

test('a book counts once', async () => {
  const book = bookOf('st', [{ constant: true }], { source: 'character' });
  const result = await run([book, { ...book, source: 'global' }, { ...book, source: 'chat' }], 'x');
  expect(firedUids(result)).toEqual(['0']);
});

test('text: newest `scanDepth` messages; the settings’ depth is 2', async () => {
  const book = bookOf('st', [{ keys: ['cat'] }, { keys: ['cat'], scanDepth: 3 }, { keys: ['cat'], scanDepth: 1 }]);
  expect(firedUids(await run(book, messagesOf('a cat', 'two', 'three')))).toEqual(['1']);
  expect(firedUids(await run(book, messagesOf('a cat', 'two')))).toEqual(['1', '0']);
  expect(firedUids(await run(book, messagesOf('a cat')))).toEqual(['2', '1', '0']);
});

test('text: `\\x01` before each message as `Name: text`, newest first, joined `\\n\\x01`', async () => {
  const fires = async (key: string) =>
    firedUids(await run(bookOf('st', [{ keys: [key] }]), messagesOf('older', '> newer'))).length > 0;
  expect(await fires('/^\\x01Mira: newer\\n\\x01Ann: older$/')).toBe(true);
  expect(await fires('/\\x01Ann: newer/')).toBe(false);
});

test('names are included unless the settings say otherwise', async () => {
  const book = bookOf('st', [{ keys: ['Ann'] }]);
  expect(firedUids(await run(book, 'hello'))).toEqual(['0']);
  expect(firedUids(await run(book, 'hello', { settings: { world_info_include_names: false } }))).toEqual([]);
});

test.each([
  ['matchPersonaDescription', 'personaDescription'],
  ['matchCharacterDescription', 'characterDescription'],
  ['matchCharacterPersonality', 'characterPersonality'],
  ['matchCharacterDepthPrompt', 'characterDepthPrompt'],
  ['matchScenario', 'scenario'],
  ['matchCreatorNotes', 'creatorNotes'],
])('text: then chosen card fields (%s)', async (flag, field) => {
  const fields = {
    personaDescription: '',
    characterDescription: '',
    characterPersonality: '',
    characterDepthPrompt: '',
    scenario: '',
    creatorNotes: '',
    [field]: 'a cat',
  };
  const book = bookOf('st', [{ keys: ['cat'], [flag]: true }, { keys: ['cat'] }]);
  expect(firedUids(await run(book, 'hello', { fields }))).toEqual(['0']);
});

test('text: then scannable injections', async () => {
  expect(firedUids(await run(bookOf('st', [{ keys: ['cat'] }]), 'hello', { injections: ['a cat'] }))).toEqual(['0']);
});

test('scanDepth 0 scans nothing in code, recursion included', async () => {
  const book = bookOf('st', [
    { constant: true, content: 'a cat' },
    { keys: ['cat'], scanDepth: 0 },
  ]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
});

test('key: macros resolved', async () => {
  expect(firedUids(await run(bookOf('st', [{ keys: ['{{char}}'] }]), 'hello Mira'))).toEqual(['0']);
  expect(firedUids(await run(bookOf('st', [{ keys: ['/{{user}}: hel+o/'] }]), 'hello'))).toEqual(['0']);
});

test('key: `/re/flags` = regex', async () => {
  const result = await run(bookOf('st', [{ keys: ['/DRAG(on|ons)/i'] }]), 'two dragons');
  expect(result.fired).toMatchObject([{ reason: 'regex', key: '/DRAG(on|ons)/i' }]);
  expect(firedUids(await run(bookOf('st', [{ keys: ['/DRAGON/'] }]), 'two dragons'))).toEqual([]);
  // Not an expression: a slash that is not escaped, or one that cannot be read.
  expect(firedUids(await run(bookOf('st', [{ keys: ['/a/b/'] }]), 'at /a/b/ here'))).toEqual(['0']);
  expect(firedUids(await run(bookOf('st', [{ keys: ['/(a/'] }]), 'at /(a/ here'))).toEqual(['0']);
});

test('key: whole word (single-word keys only) = `(?:^|\\W)key(?:$|\\W)`; else substring', async () => {
  const fires = async (key: string, text: string, more: object = {}) =>
    firedUids(await run(bookOf('st', [{ keys: [key], ...more }]), text)).length > 0;
  expect(await fires('cat', 'a cat.')).toBe(true);
  expect(await fires('cat', 'concatenate')).toBe(false);
  expect(await fires('cat', 'cat_food')).toBe(false);
  expect(await fires('red cat', 'a bored cats')).toBe(true);
  expect(await fires('cat', 'concatenate', { matchWholeWords: false })).toBe(true);
});

test('keys are case-insensitive as shipped, and by the entry or settings otherwise', async () => {
  const book = bookOf('st', [{ keys: ['Cat'] }, { keys: ['Cat'], caseSensitive: true }]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a cat', { settings: { world_info_case_sensitive: true } }))).toEqual([]);
});

test('CJK: `\\W` is ASCII, so 北京 matches inside 他在北京工作, and `caf` matches `café`', async () => {
  expect(firedUids(await run(bookOf('st', [{ keys: ['北京'] }]), '他在北京工作'))).toEqual(['0']);
  expect(firedUids(await run(bookOf('st', [{ keys: ['caf'] }]), 'a café'))).toEqual(['0']);
});

test('entry: disabled', async () => {
  expect(firedUids(await run(bookOf('st', [{ constant: true, enabled: false }]), 'x'))).toEqual([]);
});

test('entry: character/tag filter', async () => {
  const filter = (characterFilter: object) =>
    bookOf('st', [{ constant: true, characterFilter: { isExclude: false, names: [], tags: [], ...characterFilter } }]);
  const fires = async (characterFilter: object) =>
    firedUids(await run(filter(characterFilter), 'x', { character: { name: 'Mira', tags: ['sea'] } })).length > 0;
  expect(await fires({ names: ['Mira'] })).toBe(true);
  expect(await fires({ names: ['Noor'] })).toBe(false);
  expect(await fires({ isExclude: true, names: ['Mira'] })).toBe(false);
  expect(await fires({ isExclude: true, names: ['Noor'] })).toBe(true);
  expect(await fires({ tags: ['sea'] })).toBe(true);
  expect(await fires({ tags: ['land'] })).toBe(false);
  expect(await fires({ isExclude: true, tags: ['sea'] })).toBe(false);
  expect(await fires({ names: ['Mira'], tags: ['land'] })).toBe(false);
});

test('entry: triggers', async () => {
  const book = bookOf('st', [{ constant: true, triggers: ['swipe', 'quiet'] }, { constant: true }]);
  expect(firedUids(await run(book, 'x'))).toEqual(['1']);
  expect(firedUids(await run(book, 'x', { trigger: 'quiet' }))).toEqual(['1', '0']);
});

test('entry: delay N needs ≥ N messages', async () => {
  const book = bookOf('st', [{ constant: true, delay: 3 }]);
  const early = await run(book, chat(2));
  expect(firedUids(early)).toEqual([]);
  expect(cutReasons(early)).toEqual(['0 delay']);
  expect(firedUids(await run(book, chat(3)))).toEqual(['0']);
  expect(firedUids(await run(book, chat(1), { earlierMessages: 2 }))).toEqual(['0']);
});

test('entry: `@@activate`, then `@@dont_activate`, then constant', async () => {
  const book = bookOf('st', [
    { content: '@@activate\nA', order: 1 },
    { constant: true, content: '@@dont_activate\nB', order: 2 },
    { content: '@@dont_activate\n@@activate\nC', order: 3 },
    { constant: true, content: 'D', order: 4 },
  ]);
  const { fired, placements } = await run(book, 'x');
  expect(fired.map(({ uid, reason }) => `${uid} ${reason}`)).toEqual(['0 decorator', '2 decorator', '3 constant']);
  expect(placements.map(({ text }) => text)).toEqual(['A', 'C', 'D']);
});

test('decorators: the prefix test counts `@@activate_only_…` as known (inert, fallback skipped)', async () => {
  const book = bookOf('st', [
    { content: '@@activate_only_after 9\n@@@activate\nA' },
    { content: '@@unknown\n@@@activate\nB' },
    { content: '@@@activate\nC' },
  ]);
  const { placements } = await run(book, 'x');
  expect(placements.map(({ text }) => text)).toEqual(['B']);
});

test.each([
  [0, 'AND_ANY', 'and-any', [false, true, true]],
  [1, 'NOT_ALL', 'not-all', [true, true, false]],
  [2, 'NOT_ANY', 'not-any', [true, false, false]],
  [3, 'AND_ALL', 'and-all', [false, false, true]],
] as const)('secondary: %i %s', async (_, __, selectiveLogic, expected) => {
  const book = bookOf('st', [{ keys: ['cat'], selective: true, secondaryKeys: ['red', 'big'], selectiveLogic }]);
  const fires = async (text: string) => firedUids(await run(book, text)).length > 0;
  expect([await fires('a cat'), await fires('a red cat'), await fires('a big red cat')]).toEqual(expected);
  expect(await fires('red and big')).toBe(false);
});

test('an entry without keys does not fire by keys, and secondary keys alone do nothing', async () => {
  expect(firedUids(await run(bookOf('st', [{ selective: true, secondaryKeys: ['cat'] }, {}]), 'a cat'))).toEqual([]);
});

test('book-level scan_depth, token_budget, recursive_scanning, and entry priority and use_regex are ignored', async () => {
  const body = { scanDepth: 9, tokenBudget: 1, recursiveScanning: false };
  const book = bookOf(
    'st',
    [
      { keys: ['cat'], content: 'far far' },
      { keys: ['near'], content: 'a dog', useRegex: true, priority: 1 },
      { keys: ['dog'], content: 'by recursion' },
    ],
    { body },
  );
  expect(firedUids(await run(book, messagesOf('cat', 'x', 'near')))).toEqual(['2', '1']);
});
