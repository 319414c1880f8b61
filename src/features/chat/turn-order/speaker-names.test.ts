import { expect, test } from 'vitest';
import { viewCard } from '../../../character/card.ts';
import { speakerNames } from './speaker-names.ts';

const cardOf = (data: Record<string, unknown>) =>
  viewCard({ spec: 'chara_card_v3', spec_version: '3.0', data: { name: '', ...data } });

test('a character is called by its names in both languages, its nicknames and the words of a long name', () => {
  const extensions = { everwith: { locales: { 'zh-CN': { name: '米拉·沃斯', nickname: '小米' } } } };
  const names = speakerNames('Mira Voss', cardOf({ name: 'Mira Voss', nickname: 'Captain Mi', extensions }));
  expect(names).toEqual(['Mira Voss', 'Captain Mi', '米拉·沃斯', '小米', 'Mira', 'Voss', '米拉', '沃斯']);
});

test('titles and letters alone are nobody’s name', () => {
  expect(speakerNames('Dr. J. of the Old Mill', cardOf({}))).toEqual(['Dr. J. of the Old Mill', 'Mill']);
  expect(speakerNames('燕', cardOf({ name: '燕' }))).toEqual(['燕']);
});
