import { expect, test } from 'vitest';
import { endsUnfinished } from './unfinished-words.ts';

test.each([
  'I went there because',
  'My sister and.',
  'It was the, um...',
  'I would like to have a',
  'Tell me about your',
  'We walked along the river,',
  'The bread should stay in the oven for.',
  '我们沿着河走，',
  '我昨天去了公园，然后',
  '我喜欢苹果和',
  '因为他没来，所以…',
])('after "%s" more will come', (text) => {
  expect(endsUnfinished(text)).toBe(true);
});

test.each([
  '',
  'Yes.',
  'Um.',
  'I',
  'Where are you from?',
  'Did you see the, uh?',
  'Yes I am',
  'I think so',
  'He has an android.',
  '好的',
  '嗯',
  '然后呢？',
  '我要这个',
  '我们去公园吧。',
])('"%s" may be all', (text) => {
  expect(endsUnfinished(text)).toBe(false);
});
