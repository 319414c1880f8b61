import { expect, test } from 'vitest';
import { isTelling, tidyTitle, titleFromWords, withoutGreeting } from './title-words.ts';

const NAMES = ['Mira', '小雨'];

test.each([
  ['Hi Mira, what are the tides like this week?', 'what are the tides like this…'],
  ['*waves* Good evening! Can you help me plan a trip to Kyoto in spring?', 'Can you help me plan…'],
  ['你好小雨，我想学做红烧肉，要先焯水吗？', '我想学做红烧肉，要先焯水…'],
  ['晚上好！今天的海浪很大', '今天的海浪很大'],
  ['Tell me of the lighthouse', 'Tell me of the lighthouse'],
])('%s is called %s', (said, title) => {
  expect(titleFromWords(said, NAMES)).toBe(title);
});

test.each(['Hi', 'Hello there, Mira!', '你好', '在吗？', 'good morning :)', '嗨，小雨～', '…'])(
  '%s names nothing',
  (said) => {
    expect(titleFromWords(said, NAMES)).toBeNull();
    expect(isTelling(said, NAMES)).toBe(false);
  },
);

test('what is said after a greeting counts, and a name alone is no greeting', () => {
  expect(isTelling('Hey Mira, I lost my keys again', NAMES)).toBe(true);
  expect(withoutGreeting('Mira is my sister', NAMES)).toBe('Mira is my sister');
  expect(withoutGreeting('High tide', NAMES)).toBe('High tide');
});

test.each([
  ['"The Tides of Winter."', 'The Tides of Winter'],
  ['**Title:** Planning a spring trip to Kyoto and the old temples', 'Planning a spring trip to Kyoto'],
  ['A walk along the shore of the', 'A walk along the shore'],
  ['《红烧肉的做法》。', '红烧肉的做法'],
  ['关于春天去京都旅行的详细计划和预算安排', '关于春天去京都旅行的详细'],
])('of %s stays %s', (said, title) => {
  expect(tidyTitle(said, NAMES)).toBe(title);
});

test.each(['', '...', 'Conversation', 'A friendly greeting', 'mira', '聊天'])('%s is no title', (said) => {
  expect(tidyTitle(said, NAMES)).toBeNull();
});
