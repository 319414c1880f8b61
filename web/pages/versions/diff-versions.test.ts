import { expect, test } from 'vitest';
import type { CardFields } from '../../../contract/character-fields.ts';
import { BLANK } from '../editor/editor-values.ts';
import { changedFields, diffText } from './diff-versions.ts';

const { picture: _picture, ...blank } = BLANK;
const fields = (some: Partial<CardFields>): CardFields => ({ ...blank, name: 'Ada', ...some });

test('only what differs is shown, lists by their place, what is gone too', () => {
  const older = fields({ greeting: 'One', alternateGreetings: ['Two', 'Three'], tags: ['a'], description: 'same' });
  const newer = fields({
    greeting: 'One',
    alternateGreetings: ['Zwei'],
    tags: ['a', 'b'],
    description: 'same',
    depthPrompt: { text: 'Rain', depth: 4, role: 'system' },
    creatorNotesByLanguage: { de: 'Hallo' },
  });
  expect(
    changedFields(older, newer).map(({ field, number, older: was, newer: is }) => [field, number, was, is]),
  ).toEqual([
    ['greeting', '2', 'Two', 'Zwei'],
    ['tags', null, 'a', 'a, b'],
    ['depthPrompt', null, '', 'Rain\n4 · system'],
    ['creatorNotes', '(de)', '', 'Hallo'],
    ['greeting', '3', 'Three', ''],
  ]);
  expect(changedFields(older, older)).toEqual([]);
});

test('texts are compared by words, in English and in Chinese, and both can be read back', () => {
  const pieces = diffText('She keeps the old light.', 'She keeps the new light.', 'en');
  expect(pieces.filter(({ kind }) => kind !== 'same')).toEqual([
    { kind: 'removed', text: 'old' },
    { kind: 'added', text: 'new' },
  ]);
  const chinese = diffText('她看守着旧的灯塔。', '她看守着新的灯塔。', 'zh-CN');
  expect(chinese.filter(({ kind }) => kind === 'removed').map(({ text }) => text)).toEqual(['旧的']);
  for (const [older, newer] of [
    ['', 'all new'],
    ['all gone', ''],
    ['a'.repeat(150_000), 'b'.repeat(150_000)],
  ] as const) {
    const made = diffText(older, newer, 'en');
    expect(
      made
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join(''),
    ).toBe(older);
    expect(
      made
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text }) => text)
        .join(''),
    ).toBe(newer);
  }
});
