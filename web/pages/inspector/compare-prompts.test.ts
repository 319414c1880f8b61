import { expect, test } from 'vitest';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { changedWords } from './changed-words.ts';
import { comparePrompts, compareSegments, foldRows } from './compare-prompts.ts';
import { somePrompt } from './prompt-fixtures.ts';

const house = ['house', 'Stay in role.\nBe brief.'] as const;

test('lines that differ stand beside each other, equal ones once', () => {
  const left = somePrompt([
    ['system', [...house], ['note', 'Rain.']],
    ['user', ['message', 'Hi']],
  ]);
  const right = somePrompt([
    ['system', [...house], ['note', 'Snow.\nWind.']],
    ['user', ['message', 'Hi']],
  ]);
  expect(comparePrompts(left, right)).toMatchObject([
    { type: 'same', line: { text: 'Stay in role.' } },
    { type: 'same', line: { text: 'Be brief.' } },
    { type: 'changed', left: { text: 'Rain.', kind: 'note' }, right: { text: 'Snow.' } },
    { type: 'changed', left: null, right: { text: 'Wind.' } },
    { type: 'same', line: { text: 'Hi', role: 'user' } },
  ]);
  expect(comparePrompts(left, left).every(({ type }) => type === 'same')).toBe(true);
});

test('the same words by another hand are a difference', () => {
  const left = somePrompt([['system', ['note', 'Rain.']]]);
  const right = somePrompt([['system', ['lore-depth', 'Rain.', { owner: 'Weather' }]]]);
  expect(comparePrompts(left, right)).toMatchObject([
    { type: 'changed', left: { kind: 'note' }, right: null },
    { type: 'changed', left: null, right: { owner: 'Weather' } },
  ]);
});

test('two prompts of 100,000 characters with nothing in common are compared in good time', async () => {
  const lines = (word: string) =>
    Array.from({ length: 3000 }, (_, index) => `${word} ${index} ${'x'.repeat(24)}`).join('\n');
  const left = somePrompt([['user', ['history', lines('left')]]]);
  const right = somePrompt([['user', ['history', lines('right')]]]);
  const spentInMs = await processorTimeInMs(() => expect(comparePrompts(left, right)).toHaveLength(3000));
  expect(spentInMs).toBeLessThan(4000);
});

test('tokens are compared by part', () => {
  const left = somePrompt([['system', [...house], ['note', 'one two']]]);
  const right = somePrompt([['system', [...house], ['persona', 'a b c']]]);
  expect(compareSegments(left, right)).toEqual([
    { kind: 'house', owner: '', left: 5, right: 5 },
    { kind: 'note', owner: '', left: 2, right: 0 },
    { kind: 'persona', owner: '', left: 0, right: 3 },
  ]);
});

test('long runs of equal lines fold, and unfold', () => {
  const text = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n');
  const rows = comparePrompts(
    somePrompt([['user', ['history', `${text}\nold\n${text}`]]]),
    somePrompt([['user', ['history', `${text}\nnew\n${text}`]]]),
  );
  const folded = foldRows(rows, new Set());
  expect(folded.map((row) => (row.type === 'fold' ? row.to - row.from : row.type))).toEqual([
    18,
    'same',
    'same',
    'changed',
    'same',
    'same',
    18,
  ]);
  const [first] = folded;
  expect(foldRows(rows, new Set([first?.type === 'fold' ? first.from : -1]))).toHaveLength(folded.length + 17);
});

test('words that changed are marked in every script; lines with nothing in common are not', () => {
  const words = (side: 'left' | 'right', a: string, b: string) =>
    changedWords(a, b)
      ?.[side].filter(({ changed }) => changed)
      .map(({ text }) => text);
  expect(words('right', 'The red lamp is lit.', 'The blue lamp is lit.')).toEqual(['blue']);
  expect(words('left', '今天晚上灯塔很亮。', '今天早上灯塔很亮。')).toBeDefined();
  expect(changedWords('aaa bbb ccc', 'xxx yyy zzz')).toBeUndefined();
});
