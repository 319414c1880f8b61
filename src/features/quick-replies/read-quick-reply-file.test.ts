import { expect, test } from 'vitest';
import { readQuickReplyFile } from './read-quick-reply-file.ts';

const second = (change: object = {}) =>
  JSON.stringify({
    version: 2,
    name: 'Travel',
    disableSend: false,
    placeBeforeInput: false,
    injectInput: false,
    color: 'rgba(0, 0, 0, 0)',
    qrList: [
      { id: 1, label: 'Look', title: '', message: '*{{user}} looks around.*', isHidden: false, contextList: [] },
      { id: 2, label: '', title: 'Wait', message: 'I wait.' },
      { id: 3, label: 'Roll', message: '/roll 1d6 | /echo {{pipe}}' },
      { id: 4, label: 'Nothing', message: '  ' },
    ],
    idIndex: 4,
    ...change,
  });

test('a set of SillyTavern’s is read; scripts and empty buttons are left out and named', () => {
  expect(readQuickReplyFile(`\uFEFF${second()}`)).toEqual({
    name: 'Travel',
    replies: [
      { label: 'Look', text: '*{{user}} looks around.*', send: true },
      { label: 'Wait', text: 'I wait.', send: true },
    ],
    skipped: [
      { label: 'Roll', reason: 'script' },
      { label: 'Nothing', reason: 'empty' },
    ],
  });
});

test('where its set does not send, nothing is sent here either', () => {
  const { replies } = readQuickReplyFile(second({ disableSend: true }));
  expect(replies.map(({ send }) => send)).toEqual([false, false]);
});

test('the older form and our own are read too', () => {
  const first = { name: 'Old', quickReplyEnabled: true, quickReplySlots: [{ label: 'Hi', mes: 'Hello there' }] };
  expect(readQuickReplyFile(JSON.stringify(first)).replies).toEqual([
    { label: 'Hi', text: 'Hello there', send: false },
  ]);
  const ours = { name: 'Ours', replies: [{ label: 'A', text: 'B', send: true }] };
  expect(readQuickReplyFile(JSON.stringify(ours))).toEqual({ ...ours, skipped: [] });
});

test('what is too much is left out, and what is no set is refused', () => {
  const many = Array.from({ length: 120 }, (_, index) => ({ label: `${index}`, message: 'x' }));
  const { replies, skipped } = readQuickReplyFile(second({ qrList: many }));
  expect([replies.length, skipped.length]).toEqual([100, 20]);
  expect(() => readQuickReplyFile('{"name":"x"}')).toThrow('not a set of quick replies');
  expect(() => readQuickReplyFile('{')).toThrow('not JSON');
  expect(() => readQuickReplyFile('[[[[')).toThrow('not JSON');
});
