import { expect, test } from 'vitest';
import { isDecisive } from './decisive-words.ts';

test.each([
  'Stop.',
  'No!',
  'Wait a',
  'What was',
  'I think you',
  'Can I',
  '等一下',
  '不对',
  '你叫什么',
  '我昨天去了那里',
])('%s is meant', (text) => {
  expect(isDecisive(text)).toBe(true);
});

test.each(['Amen, ma.', "I'll really", 'Dylan.', 'A hell.', 'J.', '', '嗯哼啊'])('“%s” may be a hum', (text) => {
  expect(isDecisive(text)).toBe(false);
});
