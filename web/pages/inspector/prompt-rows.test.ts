import { expect, test } from 'vitest';
import { somePrompt } from './prompt-fixtures.ts';
import { findInRows, promptRows, promptText } from './prompt-rows.ts';
import type { PromptRow } from './prompt-rows.ts';
import { reuseEnd } from './reuse-end.ts';

const all = new Set<number>();
const textOf = (rows: readonly PromptRow[]) => rows.map((row) => (row.type === 'text' ? row.text : '')).join('');

test('the rows joined are the exact text, however long, whatever its letters', () => {
  const long = `${'word '.repeat(900)}\n${'𠮷'.repeat(2000)}\n\n${'x'.repeat(3001)}`;
  const record = somePrompt([
    ['system', ['house', 'Rules.'], ['character', `\n\n${long}`]],
    ['user', ['message', 'Hi']],
  ]);
  for (const reused of [null, 0, 300, 1200, 1_000_000]) {
    const reuse = reuseEnd({ ...record, tokens: { ...record.tokens, reused } });
    const rows = promptRows(record, { shown: all, reuse });
    expect(textOf(rows)).toBe(`Rules.\n\n${long}Hi`);
    for (const row of rows) {
      if (row.type !== 'text') continue;
      expect(row.text.length).toBeLessThanOrEqual(1200);
      expect(row.text.isWellFormed()).toBe(true);
    }
    expect(rows.filter(({ type }) => type === 'reuse-end')).toHaveLength(reused === null ? 0 : 1);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  }
});

test('narrowing to a segment leaves its runs and their messages', () => {
  const record = somePrompt([
    ['system', ['house', 'Rules.'], ['persona', ' You.']],
    ['user', ['message', 'Hi']],
  ]);
  expect(promptRows(record, { shown: new Set([1]), reuse: null })).toMatchObject([
    { type: 'message', role: 'system' },
    { type: 'text', text: ' You.' },
  ]);
});

test.each([
  [0, 'one two three four', 'one two three four five six'],
  [4, 'five six', 'five six'],
])('reuse that ended after %i of six words is marked before “%s…”', (reused, next) => {
  const record = somePrompt(
    [
      ['system', ['house', 'one two three four']],
      ['user', ['message', 'five six']],
    ],
    { tokens: { prompt: 6, reused, evaluated: 6 - reused } },
  );
  const rows = promptRows(record, { shown: all, reuse: reuseEnd(record) });
  const at = rows.findIndex(({ type }) => type === 'reuse-end');
  expect(rows[at + 1]).toMatchObject({ type: 'text', text: next });
});

test('reuse that ended inside a text is marked at a word', () => {
  const record = somePrompt([['user', ['history', 'aaaa bbbb cccc dddd']]], {
    tokens: { prompt: 4, reused: 2, evaluated: 2 },
  });
  const rows = promptRows(record, { shown: all, reuse: reuseEnd(record) });
  expect(rows.map((row) => (row.type === 'text' ? row.text : row.type))).toEqual([
    'message',
    'aaaa ',
    'reuse-end',
    'bbbb cccc dddd',
  ]);
});

test('search finds every place, whatever the case, and survives any input', () => {
  const rows = promptRows(somePrompt([['user', ['history', 'The lamp. THE LAMP. İ the lamp']]]), {
    shown: all,
    reuse: null,
  });
  expect(findInRows(rows, 'nothing')).toEqual([]);
  expect(findInRows(rows, ' ')).toEqual([]);
  const plain = promptRows(somePrompt([['user', ['history', 'The lamp. THE LAMP.']]]), { shown: all, reuse: null });
  expect(findInRows(plain, 'the lamp').map(({ start }) => start)).toEqual([0, 10]);
  expect(findInRows(plain, '(lamp[')).toEqual([]);
});

test('the copied text names the role of each message', () => {
  const record = somePrompt([
    ['system', ['house', 'Rules.'], ['character', '\n\nMira.']],
    ['user', ['message', 'Hi']],
  ]);
  expect(promptText(record)).toBe('[system]\nRules.\n\nMira.\n\n[user]\nHi');
});
