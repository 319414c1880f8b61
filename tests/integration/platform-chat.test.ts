import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let client: OpenAI;
beforeAll(async () => {
  const tokens = ['Hello', ', ', 'world', '.'];
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'weather' }, steps: [{ type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } }] },
        { when: { contains: 'fail' }, steps: [{ type: 'error', code: 'unavailable' }] },
        { steps: [{ type: 'tokens', tokens, delayInMs: 0 }] },
      ],
    },
  });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const messages = [{ role: 'user' as const, content: 'Say hello' }];

test('a whole answer with what it used', async () => {
  const completion = await client.chat.completions.create({ model: 'test', messages });
  expect(completion.choices[0]?.message.content).toBe('Hello, world.');
  expect(completion.choices[0]?.finish_reason).toBe('stop');
  expect(completion.usage?.completion_tokens).toBe(4);
});

test('a stream: role first, a reason last, usage where it was asked for', async () => {
  const stream = await client.chat.completions.create({
    model: 'test',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await collect(stream);
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Hello, world.');
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 4 } });
});

test('a call of a tool', async () => {
  const completion = await client.chat.completions.create({
    model: 'test',
    messages: [{ role: 'user', content: 'What is the weather?' }],
    tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
  });
  const [choice] = completion.choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  expect(choice?.message.tool_calls).toMatchObject([{ function: { name: 'weather', arguments: '{"city":"Oslo"}' } }]);
});

test('errors have all four fields, and calls that failed owe nothing', async () => {
  await expect(client.chat.completions.create({ model: 'gone', messages })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    param: 'model',
    type: 'not_found_error',
  });
  const failing = [{ role: 'user' as const, content: 'Please fail' }];
  await expect(client.chat.completions.create({ model: 'test', messages: failing })).rejects.toMatchObject({
    status: 503,
  });
  const calls = await house.app.storage.db.selectFrom('meteredCall').select(['state', 'outcome']).execute();
  expect(calls.at(-1)).toEqual({ state: 'void', outcome: 'failed' });
  expect(calls.filter(({ state }) => state === 'settled')).toHaveLength(3);
});

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
