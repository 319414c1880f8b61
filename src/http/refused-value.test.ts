import { expect, test } from 'vitest';
import { z } from 'zod';
import { refusedValue } from './refused-value.ts';

const schema = z.strictObject({
  model: z.string(),
  stop: z.union([z.string(), z.array(z.string()).max(2)]).optional(),
  voice: z.union([z.string(), z.looseObject({ id: z.string() })]).default('alloy'),
  messages: z.array(z.object({ content: z.union([z.string(), z.array(z.object({ text: z.string() }))]) })).default([]),
});

test.each([
  ['what is missing', {}, 'model: is missing (string).', 'model'],
  ['what is of another kind', { model: 1 }, 'model: Invalid input: expected string, received number', 'model'],
  [
    'what is of none of several kinds',
    { model: 'a', stop: 5 },
    'stop: Invalid input: expected string or array, received number',
    'stop',
  ],
  [
    'the kind that was meant',
    { model: 'a', stop: ['a', 'b', 'c'] },
    'stop: Too big: expected array to have <=2 items',
    'stop',
  ],
  [
    'what is wrong deep inside',
    { model: 'a', messages: [{ content: [{ text: 'a' }, {}] }] },
    'messages.0.content.1.text: is missing (string).',
    'messages.0.content.1.text',
  ],
  [
    'what is missing of several kinds',
    { model: 'a', messages: [{}] },
    'messages.0.content: is missing (string or array).',
    'messages.0.content',
  ],
  ['what nobody knows', { model: 'a', temp: 1 }, 'temp: Unrecognized key: "temp"', 'temp'],
  ['all of it', [], 'The body is not right: Invalid input: expected object, received array', undefined],
])('tells %s', (_, value, message, field) => {
  const { code: keyword, path, message: said, ...params } = schema.safeParse(value).error!.issues[0]!;
  const error = refusedValue({ keyword, path: path.map(String), message: said, params }, 'body');
  expect(error).toMatchObject({ message, code: 'invalid-input' });
  expect(error.field).toBe(field);
  expect(error.details?.['missing']).toBe(message.includes('missing') ? field : undefined);
});
