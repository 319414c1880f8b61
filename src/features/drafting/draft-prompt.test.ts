import { unbilled } from '../../../tests/support/unbilled.ts';
import { expect, test } from 'vitest';
import { knownFieldsSchema } from '../../../contract/drafting.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { estimateTokens } from '../../models/remote/estimate-tokens.ts';
import { createScriptedModel } from '../../models/scripted/scripted-model.ts';
import { messageText } from '../../models/scripted/scripted-tokens.ts';
import { draftPrompt, FIELD_TOKENS, fieldSchema } from './draft-prompt.ts';
import { Drafting } from './drafting.ts';

const options = { idea: 'A ferryman', locale: 'en', written: [], wish: '', contextLength: 2048 } as const;

test('a prompt only grows from field to field, so that nothing is read twice', () => {
  const known = knownFieldsSchema.parse({ name: 'Otto' });
  const written = [{ field: 'name', answer: '{"name": "Otto"}' }] as const;
  const second = draftPrompt({ ...options, known, written, field: 'description' });
  const third = draftPrompt({
    ...options,
    known: { ...known, description: 'He rows.' },
    written: [...written, { field: 'description', answer: '{"description": "He rows."}' }],
    field: 'tagline',
  });
  expect(third.slice(0, second.length)).toEqual(second);
  expect(messageText(second.at(-1)!)).toContain('“description”');
  expect(messageText(third.at(-1)!)).toContain('who Otto is');
});

test.each(['en', 'zh-CN'] as const)('a long card fits beside the answer in the smallest context (%s)', (locale) => {
  const long = (locale === 'en' ? 'many words ' : '很多的字').repeat(8000);
  const known = knownFieldsSchema.parse({
    name: 'Otto',
    tagline: long,
    description: long,
    personality: long,
    scenario: long,
    greeting: long,
    alternateGreetings: [long, long, long, long],
    exampleDialogue: long,
    tags: [long.slice(0, 9000)],
  });
  for (const field of ['alternateGreeting', 'exampleDialogue', 'tags'] as const) {
    const prompt = draftPrompt({ ...options, locale, idea: long.slice(0, 4000), known, field, wish: 'shorter' });
    const tokens = prompt.reduce((sum, message) => sum + estimateTokens(messageText(message)), 0);
    expect(tokens + FIELD_TOKENS[field]).toBeLessThan(2048);
    expect(messageText(prompt[1]!)).toContain('“name”');
  }
});

test('a whole draft fits the smallest context, whatever the model has written before', () => {
  const known = knownFieldsSchema.parse({ name: 'Otto' });
  const fields = ['name', 'description', 'tagline', 'personality', 'scenario', 'greeting', 'exampleDialogue'] as const;
  const written = fields.map((field) => ({ field, answer: 'word '.repeat(FIELD_TOKENS[field] * 0.8) }));
  const prompt = draftPrompt({ ...options, known, written, field: 'tags' });
  const tokens = prompt.reduce((sum, message) => sum + estimateTokens(messageText(message)), 0);
  expect(tokens + FIELD_TOKENS.tags).toBeLessThan(2048);
  expect(prompt.length).toBeGreaterThan(6);
});

test('a greeting is asked for as what is done and what is said', () => {
  expect(fieldSchema('greeting')).toMatchObject({ required: ['action', 'speech'] });
  expect(fieldSchema('tags')).toMatchObject({ properties: { tags: { type: 'array' } } });
  const known = knownFieldsSchema.parse({ greeting: '*Waves.* Hello.' });
  const prompt = draftPrompt({ ...options, known, field: 'alternateGreeting' });
  expect(prompt.map(messageText)).toContain('{"action":"Waves.","speech":"Hello."}');
});

test('a provider that knows no schema is asked without one, and its plain words are taken', async () => {
  const scripted = createScriptedModel({ rules: [{ steps: [{ type: 'tokens', tokens: ['Name: ', 'Otto'] }] }] });
  const formats: boolean[] = [];
  const model = {
    ...scripted,
    languageModel: {
      ...scripted.languageModel,
      doStream: async (call: Parameters<typeof scripted.languageModel.doStream>[0]) => {
        formats.push(call.responseFormat !== undefined);
        if (call.responseFormat) throw new InvalidInputError('No such format.', { code: 'provider-refused' });
        return await scripted.languageModel.doStream(call);
      },
    },
  };
  const drafting = new Drafting({ models: { resolve: async () => unbilled(model) } });
  const request = { idea: 'x', fields: ['name' as const, 'tagline' as const], wish: '', locale: 'en' as const };
  const known = knownFieldsSchema.parse({});
  const actor = { userId: 'ann' } as Parameters<Drafting['draft']>[0];
  const parts = [];
  for await (const part of drafting.draft(actor, { ...request, known }, new AbortController().signal)) parts.push(part);
  expect(parts.at(-1)).toEqual({ type: 'draft-end', state: 'done', failure: null });
  // Asked once with a schema, then never again in this draft.
  expect(formats).toEqual([true, false, false]);
});
