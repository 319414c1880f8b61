import { expect, test } from 'vitest';
import { readAloud } from './read-aloud.ts';

const word = { id: 'w1', written: 'MiniMax', spoken: 'mini max', createdAt: 1 };

test.each<[string, string, string]>([
  ['It is 3.14 at 10:30.', 'en', 'It is three point one four at ten thirty.'],
  ['我有2只猫，25℃。', 'zh', '我有两只猫，二十五摄氏度。'],
  ['MiniMax and **bold** words 😂', 'en', 'mini max and bold words'],
  ['MiniMax 很好', 'zh', 'MiniMax 很好'],
  ['?!… —', 'en', ''],
])('%j in %s: %j', (text, language, expected) => {
  expect(readAloud(text, { language, pronunciations: [{ ...word, language: 'en' }] })).toBe(expected);
});
