import { expect, test } from 'vitest';
import { paragraphsOf } from './novel-passages.ts';

test('paragraphs stand one at a time', () => {
  expect(paragraphsOf('*She smiles.*\n\nCome in.\n\n\n')).toEqual(['*She smiles.*', 'Come in.']);
});

test('a long paragraph is parted at ends of sentences, and nothing of it is lost', () => {
  const sentence = 'The lamp turned and nobody spoke for a while. ';
  const parts = paragraphsOf(sentence.repeat(20));
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.every((part) => part.length <= 320 && part.endsWith('.'))).toBe(true);
  expect(parts.join(' ')).toBe(sentence.repeat(20).trim());
});

test('narration over several sentences is not torn, and neither are lists and code', () => {
  const narration = `*${'He waits. '.repeat(50).trim()}*`;
  expect(paragraphsOf(narration)).toEqual([narration]);
  const list = Array.from({ length: 40 }, (_, index) => `- lantern number ${index}`).join('\n');
  expect(paragraphsOf(list)).toEqual([list]);
  expect(paragraphsOf('```\na\n\nb\n```')).toEqual(['```\na\n\nb\n```']);
});

test('a text without an end of sentence stays whole', () => {
  const text = '无'.repeat(900);
  expect(paragraphsOf(text).join('')).toBe(text);
});
