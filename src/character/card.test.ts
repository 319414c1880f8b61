import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardLocales, cardSchema, localizeCard, withFormFields, type Card } from './card.ts';
import { contentHash } from './content-hash.ts';
import { freeSlug, toSlug } from './slug.ts';

function card(data: Record<string, unknown>, everwith?: unknown): Card {
  return cardSchema.parse({
    spec: 'chara_card_v3',
    spec_version: '3.0',
    data: { name: 'Ada', ...data, ...(everwith === undefined ? {} : { extensions: { everwith } }) },
  });
}

const fields = {
  name: 'New',
  tagline: 'Short',
  description: 'd',
  personality: 'p',
  scenario: 's',
  greeting: 'g',
  exampleDialogue: 'e',
};

describe('the language of a card', () => {
  const both = card(
    {
      description: 'Counts.',
      first_mes: 'Good day.',
      alternate_greetings: ['Again?'],
      tags: ['maths'],
      scenario: 'A room.',
    },
    {
      originalLocale: 'en',
      tagline: 'Counts',
      locales: { 'zh-CN': { name: '艾达', description: '数数。', first_mes: '你好。', tagline: '数数' } },
    },
  );

  test('is the reader’s where the card has it', () => {
    expect(localizeCard(both, 'zh-CN')).toMatchObject({ name: '艾达', description: '数数。', tagline: '数数' });
    expect(localizeCard(both, 'en')).toMatchObject({ name: 'Ada', description: 'Counts.', tagline: 'Counts' });
    expect(cardLocales(both)).toEqual(['en', 'zh-CN']);
  });

  test('falls back field by field, but never mixes the greetings of two languages', () => {
    expect(localizeCard(both, 'zh-CN')).toMatchObject({ scenario: 'A room.', tags: ['maths'], greetings: ['你好。'] });
  });

  test('is what it was written in without our extension, or with a broken one', () => {
    for (const plain of [
      card({ first_mes: 'Hi' }),
      card({ first_mes: 'Hi' }, { locales: 7 }),
      card({ first_mes: 'Hi' }, []),
    ]) {
      expect(cardLocales(plain)).toEqual([]);
      expect(localizeCard(plain, 'zh-CN')).toEqual(localizeCard(plain, 'en'));
      expect(localizeCard(plain, 'en')).toMatchObject({ name: 'Ada', greetings: ['Hi'] });
    }
  });

  test('a nickname is what macros say, and greetings of white space are none', () => {
    const named = card({ nickname: 'A.', first_mes: ' ', alternate_greetings: ['\n', 'Yes'] });
    expect(localizeCard(named, 'en')).toMatchObject({ name: 'Ada', called: 'A.', greetings: ['Yes'] });
  });
});

describe('the form', () => {
  test('keeps everything of a card that it does not know', () => {
    const before = card(
      { character_book: { entries: [] }, system_prompt: 'Be kind', alternate_greetings: ['Two'], custom: 1 },
      { originalLocale: 'en', locales: { 'zh-CN': { name: '艾达' } } },
    );
    const after = withFormFields(before, fields);
    expect(after.data).toMatchObject({
      name: 'New',
      first_mes: 'g',
      character_book: { entries: [] },
      system_prompt: 'Be kind',
      alternate_greetings: ['Two'],
      custom: 1,
      extensions: { everwith: { tagline: 'Short', originalLocale: 'en', locales: { 'zh-CN': { name: '艾达' } } } },
    });
  });

  test('makes a card that is read again as the same', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((words) => words.toWellFormed());
    fc.assert(
      fc.property(fc.record({ name: fc.constant('Ada'), description: text, greeting: text }), (some) => {
        const made = withFormFields(undefined, { ...fields, ...some });
        expect(cardSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
      }),
    );
  });
});

describe('names for addresses', () => {
  test.each([
    ['Captain Wren', 'captain-wren'],
    ['燕子', '燕子'],
    ['  ../../etc/passwd ', 'etc-passwd'],
    ['Æther—Ö!', 'æther-ö'],
    ['!!!', 'character'],
    ['𝕬𝖉𝖆', 'ada'],
  ])('%s becomes %s', (name, slug) => {
    expect(toSlug(name)).toBe(slug);
  });

  test('are safe, short and free', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (name) => {
        expect(toSlug(name)).toMatch(/^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*$/u);
        expect(toSlug(name).length).toBeLessThanOrEqual(60);
      }),
    );
    expect(toSlug(`${'a'.repeat(59)}𠮷`)).toBe('a'.repeat(59));
    expect(toSlug(`${'a'.repeat(59)} b`)).toBe('a'.repeat(59));
    expect(freeSlug('Ada', new Set(['ada', 'ada-2']))).toBe('ada-3');
  });
});

test('equal cards have equal hashes, whatever the order of their keys', () => {
  const one = card({ description: 'x', a: { b: 1, c: [2, { d: 3, e: 4 }] } });
  const two = card({ a: { c: [2, { e: 4, d: 3 }], b: 1 }, description: 'x' });
  expect(contentHash(one, null)).toBe(contentHash(two, null));
  expect(contentHash(one, null)).not.toBe(contentHash(one, 'picture'));
  expect(contentHash(one, null)).not.toBe(contentHash(card({ description: 'y' }), null));
});

describe('a card of another program', () => {
  test('may have numbers, lists in one text and things of no use where texts belong', () => {
    const odd = card({
      character_version: 1.2,
      tags: 'sea, storm',
      creator: ['a'],
      alternate_greetings: ['Hi', 7, null],
    });
    expect(odd.data).toMatchObject({
      character_version: '1.2',
      tags: ['sea', 'storm'],
      creator: '',
      alternate_greetings: ['Hi', '7'],
    });
  });
});

test('parts of a container that no asset names are no content', () => {
  const part = { type: 'container', name: 'module', ext: 'risum', hash: 'f' };
  expect(contentHash(card({}), 'p', [part])).toBe(contentHash(card({}), 'p'));
  expect(contentHash(card({}), 'p', [{ ...part, type: 'emotion' }])).not.toBe(contentHash(card({}), 'p'));
});
