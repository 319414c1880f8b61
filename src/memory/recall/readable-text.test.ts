import { expect, test } from 'vitest';
import { canRead } from './readable-text.ts';

test.each([
  [['en'], 'Where is the cat?', true],
  [['en'], '猫在哪儿？', false],
  [['en'], 'I told 小雨 about the pottery class on Tuesday evening', true],
  [['en', 'zh'], '猫在哪儿？', true],
  [['en', 'zh'], '고양이는 어디에 있어요?', false],
  [['ja'], '猫はどこ', true],
  [[], '猫在哪儿？', true],
  [['en'], '42?', true],
])('a model of %j and “%s”: %s', (languages, text, expected) => {
  expect(canRead(languages, text)).toBe(expected);
});
