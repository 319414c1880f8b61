import { expect, test } from 'vitest';
import { emptyLoreState } from '../lore-state.ts';
import { bookOf, cutReasons, firedUids, messagesOf, run } from './lore-case.ts';

/** Places of a single constant entry with this content. */
async function placesOf(content: string, messages = messagesOf('one', '> two', 'three', '> four', 'five')) {
  const { placements } = await run(bookOf('spec', [{ constant: true, content }]), messages);
  return placements.map(({ slot, depth, role, text }) => ({ slot, depth, role, text }));
}

test('leading `@@name a,b` lines of content, trimmed with surrounding newlines', async () => {
  expect(await placesOf('\n@@depth 1\n\n@@role user\n\n\nThe bridge.\n@@role system')).toEqual([
    { slot: 'at-depth', depth: 1, role: 'user', text: 'The bridge.\n@@role system' },
  ]);
});

test('`@@@name` = fallback when the line above is unknown or invalid', async () => {
  expect(await placesOf('@@nonsense 4\n@@@depth 2\nX')).toMatchObject([{ slot: 'at-depth', depth: 2, text: 'X' }]);
  expect(await placesOf('@@depth high\n@@@depth 3\nX')).toMatchObject([{ slot: 'at-depth', depth: 3, text: 'X' }]);
  expect(await placesOf('@@depth 1\n@@@depth 3\nX')).toMatchObject([{ slot: 'at-depth', depth: 1, text: 'X' }]);
  expect(await placesOf('@@@depth 3\nX')).toMatchObject([{ slot: 'after-char', text: 'X' }]);
});

test('fallbacks chain ≥5', async () => {
  const chain = '@@a 1\n@@@b 1\n@@@c 1\n@@@d 1\n@@@e 1\n@@@f 1\n@@@depth 2\n@@@depth 4\nX';
  expect(await placesOf(chain)).toMatchObject([{ slot: 'at-depth', depth: 2, text: 'X' }]);
});

test('first duplicate wins', async () => {
  expect(await placesOf('@@depth 2\n@@depth 4\nX')).toMatchObject([{ depth: 2 }]);
});

test('conditions AND', async () => {
  const book = bookOf('spec', [
    { constant: true, content: '@@activate_only_after 2\n@@activate_only_every 2\nX' },
    { constant: true, content: '@@activate_only_after 2\n@@activate_only_every 3\nX' },
  ]);
  expect(firedUids(await run(book, messagesOf('> a', '> b', 'c')))).toEqual(['0']);
});

test('unknown ignored', async () => {
  expect(await placesOf('@@nonsense\nX')).toEqual([{ slot: 'after-char', depth: null, role: 'system', text: 'X' }]);
});

test('activate_only_after N: assistant-message count ≥ N', async () => {
  const book = bookOf('spec', [{ constant: true, content: '@@activate_only_after 3\nX' }]);
  expect(firedUids(await run(book, messagesOf('> a', 'b', '> c', 'd', 'e')))).toEqual([]);
  expect(firedUids(await run(book, messagesOf('> a', 'b', '> c', '> d')))).toEqual(['0']);
  expect(firedUids(await run(book, messagesOf('> a'), { earlierMessages: 4, earlierAssistantMessages: 2 }))).toEqual([
    '0',
  ]);
});

test('activate_only_every N: assistant-message count divisible by N', async () => {
  const book = bookOf('spec', [{ constant: true, content: '@@activate_only_every 2\nX' }]);
  expect(firedUids(await run(book, messagesOf('> a')))).toEqual([]);
  expect(firedUids(await run(book, messagesOf('> a', '> b')))).toEqual(['0']);
  expect(firedUids(await run(book, messagesOf('> a', '> b', '> c')))).toEqual([]);
});

test('keep_activate_after_match: latch on after a match', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@keep_activate_after_match\nX' }]);
  const before = await run(book, 'dog');
  expect(firedUids(before)).toEqual([]);
  const matched = await run(book, 'a cat', { state: before.state });
  expect(firedUids(matched)).toEqual(['0']);
  expect(firedUids(await run(book, 'dog', { state: matched.state }))).toEqual(['0']);
  expect(firedUids(await run(book, 'dog', { state: emptyLoreState() }))).toEqual([]);
});

test('dont_activate_after_match: latch off after a match', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@dont_activate_after_match\nX' }]);
  const matched = await run(book, 'a cat');
  expect(firedUids(matched)).toEqual(['0']);
  expect(firedUids(await run(book, 'a cat', { state: matched.state }))).toEqual([]);
});

test('an edited entry loses its latch', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@dont_activate_after_match\nX' }]);
  const edited = bookOf('spec', [{ keys: ['cat'], content: '@@dont_activate_after_match\nY' }]);
  const { state } = await run(book, 'a cat');
  expect(firedUids(await run(edited, 'a cat', { state }))).toEqual(['0']);
});

test('depth N: N messages from the end (<1 after last, beyond start = before oldest)', async () => {
  expect(await placesOf('@@depth 2\nX')).toMatchObject([{ slot: 'at-depth', depth: 2 }]);
  expect(await placesOf('@@depth -3\nX')).toMatchObject([{ slot: 'at-depth', depth: 0 }]);
  expect(await placesOf('@@depth 99\nX')).toMatchObject([{ slot: 'at-depth', depth: 5 }]);
});

test('reverse_depth N: N messages from the start', async () => {
  expect(await placesOf('@@reverse_depth 2\nX')).toMatchObject([{ slot: 'reverse-depth', depth: 2 }]);
  expect(await placesOf('@@reverse_depth 99\nX')).toMatchObject([{ slot: 'reverse-depth', depth: 5 }]);
});

test('depth is above reverse_depth', async () => {
  expect(await placesOf('@@reverse_depth 2\n@@depth 1\nX')).toMatchObject([{ slot: 'at-depth', depth: 1 }]);
});

test('depth 0 + role assistant = prefill (concatenate)', async () => {
  const book = bookOf('spec', [
    { constant: true, order: 2, content: '@@depth 0\n@@role assistant\nsecond' },
    { constant: true, order: 1, content: '@@depth 0\n@@role assistant\nfirst' },
  ]);
  const { placements } = await run(book, 'hello');
  expect(placements.map(({ slot, depth, role, text }) => [slot, depth, role, text])).toEqual([
    ['at-depth', 0, 'assistant', 'first'],
    ['at-depth', 0, 'assistant', 'second'],
  ]);
});

test.each(['instruct_depth', 'reverse_instruct_depth', 'instruct_scan_depth'])(
  '%s: non-chat only, inert here and open to its fallback',
  async (name) => {
    expect(await placesOf(`@@${name} 5\nX`)).toMatchObject([{ slot: 'after-char', text: 'X' }]);
    expect(await placesOf(`@@${name} 5\n@@@depth 2\nX`)).toMatchObject([{ slot: 'at-depth', depth: 2 }]);
  },
);

test('scan_depth N: override', async () => {
  const chat = messagesOf('cat', 'two', 'three', 'four');
  const book = (content: string) => bookOf('spec', [{ keys: ['cat'], content }], { body: { scanDepth: 2 } });
  expect(firedUids(await run(book('X'), chat))).toEqual([]);
  expect(firedUids(await run(book('@@scan_depth 4\nX'), chat))).toEqual(['0']);
  expect(firedUids(await run(book('@@scan_depth 3\nX'), chat))).toEqual([]);
});

test.each(['system', 'user', 'assistant'])('role %s', async (role) => {
  expect(await placesOf(`@@depth 1\n@@role ${role}\nX`)).toMatchObject([{ role }]);
});

test('is_greeting N: 0 = first_mes, 1 = first alternate', async () => {
  const book = bookOf('spec', [
    { constant: true, content: '@@is_greeting 0\nX' },
    { constant: true, content: '@@is_greeting 1\nX' },
  ]);
  expect(firedUids(await run(book, 'x', { greetingIndex: 0 }))).toEqual(['0']);
  expect(firedUids(await run(book, 'x', { greetingIndex: 1 }))).toEqual(['1']);
  expect(firedUids(await run(book, 'x', { greetingIndex: null }))).toEqual([]);
});

test.each([
  ['after_desc', 'after-desc'],
  ['before_desc', 'before-desc'],
  ['personality', 'personality'],
  ['scenario', 'scenario'],
])('position %s; overrides depth', async (name, slot) => {
  expect(await placesOf(`@@depth 2\n@@position ${name}\nX`)).toMatchObject([{ slot, depth: null }]);
});

test('a position that is not supported is ignored', async () => {
  expect(await placesOf('@@position moon\n@@@depth 1\nX')).toMatchObject([{ slot: 'at-depth', depth: 1 }]);
});

test('ignore_on_max_context: drop first, whatever the priority', async () => {
  const entries = [
    { constant: true, priority: 100, content: '@@ignore_on_max_context\none two three' },
    { constant: true, priority: 1, content: 'four five six' },
  ];
  const tight = await run(bookOf('spec', entries, { body: { tokenBudget: 4 } }), 'x');
  expect(firedUids(tight)).toEqual(['1']);
  expect(cutReasons(tight)).toEqual(['0 context']);
  const full = await run(bookOf('spec', entries), 'x', { contextIsFull: true });
  expect(firedUids(full)).toEqual(['1']);
  expect(firedUids(await run(bookOf('spec', entries), 'x'))).toEqual(['0', '1']);
});

test('additional_keys (repeatable): ≥1 must match', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@additional_keys red, blue\n@@additional_keys big\nX' }]);
  expect(firedUids(await run(book, 'a red cat'))).toEqual([]);
  expect(firedUids(await run(book, 'a big cat'))).toEqual([]);
  expect(firedUids(await run(book, 'a big blue cat'))).toEqual(['0']);
});

test('exclude_keys: none may match', async () => {
  const book = bookOf('spec', [{ keys: ['cat'], content: '@@exclude_keys dog, bird\nX' }]);
  expect(firedUids(await run(book, 'a cat'))).toEqual(['0']);
  expect(firedUids(await run(book, 'a cat and a bird'))).toEqual([]);
});

test('is_user_icon name: active user_icon', async () => {
  const book = bookOf('spec', [{ constant: true, content: '@@is_user_icon knight\nX' }]);
  expect(firedUids(await run(book, 'x', { userIcon: 'knight' }))).toEqual(['0']);
  expect(firedUids(await run(book, 'x', { userIcon: 'mage' }))).toEqual([]);
});

test('disable_ui_prompt x: post_history_instructions or system_prompt', async () => {
  const entry = (name: string, key: string) => ({ keys: [key], content: `@@disable_ui_prompt ${name}\nX` });
  const book = bookOf('spec', [
    entry('system_prompt', 'cat'),
    entry('post_history_instructions', 'dog'),
    entry('moon', 'cat'),
  ]);
  expect((await run(book, 'a cat')).disableUiPrompts).toEqual(['system_prompt']);
  expect((await run(book, 'a dog')).disableUiPrompts).toEqual(['post_history_instructions']);
  expect((await run(book, 'a bird')).disableUiPrompts).toEqual([]);
});

test('activate / dont_activate: force; activate wins', async () => {
  const book = bookOf('spec', [
    { keys: ['cat'], content: '@@activate\nX' },
    { constant: true, content: '@@dont_activate\nX' },
    { content: '@@dont_activate\n@@activate\nX' },
    { enabled: false, content: '@@activate\nX' },
  ]);
  expect(firedUids(await run(book, 'x'))).toEqual(['0', '2']);
});
