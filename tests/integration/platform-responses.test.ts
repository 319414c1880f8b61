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
        { when: { toolResult: '12' }, steps: [{ type: 'tokens', tokens: ['It is ', '12 degrees.'], delayInMs: 0 }] },
        {
          when: { contains: 'weather' },
          steps: [
            { type: 'tokens', tokens: ['I will look.'], delayInMs: 0 },
            { type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } },
            { type: 'tool-call', tool: 'weather', input: { city: 'Bergen' } },
          ],
        },
        { when: { contains: 'fail' }, steps: [{ type: 'error', code: 'unavailable' }] },
        {
          when: { contains: 'break' },
          steps: [{ type: 'tokens', tokens: ['Half'], delayInMs: 0 }, { type: 'cut' }],
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
          steps: [{ type: 'tokens', tokens: ['And so'], delayInMs: 0 }],
          finishReason: 'length',
        },
        { when: { contains: 'json' }, steps: [{ type: 'tokens', tokens: ['{"city":', '"Oslo"}'], delayInMs: 0 }] },
        {
          when: { contains: 'hang' },
          steps: [{ type: 'tokens', tokens: ['Wait', ' here'], delayInMs: 0 }, { type: 'hang' }],
        },
        { steps: [{ type: 'tokens', tokens, delayInMs: 0 }] },
      ],
    },
  });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const weather = {
  type: 'function' as const,
  name: 'weather',
  strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

test('a response is kept, read, and continued by its id', async () => {
  const first = await client.responses.create({ model: 'test', input: 'Say hello', metadata: { topic: 'greeting' } });
  expect(first.output_text).toBe('Hello, world.');
  expect(first).toMatchObject({ status: 'completed', store: true, metadata: { topic: 'greeting' }, error: null });
  expect(first.usage?.output_tokens).toBe(4);
  expect((await client.responses.retrieve(first.id)).output).toEqual(first.output);
  const second = await client.responses.create({ model: 'test', input: 'Again', previous_response_id: first.id });
  expect(second.previous_response_id).toBe(first.id);
  const said = await client.responses.inputItems.list(second.id, { order: 'asc' });
  expect(said.data.map((item) => ('role' in item ? item.role : item.type))).toEqual(['user', 'assistant', 'user']);
  expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.input_tokens ?? 0);
  await client.responses.delete(second.id);
  await expect(client.responses.retrieve(second.id)).rejects.toMatchObject({
    status: 404,
    type: 'invalid_request_error',
  });
});

test('events in order, each numbered, with reasoning as an item of its own', async () => {
  const stream = client.responses.stream({ model: 'test', input: 'Please think' });
  const events: { type: string; sequence_number: number }[] = [];
  for await (const event of stream) events.push(event);
  expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'reasoning_text.delta',
    'reasoning_text.delta',
    'reasoning_text.done',
    'content_part.done',
    'output_item.done',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'completed',
  ]);
  expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
  const response = await stream.finalResponse();
  expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
  expect(response.output_text).toBe('Done.');
});

test('a character whose model sees nothing is shown no pictures, whoever keeps the talk', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
  const picture = {
    type: 'input_image' as const,
    image_url: `data:image/png;base64,${pixel}`,
    detail: 'auto' as const,
  };
  const input = [{ role: 'user' as const, content: [picture] }];
  const refusal = { status: 400, code: 'unsupported_value', message: expect.stringContaining('look at pictures') };
  for (const store of [true, false]) {
    await expect(client.responses.create({ model: 'character/mira', input, store })).rejects.toMatchObject(refusal);
  }
});

test('tools are called side by side, and their outputs are answered', async () => {
  const asked = await client.responses.create({ model: 'test', input: 'The weather?', tools: [weather] });
  const calls = asked.output.filter((item) => item.type === 'function_call');
  expect(calls.map(({ name, arguments: given }) => [name, given])).toEqual([
    ['weather', '{"city":"Oslo"}'],
    ['weather', '{"city":"Bergen"}'],
  ]);
  const outputs = calls.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: '12' }));
  const answered = await client.responses.create({
    model: 'test',
    input: outputs,
    previous_response_id: asked.id,
    tools: [weather],
  });
  expect(answered.output_text).toBe('It is 12 degrees.');
  const whole = await client.responses.create({
    model: 'test',
    store: false,
    input: [{ role: 'user', content: 'The weather?' }, ...calls, ...outputs],
    tools: [weather],
  });
  expect(whole.output_text).toBe('It is 12 degrees.');
  await expect(client.responses.retrieve(whole.id)).rejects.toMatchObject({ status: 404 });
});

test('a schema is parsed by the official client', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const response = await client.responses.parse({
    model: 'test',
    input: 'As json, please',
    text: { format: { type: 'json_schema', name: 'place', schema, strict: true } },
  });
  expect(response.output_parsed).toEqual({ city: 'Oslo' });
});

test('an answer that is cut short says so', async () => {
  const response = await client.responses.create({ model: 'test', input: 'Something long', max_output_tokens: 16 });
  expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
});

test('faults: before the first word an error, later a failed response that is kept', async () => {
  await expect(client.responses.create({ model: 'gone', input: 'Hello' })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
  await expect(client.responses.create({ model: 'test', input: 'Please fail' })).rejects.toMatchObject({ status: 503 });
  const stream = await client.responses.create({ model: 'test', input: 'Then break', stream: true });
  let id = '';
  let last = '';
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    last = event.type;
  }
  expect(last).toBe('response.failed');
  expect(await client.responses.retrieve(id)).toMatchObject({
    status: 'failed',
    output_text: 'Half',
    error: { code: 'server_error' },
  });
});

test('what this house cannot do is named', async () => {
  const ask = (more: object) => client.responses.create({ model: 'test', input: 'Hello', stream: false, ...more });
  await expect(ask({ tools: [{ type: 'web_search' }] })).rejects.toMatchObject({ status: 400, param: 'tools[0].type' });
  await expect(ask({ include: ['file_search_call.results'] })).rejects.toMatchObject({ status: 400, param: 'include' });
  await expect(ask({ service_tier: 'flex' })).rejects.toMatchObject({ status: 400, param: 'service_tier' });
  await expect(ask({ previous_response_id: 'resp_1' })).rejects.toMatchObject({
    status: 404,
    param: 'previous_response_id',
  });
  await expect(ask({ input: [{ type: 'computer_call' }] })).rejects.toMatchObject({
    status: 400,
    param: 'input[0].type',
  });
});

test('a response in the background goes on, is watched from any event, and is cancelled with its words', async () => {
  const unknown = client.responses.create({ model: 'gone', input: 'Hello', background: true });
  await expect(unknown).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  const stream = await client.responses.create({ model: 'test', input: 'hang on', background: true, stream: true });
  let id = '';
  let heard = '';
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_text.delta') heard += event.delta;
    if (heard === 'Wait here') break;
  }
  expect((await client.responses.retrieve(id)).status).toBe('in_progress');
  const again = await client.responses.retrieve(id, { stream: true, starting_after: 4 });
  const first = await again[Symbol.asyncIterator]().next();
  expect(first.value).toMatchObject({ sequence_number: 5 });
  expect(await client.responses.cancel(id)).toMatchObject({ status: 'cancelled' });
  expect((await client.responses.retrieve(id)).output_text).toBe('Wait here');
  const rest = await client.responses.retrieve(id, { stream: true, starting_after: 0 });
  const types: string[] = [];
  for await (const event of rest) types.push(event.type);
  expect(types[0]).toBe('response.queued');
  expect(types.at(-1)).toBe('response.output_item.done');
});

test('a conversation holds what was said, and what responses add to it', async () => {
  const conversation = await client.conversations.create({
    metadata: { topic: 'weather' },
    items: [{ type: 'message', role: 'user', content: 'We talked before.' }],
  });
  const { usage } = await client.responses.create({ model: 'test', input: 'Say hello', conversation: conversation.id });
  const said = await client.conversations.items.list(conversation.id, { order: 'asc', limit: 2 });
  expect(said.data.map((item) => ('role' in item ? item.role : ''))).toEqual(['user', 'user']);
  expect(said.has_more).toBe(true);
  const rest = await said.getNextPage();
  expect(rest.data.map((item) => ('role' in item ? item.role : ''))).toEqual(['assistant']);
  const again = await client.responses.create({ model: 'test', input: 'Again', conversation: conversation.id });
  expect(again.usage?.input_tokens).toBeGreaterThan(usage?.input_tokens ?? 0);
  const { input_tokens: tokens } = await client.responses.inputTokens.count({ model: 'test', input: 'Say hello' });
  expect(tokens).toBeGreaterThan(0);
  await client.conversations.items.delete(said.data[0]?.id ?? '', { conversation_id: conversation.id });
  expect((await client.conversations.items.list(conversation.id, { limit: 100 })).data).toHaveLength(4);
  await client.conversations.update(conversation.id, { metadata: { topic: 'seas' } });
  expect((await client.conversations.retrieve(conversation.id)).metadata).toEqual({ topic: 'seas' });
  await client.conversations.delete(conversation.id);
  await expect(client.conversations.retrieve(conversation.id)).rejects.toMatchObject({ status: 404 });
});

test('what is too long for the model leaves from its beginning where that is asked for', async () => {
  const long = { role: 'user' as const, content: 'word '.repeat(9000) };
  const { id } = await client.conversations.create({ items: [long, { role: 'assistant', content: 'Aye.' }] });
  const ask = (truncation: 'auto' | 'disabled') =>
    client.responses.create({ model: 'test', input: 'Say hello', conversation: id, truncation });
  const { usage } = await ask('auto');
  expect(usage?.input_tokens).toBeLessThan(1000);
});

test('what a crash cut off is a failed response with its words', async () => {
  const { id } = await client.responses.create({ model: 'test', input: 'Say hello' });
  const { db } = house.app.storage;
  const { body } = await db.selectFrom('storedResponse').select('body').where('id', '=', id).executeTakeFirstOrThrow();
  const growing = JSON.stringify({ ...JSON.parse(body), status: 'in_progress', completed_at: null });
  await db.updateTable('storedResponse').set({ status: 'in_progress', body: growing }).where('id', '=', id).execute();
  await house.close();
  await house.reopen();
  client.baseURL = `${house.address}/v1`;
  const recovered = await client.responses.retrieve(id);
  expect(recovered).toMatchObject({ status: 'failed', output_text: 'Hello, world.', error: { code: 'server_error' } });
});

test('responses belong to whose key made them', async () => {
  const { id } = await client.responses.create({ model: 'test', input: 'A secret' });
  const stranger = await house.member('stranger');
  const { key } = await stranger.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  const other = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  await expect(other.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  await expect(other.responses.delete(id)).rejects.toMatchObject({ status: 404 });
  const { id: conversation } = await client.conversations.create({});
  await expect(other.conversations.items.list(conversation)).rejects.toMatchObject({ status: 404 });
  await expect(other.conversations.delete(conversation)).rejects.toMatchObject({ status: 404 });
  await expect(other.responses.create({ model: 'test', input: 'Hi', conversation })).rejects.toMatchObject({
    status: 404,
  });
  await expect(other.responses.inputItems.list(id)).rejects.toMatchObject({ status: 404 });
  await expect(
    other.responses.create({ model: 'test', input: 'And?', previous_response_id: id }),
  ).rejects.toMatchObject({ status: 404 });
});
