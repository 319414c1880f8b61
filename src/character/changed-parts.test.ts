import { expect, test } from 'vitest';
import { cardSchema } from './card.ts';
import { changedParts } from './changed-parts.ts';

const version = (data: Record<string, unknown>, pictureHash: string | null = null) => ({
  card: cardSchema.parse({ spec: 'chara_card_v3', spec_version: '3.0', data: { name: 'Ada', ...data } }),
  pictureHash,
});

test.each<[string[], Record<string, unknown>]>([
  [[], { modification_date: 5 }],
  [['name'], { nickname: 'A.' }],
  [['greetings'], { alternate_greetings: ['Hm.'] }],
  [['lore', 'tags'], { tags: ['x'], character_book: { entries: [] } }],
  [['tagline'], { extensions: { everwith: { tagline: 'Counts' } } }],
  [['other'], { extensions: { talkativeness: '0.7' } }],
  [['other'], { source: ['https://example.org'] }],
])('%j differ', (parts, data) => {
  expect(changedParts(version({}), version(data)).toSorted()).toEqual(parts);
});

test('a new picture is a change', () => {
  expect(changedParts(version({}), version({}, 'hash'))).toEqual(['picture']);
});
