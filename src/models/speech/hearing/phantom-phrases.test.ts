import { expect, test } from 'vitest';
import { isPhantomPhrase } from './phantom-phrases.ts';

test.each(['Thank you.', ' Thanks for watching!', '字幕由 Amara.org 社区提供', '谢谢大家。', '請不吝點贊 訂閱'])(
  '"%s" is what silence sounds like',
  (text) => expect(isPhantomPhrase(text)).toBe(true),
);

test.each(['Thank you for the story.', '谢谢你陪我。', '', 'You are kind.'])('"%s" is not', (text) =>
  expect(isPhantomPhrase(text)).toBe(false),
);
