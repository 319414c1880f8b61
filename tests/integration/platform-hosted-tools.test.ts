import type { ServerResponse } from 'node:http';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sendJson, startFakeProvider, type FakeProvider, type SeenRequest } from './support/fake-provider.ts';
import { OpenAiDescription } from './support/openai-description.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

const tools = [{ type: 'web_search' as const }];
const usage = {
  input_tokens: 320,
  input_tokens_details: { cached_tokens: 20, cache_write_tokens: 0 },
  output_tokens: 12,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 332,
};
const search = { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'tide' } };
const message = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
});

let house: ChatHouse;
let provider: FakeProvider;
let without: FakeProvider;
let client: OpenAI;
beforeAll(async () => {
  provider = await startFakeProvider(answerAs('High at ', 'noon.'));
  without = await startFakeProvider((_, response) => sendJson(response, { error: { message: 'Not Found' } }, 404));
  house = await openHouse({ script: { rules: [{ steps: [{ type: 'tokens', tokens: ['local'], delayInMs: 0 }] }] } });
  for (const [name, { address: baseUrl }, model] of [
    ['Searcher', provider, 'far'],
    ['Plain', without, 'plain'],
  ] as const) {
    const body = { kind: 'openai-compatible', name, baseUrl, apiKey: 'sk-1', models: [model] };
    await house.owner.call('POST', '/api/providers', body);
  }
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
  await without?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.answer = answerAs('High at ', 'noon.');
});

const calls = () => house.app.storage.db.selectFrom('meteredCall').selectAll().orderBy('startedAt').execute();
const asked = () => provider.seen.filter(({ body }) => Object.keys(body).length > 0);

function frame(response: ServerResponse, event: object): void {
  response.write(`event: x\ndata: ${JSON.stringify(event)}\n\n`);
}

/** As OpenAI's servers answer with a search before the words; an empty request is wrong. */
function answerAs(...words: string[]) {
  return ({ body }: SeenRequest, response: ServerResponse): void => {
    if (body['model'] === undefined) return sendJson(response, { error: { message: 'Missing: model' } }, 400);
    begin(body, response, words);
    const said = {
      ...theirs(body),
      status: 'completed',
      completed_at: 2,
      output: [search, message(words.join(''))],
      usage,
    };
    frame(response, { type: 'response.output_item.done', sequence_number: 20, output_index: 1, item: said.output[1] });
    frame(response, { type: 'response.completed', sequence_number: 21, response: said });
    response.end();
  };
}

function begin(body: Record<string, unknown>, response: ServerResponse, words: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  frame(response, { type: 'response.created', sequence_number: 0, response: theirs(body) });
  frame(response, {
    type: 'response.output_item.added',
    sequence_number: 1,
    output_index: 0,
    item: { ...search, status: 'in_progress' },
  });
  frame(response, { type: 'response.web_search_call.searching', sequence_number: 2, output_index: 0, item_id: 'ws_1' });
  frame(response, { type: 'response.output_item.done', sequence_number: 3, output_index: 0, item: search });
  const item = { ...message(''), status: 'in_progress', content: [] };
  frame(response, { type: 'response.output_item.added', sequence_number: 4, output_index: 1, item });
  const place = { output_index: 1, content_index: 0, item_id: 'msg_1' };
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  frame(response, { type: 'response.content_part.added', sequence_number: 5, ...place, part });
  for (const [index, delta] of words.entries())
    frame(response, { type: 'response.output_text.delta', sequence_number: 6 + index, ...place, delta, logprobs: [] });
}

function theirs(body: Record<string, unknown>) {
  return {
    id: 'resp_theirs',
    object: 'response',
    created_at: 1,
    status: 'in_progress',
    model: 'snapshot-1',
    output: [],
    store: false,
    tools: body['tools'],
    previous_response_id: null,
  };
}

test('a tool of the provider is run there, its events pass, and what it used is billed', async () => {
  const before = (await calls()).length;
  const stream = await client.responses.create({ model: 'far', input: 'When is the tide?', tools, stream: true });
  const events = [];
  for await (const event of stream) events.push(event);
  expect(events.map(({ type }) => type)).toContain('response.web_search_call.searching');
  expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
  const end = events.at(-1);
  if (end?.type !== 'response.completed') throw new Error('It did not complete.');
  expect(end.response).toMatchObject({ model: 'far', store: true, output: [search, { type: 'message' }], usage });
  expect(end.response.id).not.toBe('resp_theirs');
  expect(asked().at(-1)).toMatchObject({
    path: '/v1/responses',
    authorization: 'Bearer sk-1',
    body: { model: 'far', store: false, stream: true, tools, input: [{ type: 'message', role: 'user' }] },
  });
  expect((await calls()).slice(before)).toMatchObject([
    {
      kind: 'text',
      state: 'settled',
      usageSource: 'provider',
      inputTokens: 320,
      cachedInputTokens: 20,
      outputTokens: 12,
    },
  ]);
  const kept = await client.responses.retrieve(end.response.id);
  expect(kept.output_text).toBe('High at noon.');
});

test('the talk stays here: it goes on there with what the tool did, and with any other model without', async () => {
  const first = await client.responses.create({ model: 'far', input: 'When is the tide?', tools });
  const next = { previous_response_id: first.id, input: 'And then?' };
  const second = await client.responses.create({ ...next, model: 'far', tools });
  const told = asked().at(-1)?.body ?? {};
  expect(told).not.toHaveProperty('previous_response_id');
  expect((told['input'] as { type: string }[]).map(({ type }) => type)).toEqual([
    'message',
    'web_search_call',
    'message',
    'message',
  ]);
  expect(second.previous_response_id).toBe(first.id);
  const items = await client.responses.inputItems.list(second.id, { order: 'asc' });
  expect(items.data.map(({ type }) => type)).toEqual(['message', 'web_search_call', 'message', 'message']);
  const local = await client.responses.create({ ...next, model: 'test' });
  expect(local.output_text).toBe('local');
  const conversation = await client.conversations.create({});
  await client.responses.create({ model: 'far', input: 'Hi', tools, conversation: conversation.id });
  const said = await client.conversations.items.list(conversation.id, { order: 'asc' });
  expect(said.data.map(({ type }) => type)).toEqual(['message', 'web_search_call', 'message']);
});

test('what a tool of the provider asks for is answered with items that only it knows', async () => {
  const approval = { type: 'mcp_approval_response' as const, approval_request_id: 'mcpr_1', approve: true };
  const mcp = [{ type: 'mcp' as const, server_label: 'sea', server_url: 'https://sea.example/mcp' }];
  await client.responses.create({ model: 'far', input: [{ role: 'user', content: 'Go on' }, approval], tools: mcp });
  expect(asked().at(-1)?.body).toMatchObject({ tools: mcp, input: [{ role: 'user' }, approval] });
});

test.each([
  ['plain', 'Plain'],
  ['test', 'asked in words that know none'],
  ['character/mira', 'characters'],
])('where there is no such door, the refusal names what is missing: %s', async (model, why) => {
  const before = (await calls()).length;
  await expect(client.responses.create({ model, input: 'Hi', tools })).rejects.toMatchObject({
    status: 400,
    code: 'unsupported_tool',
    param: 'tools[0].type',
    message: expect.stringContaining(why),
  });
  expect(await calls()).toHaveLength(before);
});

test('a server is asked once whether it has the door, and never for answers that it has no part in', async () => {
  expect(provider.seen.filter(({ body }) => Object.keys(body).length === 0)).toHaveLength(1);
  const before = provider.seen.length;
  await client.responses.create({ model: 'test', input: 'Hi' });
  expect(provider.seen).toHaveLength(before);
});

test('whoever leaves stops the provider, and what was said is kept and billed', async () => {
  const before = (await calls()).length;
  provider.answer = ({ body }, response) => begin(body, response, ['High ', 'at']);
  const stream = await client.responses.create({ model: 'far', input: 'Hi', tools, stream: true });
  let id = '';
  let deltas = 0;
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_text.delta' && ++deltas === 2) break;
  }
  await provider.seen.at(-1)?.left;
  await until('it is cancelled', async () => (await client.responses.retrieve(id)).status === 'cancelled');
  const kept = await client.responses.retrieve(id);
  expect(kept.output).toMatchObject([search, { status: 'incomplete', content: [{ text: 'High at' }] }]);
  const [call] = (await calls()).slice(before);
  expect(call).toMatchObject({ state: 'settled', outcome: 'stopped', usageSource: 'estimate' });
  expect(call?.outputTokens).toBeGreaterThan(0);
});

test('in the background it goes on by itself, can be watched again, and is cancelled', async () => {
  const made = await client.responses.create({ model: 'far', input: 'Hi', tools, background: true });
  await until('it is whole', async () => (await client.responses.retrieve(made.id)).status === 'completed');
  expect(asked().at(-1)?.body).not.toHaveProperty('background');
  const events = [];
  const watched = await client.responses.create({ model: 'far', input: 'Hi', tools, background: true, stream: true });
  for await (const event of watched) events.push(event);
  const [first] = events;
  if (first?.type !== 'response.created') throw new Error('It begins with its response.');
  const again = [];
  const rest = await client.responses.retrieve(first.response.id, { stream: true, starting_after: 2 });
  for await (const event of rest) again.push(event);
  expect(again).toEqual(events.slice(3));
  provider.answer = ({ body }, response) => begin(body, response, ['High ', 'at']);
  const hanging = await client.responses.create({ model: 'far', input: 'Hi', tools, background: true });
  await until('words came', async () => (await client.responses.retrieve(hanging.id)).output.length === 2);
  const { status } = await client.responses.cancel(hanging.id);
  expect(status).toBe('cancelled');
  await provider.seen.at(-1)?.left;
});

test('faults: before the first word with their status, later as a failed response, and never unbilled words', async () => {
  provider.answer = (_, response) => sendJson(response, { error: { message: 'No such tool', code: 'x' } }, 400);
  await expect(client.responses.create({ model: 'far', input: 'Hi', tools })).rejects.toMatchObject({ status: 400 });
  provider.answer = ({ body }, response) => {
    begin(body, response, ['Half']);
    response.end();
  };
  const stream = await client.responses.create({ model: 'far', input: 'Hi', tools, stream: true });
  const events = [];
  for await (const event of stream) events.push(event);
  const end = events.at(-1);
  if (end?.type !== 'response.failed') throw new Error('It did not fail.');
  expect((await client.responses.retrieve(end.response.id)).status).toBe('failed');
  expect((await calls()).at(-1)).toMatchObject({ state: 'settled', outcome: 'failed', errorCode: 'provider-cut-off' });
});

const specPath = process.env['EVERWITH_OPENAI_SPEC'];

test.skipIf(specPath === undefined)('OpenAI’s description', async () => {
  const description = await OpenAiDescription.read(specPath ?? '');
  const whole = await client.responses.create({ model: 'far', input: 'Hi', tools });
  const { output_text: _text, ...told } = whole;
  expect(description.faults('Response', told)).toEqual([]);
  const stream = await client.responses.create({ model: 'far', input: 'Hi', tools, stream: true });
  for await (const event of stream) expect(description.faults('ResponseStreamEvent', event)).toEqual([]);
});
