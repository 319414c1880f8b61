import { describe, expect, test } from 'vitest';
import { cardSchema, localizeCard, type Card } from './card.ts';
import { forkedCard, readCardFields, readForkOrigin, writeCardFields } from './card-fields.ts';

function card(data: Record<string, unknown>): Card {
  return cardSchema.parse({ spec: 'chara_card_v3', spec_version: '3.0', extra: 1, data: { name: 'Ada', ...data } });
}

const whole = card({
  nickname: 'A.',
  first_mes: 'Hi',
  alternate_greetings: ['Two', ''],
  group_only_greetings: ['All of you!'],
  system_prompt: 'Be Ada.',
  post_history_instructions: '{{original}} Briefly.',
  creator: 'Me',
  creator_notes: 'Note',
  creator_notes_multilingual: { de: 'Notiz' },
  character_version: '1.2',
  tags: ['maths'],
  character_book: { entries: [{ keys: ['x'], content: 'y', odd: true }] },
  assets: [{ type: 'icon', uri: 'ccdefault:', name: 'main', ext: 'png' }],
  custom: { kept: [1] },
  extensions: {
    talkativeness: '0.7',
    depth_prompt: { prompt: 'Now.', depth: '2', role: 'assistant', odd: 1 },
    fav: true,
    everwith: { tagline: 'Counts', alt: 'A woman' },
  },
});

describe('the fields of a card', () => {
  test('are all read, with numbers that came as text', () => {
    expect(readCardFields(whole, 'en')).toMatchObject({
      name: 'Ada',
      nickname: 'A.',
      alternateGreetings: ['Two', ''],
      groupGreetings: ['All of you!'],
      depthPrompt: { text: 'Now.', depth: 2, role: 'assistant' },
      creatorNotesByLanguage: { de: 'Notiz' },
      talkativeness: 0.7,
      pictureAlt: 'A woman',
    });
  });

  test('written back as read change nothing but numbers’ spelling', () => {
    const written = writeCardFields(whole, readCardFields(whole, 'en'), 'en');
    const extensions = {
      ...whole.data.extensions,
      talkativeness: 0.7,
      depth_prompt: { prompt: 'Now.', depth: 2, role: 'assistant', odd: 1 },
    };
    expect(written).toEqual({ ...whole, data: { ...whole.data, extensions } });
  });

  test('that are not given stay as they are', () => {
    const short = { ...readCardFields(card({}), 'en'), name: 'Bea' };
    const { name, tagline, description, personality, scenario, greeting, exampleDialogue } = short;
    const form = { name, tagline, description, personality, scenario, greeting, exampleDialogue };
    const written = writeCardFields(whole, form, 'en');
    expect(written.data).toMatchObject({
      name: 'Bea',
      nickname: 'A.',
      tags: ['maths'],
      custom: { kept: [1] },
      character_book: whole.data['character_book'],
      assets: whole.data['assets'],
    });
    expect(written['extra']).toBe(1);
  });

  test('can be taken off', () => {
    const fields = { ...readCardFields(whole, 'en'), depthPrompt: null, talkativeness: null };
    const { data } = writeCardFields(whole, { ...fields, creatorNotesByLanguage: {}, characterBook: null }, 'en');
    expect(data.extensions).toEqual({ fav: true, everwith: { tagline: 'Counts', alt: 'A woman' } });
    expect(data).not.toHaveProperty('character_book');
    expect(data).not.toHaveProperty('creator_notes_multilingual');
  });

  test('an empty depth prompt, as other programs write it, is none and stays', () => {
    const empty = card({ extensions: { depth_prompt: { prompt: '', depth: 4, role: 'system' } } });
    expect(readCardFields(empty, 'en').depthPrompt).toBeNull();
    const { data } = writeCardFields(empty, readCardFields(empty, 'en'), 'en');
    expect(data.extensions['depth_prompt']).toEqual({ prompt: '', depth: 4, role: 'system' });
  });

  test.each([7, 'loud', { a: 1 }, [], null])('odd extensions (%j) are no numbers', (odd) => {
    const fields = readCardFields(card({ extensions: { talkativeness: odd, depth_prompt: odd } }), 'en');
    expect(fields).toMatchObject({ talkativeness: null, depthPrompt: null });
  });
});

describe('a card in two languages', () => {
  const both = card({
    description: 'Counts.',
    first_mes: 'Hello.',
    extensions: {
      everwith: {
        originalLocale: 'en',
        tagline: 'Counts',
        locales: { 'zh-CN': { name: '艾达', description: '数数。', first_mes: '你好。', odd: '留' } },
      },
    },
  });

  test('is edited in the language it is read in, and the other one stays', () => {
    const fields = { ...readCardFields(both, 'zh-CN'), description: '很会数数。', tagline: '新' };
    const written = writeCardFields(both, fields, 'zh-CN');
    expect(localizeCard(written, 'en')).toEqual(localizeCard(both, 'en'));
    expect(localizeCard(written, 'zh-CN')).toMatchObject({ name: '艾达', description: '很会数数。', tagline: '新' });
    expect(JSON.stringify(written)).toContain('留');
  });

  test('edited in its first language keeps the translation', () => {
    const written = writeCardFields(both, { ...readCardFields(both, 'en'), description: 'Adds.' }, 'en');
    expect(localizeCard(written, 'zh-CN')).toEqual(localizeCard(both, 'zh-CN'));
    expect(localizeCard(written, 'en').description).toBe('Adds.');
  });
});

test('a copy remembers its source, and the sources before it', () => {
  const first = forkedCard(card({ source: ['https://a.example'], extensions: { everwith: { slug: 'ada' } } }), {
    characterId: 'c1',
    version: 3,
    name: 'Ada',
  });
  expect(first.data['source']).toEqual(['https://a.example', 'everwith:character/c1?version=3']);
  expect(readForkOrigin(first)).toEqual({ characterId: 'c1', version: 3, name: 'Ada' });
  expect(JSON.stringify(first)).not.toContain('slug');
  expect(readForkOrigin(whole)).toBeNull();
});
