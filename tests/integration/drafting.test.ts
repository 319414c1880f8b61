import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_ADDRESSES } from '../../client/api-routes.ts';
import { createClient } from '../../client/create-client.ts';
import { streamParts } from '../../client/stream-parts.ts';
import {
  draftPartSchema,
  previewPartSchema,
  type CountedTokens,
  type DraftCharacter,
  type DraftPart,
  type PreviewPart,
} from '../../contract/drafting.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

/** One answer per field, in the form the schema asks for; “odd” ideas are answered without any form. */
const answer = (contains: string, text: string, more: Record<string, unknown> = {}) => ({
  when: { contains },
  steps: [{ type: 'tokens' as const, tokens: text.split(/(?<= )/) }],
  ...more,
});
const script: ScriptInput = {
  rules: [
    { when: { contains: 'stays silent' }, steps: [{ type: 'tokens', tokens: ['The oar'] }, { type: 'hang' }] },
    {
      when: { contains: 'break' },
      steps: [
        { type: 'tokens', tokens: ['The oar'] },
        { type: 'error', code: 'model-cut-off', message: 'The model went away.' },
      ],
    },
    answer('plainly', 'Sure! Otto'),
    answer('“name”', '{"name": "Otto"}'),
    answer('“description”', '{"description": "Otto rows people across. He hums."}'),
    answer('“tagline”', '{"tagline": "Ferryman of the fog"}'),
    answer('“personality”', '{"personality": "slow, kind"}'),
    answer('“scenario”', '{"scenario": "A river at night."}'),
    answer('once more', '{"action": "Rain.", "speech": "Get in!"}'),
    answer('“action”', '{"action": "*He holds the boat still.*", "speech": "Step in."}', { times: 1 }),
    answer('“action”', '{"speech": "Otto: Mind the edge."}'),
    answer('“exchanges”', '{"exchanges":[{"user":"Far?","char":"*hums* Far enough."},{"user":"Ok","char":"Sit."}]}'),
    { when: { contains: '“tags”' }, times: 1, steps: [] },
    answer('“tags”', '{"tags": ["river", "night", "River"]}'),
  ],
  otherwise: 'echo',
};
const ALL = [
  'name',
  'description',
  'tagline',
  'personality',
  'scenario',
  'greeting',
  'exampleDialogue',
  'tags',
] as const;

let house: ChatHouse;
beforeAll(async () => {
  house = await openHouse({ script });
});
afterAll(() => house[Symbol.asyncDispose]());

async function collect<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const seen: Part[] = [];
  for await (const part of parts) seen.push(part);
  return seen;
}
const client = () => createClient({ baseUrl: house.address, token: house.terminalToken });

async function draft(body: DraftCharacter): Promise<DraftPart[]> {
  const { signal } = new AbortController();
  return await collect(
    streamParts({ client: client(), path: API_ADDRESSES.draftCharacter, body, part: draftPartSchema, signal }),
  );
}
const ended = (parts: readonly DraftPart[]) =>
  Object.fromEntries(parts.flatMap((part) => (part.type === 'draft-field-end' ? [[part.field, part.text]] : [])));

describe('a draft', () => {
  test('is written field by field, each shown while it comes', async () => {
    const parts = await draft({ idea: 'A ferryman in the fog', fields: [...ALL], locale: 'en' });
    expect(parts[0]).toEqual({ type: 'draft-start', model: { label: 'Scripted model', fallback: false } });
    expect(parts.at(-1)).toEqual({ type: 'draft-end', state: 'done', failure: null });
    expect(parts.flatMap((part) => (part.type === 'draft-field-start' ? [part.field] : []))).toEqual(ALL);
    expect(ended(parts)).toEqual({
      name: 'Otto',
      description: 'Otto rows people across. He hums.',
      tagline: 'Ferryman of the fog',
      personality: 'slow, kind',
      scenario: 'A river at night.',
      greeting: '*He holds the boat still.*\nStep in.',
      exampleDialogue: '<START>\n{{user}}: Far?\n{{char}}: *hums* Far enough.\n{{user}}: Ok\n{{char}}: Sit.',
      tags: 'river, night',
    });
    expect(parts.filter((part) => part.type === 'draft-field-delta' && part.field === 'description')).toHaveLength(6);
    for (const field of ALL.filter((one) => one !== 'tags')) {
      const shown = parts.flatMap((part) =>
        part.type === 'draft-field-delta' && part.field === field ? [part.text] : [],
      );
      expect(shown.join('')).toBe(ended(parts)[field]);
    }
  });

  test('of one field reads the others, and a new one is asked to differ', async () => {
    const known = { name: 'Otto', greeting: 'Old words' };
    const again = await draft({ fields: ['greeting'], known, wish: 'shorter', locale: 'en' });
    expect(ended(again)).toEqual({ greeting: 'Mind the edge.' });
    const other = await draft({ fields: ['alternateGreeting'], known, locale: 'en' });
    expect(ended(other)).toEqual({ alternateGreeting: '*Rain.*\nGet in!' });
  });

  test('takes what a model says that does not know the form', async () => {
    expect(ended(await draft({ idea: 'plainly', fields: ['name'], locale: 'en' }))).toEqual({ name: 'Sure! Otto' });
  });

  test('that breaks says so, and keeps what was written', async () => {
    const parts = await draft({ idea: 'x', fields: ['name', 'scenario'], known: {}, wish: 'break', locale: 'zh-CN' });
    expect(parts.at(-1)).toMatchObject({
      type: 'draft-end',
      state: 'failed',
      failure: { code: 'model-cut-off', message: 'The model went away.' },
    });
    expect(parts.some((part) => part.type === 'draft-field-delta')).toBe(true);
  });

  test('is stopped by leaving', async () => {
    const stop = new AbortController();
    const body: DraftCharacter = { idea: 'One who stays silent', fields: ['name'], locale: 'zh-CN' };
    const seen: string[] = [];
    for await (const part of streamParts({
      client: client(),
      path: API_ADDRESSES.draftCharacter,
      body,
      part: draftPartSchema,
      signal: stop.signal,
    })) {
      seen.push(part.type);
      if (part.type === 'draft-field-delta') stop.abort();
    }
    expect(seen.at(-1)).toBe('draft-field-delta');
  });

  test.each([
    ['fields', { idea: 'x', fields: [], locale: 'en' }],
    ['fields.0', { idea: 'x', fields: ['picture'], locale: 'en' }],
    ['idea', { idea: 'x'.repeat(4001), fields: ['name'], locale: 'en' }],
    ['locale', { idea: 'x', fields: ['name'], locale: 'de' }],
  ])('with a wrong %s is refused by name', async (field, body) => {
    expect(await house.owner.refusal('POST', '/api/characters/draft', body)).toMatchObject({ status: 400, field });
  });
});

describe('a preview', () => {
  const fields = {
    name: 'Otto',
    description: '{{char}} rows.',
    exampleDialogue: '<START>\n{{user}}: Hm?\n{{char}}: Aye.',
    systemPrompt: 'Be Otto. {{original}}',
    depthPrompt: { text: 'It rains.', depth: 1, role: 'system' as const },
  };
  const talk = async (text: string, signal = new AbortController().signal): Promise<PreviewPart[]> =>
    await collect(
      streamParts({
        client: client(),
        path: API_ADDRESSES.previewCharacter,
        body: {
          fields,
          messages: [
            { author: 'character', text: 'Step in, {{user}}.' },
            { author: 'user', text },
          ],
          locale: 'en',
        },
        part: previewPartSchema,
        signal,
      }),
    );

  test('answers as the character and leaves nothing behind', async () => {
    // What it cost is told, and nothing of what was said.
    const events = () =>
      house.app.storage.db.selectFrom('event').select('id').where('type', '!=', 'model-use').execute();
    const before = await events();
    const parts = await talk('Where to?');
    const words = parts.flatMap((part) => (part.type === 'preview-delta' ? [part.text] : [])).join('');
    expect(words).toBe('Where to?');
    expect(parts.at(-1)).toEqual({ type: 'preview-end', state: 'done', failure: null });
    const { conversations } = await house.owner.call<{ conversations: unknown[] }>('GET', '/api/conversations');
    expect(conversations).toEqual([]);
    expect(await events()).toEqual(before);
  });

  test('says why it failed', async () => {
    expect((await talk('break')).at(-1)).toMatchObject({ state: 'failed', failure: { code: 'model-cut-off' } });
  });

  test('needs a last word of the person’s', async () => {
    const body = { fields, messages: [{ author: 'character', text: 'Hm' }], locale: 'en' };
    expect(await house.owner.refusal('POST', '/api/characters/preview', body)).toMatchObject({ status: 400 });
  });
});

describe('tokens', () => {
  test('are counted by the model in use', async () => {
    const counted = await house.owner.call<CountedTokens>('POST', '/api/tokens', {
      texts: { description: 'one two three', greeting: '你好', empty: '' },
    });
    expect(counted).toEqual({
      counts: { description: 3, greeting: 2, empty: 0 },
      exact: true,
      contextLength: 8192,
      model: 'Scripted model',
    });
  });

  test('of too many texts are not', async () => {
    const texts = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`t${index}`, 'x']));
    expect(await house.owner.refusal('POST', '/api/tokens', { texts })).toMatchObject({ status: 400, field: 'texts' });
  });
});
