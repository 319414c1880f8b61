import { expect, test } from 'vitest';
import { compareWords } from './compare-words.ts';

const alone = (pieces: readonly { text: string; alone: boolean }[]) =>
  pieces.filter((piece) => piece.alone).map(({ text }) => text.trim());
const joined = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('');

test('what two texts share stays, what one has alone is told apart', () => {
  const { left, right } = compareWords('The lamp was warm tonight.', 'The lamp was cold tonight.', 'en');
  expect(alone(left)).toEqual(['warm']);
  expect(alone(right)).toEqual(['cold']);
  expect(joined(left)).toBe('The lamp was warm tonight.');
  expect(joined(right)).toBe('The lamp was cold tonight.');
});

test('Chinese is compared by its words, though no spaces stand between them', () => {
  const { left, right } = compareWords('今天晚上灯塔很暖和。', '今天晚上灯塔很寒冷。', 'zh-CN');
  expect(alone(left)).toEqual(['暖和']);
  expect(alone(right)).toEqual(['寒冷']);
});
