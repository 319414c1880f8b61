import { expect, test } from 'vitest';
import { joinTranscripts } from './join-transcripts.ts';

test.each([
  [['Hello there.', ' How are you?'], 'Hello there. How are you?'],
  [['你好，', '今天怎么样？'], '你好，今天怎么样？'],
  [['我在用', 'Linux', '系统'], '我在用Linux系统'],
  [['', '  ', 'Yes.', ''], 'Yes.'],
  [[], ''],
])('%j become %j', (texts, whole) => {
  expect(joinTranscripts(texts)).toBe(whole);
});
