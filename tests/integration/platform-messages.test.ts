import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let client: Anthropic;
beforeAll(async () => {
  house = await openHouse({
    script: {
      seesPictures: true,
      rules: [
        { when: { toolResult: '12' }, steps: [{ type: 'tokens', tokens: ['It is ', '12 degrees.'], delayInMs: 0 }] },
        {
          when: { contains: 'weather' },
          steps: [
            { type: 'tokens', tokens: ['I will look.'], delayInMs: 0 },
            { type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } },
            { type: 'tool-call', tool: 'weather', input: { city: 'Bergen' } },
          ],
        },
        {
          when: { contains: 'think' },
          steps: [
            { type: 'reasoning', tokens: ['Hm', 'mm'], delayInMs: 0 },
            { type: 'tokens', tokens: ['Done.'], delayInMs: 0 },
          ],
        },
        {
          when: { contains: 'long' },
          steps: [{ type: 'tokens', tokens: ['On'], delayInMs: 0 }],
          finishReason: 'length',
        },
        { when: { contains: 'fail' }, steps: [{ type: 'error', code: 'unavailable' }] },
        { when: { contains: 'break' }, steps: [{ type: 'tokens', tokens: ['Half'], delayInMs: 0 }, { type: 'cut' }] },
        { when: { contains: 'json' }, steps: [{ type: 'tokens', tokens: ['{"city":', '"Oslo"}'], delayInMs: 0 }] },
        { steps: [{ type: 'tokens', tokens: ['Hello', ', ', 'world', '.'], delayInMs: 0 }] },
      ],
    },
  });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new Anthropic({ apiKey: key, baseURL: house.address, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const ask = (content: string) => ({
  model: 'test',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content }],
});
const weather = {
  name: 'weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
};

test('a whole answer with what it used', async () => {
  const message = await client.messages.create({ ...ask('Hi'), system: 'Be kind.' });
  expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn', stop_sequence: null });
  expect(message.content).toEqual([{ type: 'text', text: 'Hello, world.', citations: null }]);
  expect(message.usage.output_tokens).toBe(4);
  expect(message.usage.input_tokens).toBeGreaterThan(0);
  expect(message._request_id).toBeTruthy();
  const cut = await client.messages.create({ ...ask('Hi'), stop_sequences: ['world'] });
  expect(cut).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'world' });
  expect((await client.messages.create(ask('Something long'))).stop_reason).toBe('max_tokens');
});

test('a stream, event by event, with thoughts where they are asked for', async () => {
  const body = { ...ask('Please think'), max_tokens: 3000 };
  const stream = client.messages.stream({ ...body, thinking: { type: 'enabled', budget_tokens: 2000 } });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  const whole = await stream.finalMessage();
  expect(whole.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
  expect(whole.usage.output_tokens).toBe(3);
  const plain = await client.messages.create(body);
  expect(plain.content.map(({ type }) => type)).toEqual(['text']);
});

test('tools are called side by side in a stream, and their results are answered', async () => {
  const asked = await client.messages.stream({ ...ask('The weather?'), tools: [weather] }).finalMessage();
  expect(asked.stop_reason).toBe('tool_use');
  const calls = asked.content.filter((block) => block.type === 'tool_use');
  expect(calls.map(({ name, input }) => [name, input])).toEqual([
    ['weather', { city: 'Oslo' }],
    ['weather', { city: 'Bergen' }],
  ]);
  const answered = await client.messages.create({
    ...ask(''),
    messages: [
      { role: 'user', content: 'The weather?' },
      { role: 'assistant', content: asked.content },
      {
        role: 'user',
        content: calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: '12' })),
      },
    ],
    tools: [weather],
  });
  expect(answered.content).toMatchObject([{ type: 'text', text: 'It is 12 degrees.' }]);
});

test('a picture is looked at, a schema is kept to, and tokens are counted', async () => {
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const seen = await client.messages.create({
    ...ask(''),
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
          { type: 'text', text: 'What is it?' },
        ],
      },
    ],
  });
  expect(seen.stop_reason).toBe('end_turn');
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const formed = await client.messages.create({
    ...ask('As json, please'),
    output_config: { format: { type: 'json_schema', schema } },
  });
  expect(formed.content).toMatchObject([{ type: 'text', text: '{"city":"Oslo"}' }]);
  const { max_tokens: _none, ...counted } = ask('How long is this?');
  const { input_tokens: tokens } = await client.messages.countTokens(counted);
  const { input_tokens: more } = await client.messages.countTokens({ ...counted, system: 'Much more than before.' });
  expect(more).toBeGreaterThan(tokens);
});

test('models in the shape of this client', async () => {
  const page = await client.models.list();
  expect(page.data[0]).toMatchObject({ type: 'model', id: 'test' });
  expect(await client.models.retrieve('test')).toMatchObject({ type: 'model', id: 'test' });
});

test('errors in the shape of this client, also in the middle of a stream', async () => {
  await expect(client.messages.create({ ...ask('Hi'), model: 'gone' })).rejects.toMatchObject({
    status: 404,
    error: { type: 'error', error: { type: 'not_found_error' } },
  });
  await expect(client.messages.create({ ...ask('Hi'), max_tokens: 0 })).rejects.toMatchObject({
    status: 400,
    error: { error: { type: 'invalid_request_error' } },
  });
  await expect(client.messages.create(ask('Please fail'))).rejects.toMatchObject({
    status: 503,
    error: { error: { type: 'overloaded_error' } },
  });
  await expect(client.messages.stream(ask('Then break')).finalMessage()).rejects.toMatchObject({
    error: { type: 'error', error: { type: 'overloaded_error' } },
  });
  const nobody = new Anthropic({ apiKey: 'wrong', baseURL: house.address, maxRetries: 0 });
  await expect(nobody.messages.create(ask('Hi'))).rejects.toMatchObject({
    status: 401,
    error: { error: { type: 'authentication_error' } },
  });
});
