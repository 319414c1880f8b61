import { expect, test } from 'vitest';
import { render } from './macro-fixtures.ts';

const chat = {
  lastMessage: 'Newest {{char}}',
  lastUserMessage: 'Mine',
  lastCharMessage: 'Hers',
  messageCount: 7,
  firstIncludedMessageId: 2,
  firstDisplayedMessageId: 0,
  lastSwipeId: 3,
  currentSwipeId: 1,
};

test.each([
  ['lastMessage', 'Newest {{char}}'],
  ['lastUserMessage', 'Mine'],
  ['lastCharMessage', 'Hers'],
  ['lastMessageId', '6'],
  ['firstIncludedMessageId', '2'],
  ['firstDisplayedMessageId', '0'],
  ['allChatRange', '0-6'],
  ['lastSwipeId', '3'],
  ['currentSwipeId', '1'],
])('{{%s}}', (name, said) => {
  expect(render(`{{${name}}}`, { chat })).toBe(said);
  expect(render(`{{${name}}}`)).toBe('');
});

test('what was said is never read for macros', () => {
  expect(render('{{lastMessage}}', { chat: { lastMessage: '{{setvar::a::1}}' } })).toBe('{{setvar::a::1}}');
});
