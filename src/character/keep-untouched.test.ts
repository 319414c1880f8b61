import { expect, test } from 'vitest';
import { viewCard, type StoredCard } from './card.ts';
import { keepUntouched } from './keep-untouched.ts';
import { readCardFields, writeCardFields } from './card-fields.ts';

const stored: StoredCard = {
  spec: 'chara_card_v3',
  spec_version: '3.2',
  fav: true,
  data: {
    name: 'Ada ',
    creator_notes: 'a\r\nb\u0000',
    character_version: 1,
    tags: 'sea, storm',
    custom: [1],
    extensions: { world: 'W\u0000', fav: 'x', everwith: { tagline: 'Counts' } },
  },
};
const edit = (change: object) => {
  const view = viewCard(stored);
  return keepUntouched(stored, writeCardFields(view, { ...readCardFields(view, 'en'), ...change }, 'en'));
};

test('an edit that changes nothing leaves every letter and every absence', () => {
  const { extensions, ...data } = edit({}).data;
  const { extensions: before, ...dataBefore } = stored.data;
  expect(data).toEqual(dataBefore);
  expect(extensions).toMatchObject(before as object);
  expect(edit({})).toMatchObject({ fav: true, spec_version: '3.2' });
});

test('an edit writes what it changed, and only that', () => {
  const { data } = edit({ name: 'Bea', tagline: 'Adds', talkativeness: 0.4 });
  expect(data).toMatchObject({
    name: 'Bea',
    creator_notes: 'a\r\nb\u0000',
    character_version: 1,
    tags: 'sea, storm',
    extensions: { world: 'W\u0000', fav: 'x', everwith: { tagline: 'Adds' }, talkativeness: 0.4 },
  });
  expect(Object.keys(data)).not.toContain('scenario');
});

test('what an edit takes off is gone', () => {
  const view = viewCard(stored);
  const { custom: _custom, ...data } = view.data;
  expect(keepUntouched(stored, { ...view, data: data }).data).not.toHaveProperty('custom');
});
