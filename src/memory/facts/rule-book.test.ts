import { expect, test } from 'vitest';
import { foldWords } from './fold-words.ts';
import { RuleBook, forgottenMark } from './rule-book.ts';

const words = (...list: string[]) =>
  new RuleBook(list.map((one) => ({ kind: 'words' as const, value: foldWords(one) })));

test('words are forbidden as words, in every spelling, and inside runs of Chinese', () => {
  const book = words('Ana', 'the Café Döner', '离婚');
  for (const text of ['Ana called.', 'ANA!', 'I saw ana-maria', 'At the cafe doner, again', '他们去年离婚了。']) {
    expect(book.forbidsWords(text), text).toBe(true);
  }
  for (const text of ['bananas', 'Anastasia', 'the café', '离家', '']) {
    expect(book.forbidsWords(text), text).toBe(false);
  }
});

test('a message is forbidden whatever it says, others are not', () => {
  const book = new RuleBook([{ kind: 'message', value: 'message-1' }]);
  expect(book.forbids('message-1', 'anything')).toBe(true);
  expect(book.forbids('message-2', 'anything')).toBe(false);
});

test('a forgotten fact is known by its mark alone', () => {
  const mark = forgottenMark('message-1', 'My sister Ana lives in Lyon.');
  expect(mark).toMatch(/^[0-9a-f]{64}$/);
  const book = new RuleBook([{ kind: 'fact', value: mark }]);
  expect(book.isForgotten('message-1', 'my sister ana lives in lyon')).toBe(true);
  expect(book.isForgotten('message-2', 'My sister Ana lives in Lyon.')).toBe(false);
  expect(book.forbids('message-1', 'My sister Ana lives in Lyon.')).toBe(false);
  expect([book.isEmpty, new RuleBook([]).isEmpty]).toEqual([false, true]);
});
