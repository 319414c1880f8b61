import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { providerFrame, sendFrames, sendJson, startFakeProvider, type FakeProvider } from './support/fake-provider.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

const SECRET = 'sk-secret-of-the-house';
const EMBEDDING = 'text-embedding-3-small';
const PRICES = { inputPerMillion: 1_000_000, outputPerMillion: 10_000_000 };
const messages = [{ role: 'user' as const, content: 'Say hello' }];
const usage = {
  prompt_tokens: 11,
  completion_tokens: 5,
  total_tokens: 16,
  prompt_tokens_details: { cached_tokens: 3 },
};
const finish = providerFrame({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const usageFrame = providerFrame({}, { choices: [], usage });

let house: ChatHouse;
let provider: FakeProvider;
let client: OpenAI;
let key: string;
beforeAll(async () => {
  provider = await startFakeProvider(() => undefined);
  house = await openHouse({
    script: {
      rules: [{ steps: [{ type: 'tokens', tokens: ['local'], delayInMs: 0 }] }],
      embeddings: [{ name: 'words' }],
    },
  });
  const { id } = await house.owner.call<{ id: string }>('POST', '/api/providers', {
    kind: 'openai-compatible',
    name: 'Upstream',
    baseUrl: provider.address,
    apiKey: SECRET,
    models: ['far', 'other', EMBEDDING],
  });
  for (const model of ['far', 'other'])
    await house.app.ledger.setPrices({ ref: `${id}:${model}`, prices: PRICES, actorId: null });
  await house.app.ledger.setPrices({ ref: `provider:${id}/${EMBEDDING}`, prices: PRICES, actorId: null });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.seen.length = 0;
});

test('what a client sends arrives unchanged but for the model, and the bytes come back under the public name', async () => {
  provider.answer = (_, response) =>
    sendJson(response, {
      id: 'c-1',
      object: 'chat.completion',
      model: 'snapshot-1',
      choices: [{ index: 0, message: { role: 'assistant', content: '你好', extra: [1] }, finish_reason: 'stop' }],
      usage,
      service_tier: 'default',
    });
  const request = {
    model: 'far',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }], name: 'ann' }],
    logit_bias: { 50_256: -100 },
    service_tier: 'flex',
    something_new: { deep: [null, 1.5] },
  };
  const response = await post(request);
  expect(response.headers.get('x-everwith-target')).toMatch(/:far$/);
  expect(response.headers.get('x-everwith-attempts')).toBe('1');
  expect(await response.json()).toMatchObject({
    model: 'far',
    service_tier: 'default',
    choices: [{ message: { content: '你好', extra: [1] } }],
  });
  expect(provider.seen).toMatchObject([
    { path: '/v1/chat/completions', authorization: `Bearer ${SECRET}`, body: request },
  ]);
  expect(await lastCall()).toMatchObject({
    state: 'settled',
    outcome: 'done',
    usageSource: 'provider',
    inputTokens: 11,
    cachedInputTokens: 3,
    outputTokens: 5,
    cost: 61,
  });
});

test('a stream asks for usage, and hides it from who did not', async () => {
  const frames = [providerFrame({ role: 'assistant', content: '' }), providerFrame({ content: 'Hel' })];
  provider.answer = (_, response) =>
    sendFrames(response, [...frames, providerFrame({ content: 'lo' }), finish, usageFrame, 'data: [DONE]\n\n']);
  const text = await (await post({ model: 'far', messages, stream: true })).text();
  expect(provider.seen[0]?.body['stream_options']).toEqual({ include_usage: true });
  expect(text).toContain('"model":"far"');
  expect(text).not.toContain('prompt_tokens');
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  const stream = await client.chat.completions.create({
    model: 'far',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let words = '';
  let told: unknown;
  for await (const chunk of stream) {
    words += chunk.choices[0]?.delta.content ?? '';
    told = chunk.usage ?? told;
  }
  expect(words).toBe('Hello');
  expect(told).toEqual(usage);
  await until('the bill is written', async () => (await lastCall())?.state === 'settled');
  expect(await lastCall()).toMatchObject({ usageSource: 'provider', outputTokens: 5, outcome: 'done' });
});

test('who leaves closes the connection to the provider at once, and pays for what was delivered', async () => {
  provider.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(providerFrame({ content: 'one' }) + providerFrame({ content: ' two' }));
  };
  const leaving = new AbortController();
  const response = await post({ model: 'far', messages, stream: true }, { signal: leaving.signal });
  await response.body?.getReader().read();
  leaving.abort();
  // The provider never ends by itself. How soon it is left: platform-abort.
  await provider.seen[0]?.left;
  await until('the bill is written', async () => (await lastCall())?.state === 'settled');
  expect(await lastCall()).toMatchObject({ outcome: 'stopped', usageSource: 'estimate', outputTokens: 2 });
});

test('what the provider refuses comes in its words, without its key, and owes nothing', async () => {
  const error = { message: `Bad value for ${SECRET}`, type: 'invalid_request_error', param: 'n', code: 'bad_n' };
  provider.answer = (_, response) => sendJson(response, { error }, 400);
  const refused = await post({ model: 'far', messages, n: 1 });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    error: { message: 'Bad value for [key]', type: 'invalid_request_error', param: 'n', code: 'bad_n' },
  });
  expect(provider.seen).toHaveLength(1);
  expect(await lastCall()).toMatchObject({ state: 'void', outcome: 'failed', errorCode: 'bad_n' });
});

test('a passing fault is tried again before anything was delivered, and not after', async () => {
  provider.answer = (_, response) => {
    if (provider.seen.length === 1) return sendJson(response, { error: { message: 'overloaded' } }, 503);
    return sendJson(response, { model: 'x', choices: [], usage });
  };
  const response = await post({ model: 'far', messages });
  expect(response.headers.get('x-everwith-attempts')).toBe('2');
  provider.answer = (_, broken) => {
    broken.writeHead(200, { 'content-type': 'text/event-stream' });
    broken.write(providerFrame({ content: 'half' }), () => broken.destroy());
  };
  const text = await (await post({ model: 'far', messages, stream: true })).text();
  expect(text).toContain('half');
  expect(text).toContain('"code":"provider_connection"');
  expect(provider.seen).toHaveLength(3);
  expect(await lastCall()).toMatchObject({ state: 'settled', outcome: 'failed', outputTokens: 1 });
});

test('an answer that may be given again costs nothing the second time, streamed or whole, and is nobody else’s', async () => {
  provider.answer = (_, response) => sendJson(response, { model: 'x', choices: [{ index: 0, message: {} }], usage });
  const cached = { 'x-everwith-cache': 'ttl=60' };
  const first = await post({ model: 'far', messages, seed: 1 }, { headers: cached });
  expect(first.headers.get('x-everwith-cache')).toBe('miss');
  const again = await post({ seed: 1, messages, model: 'far' }, { headers: cached });
  expect(again.headers.get('x-everwith-cache')).toBe('hit');
  expect(await again.json()).toEqual(await first.json());
  expect(provider.seen).toHaveLength(1);
  expect(await lastCall()).toMatchObject({ state: 'settled', cost: 0, outputTokens: 0, model: 'far' });
  expect((await post({ model: 'far', messages, seed: 2 }, { headers: cached })).headers.get('x-everwith-cache')).toBe(
    'miss',
  );
  expect((await post({ model: 'far', messages }, { headers: { 'x-everwith-cache': 'forever' } })).status).toBe(400);
  provider.answer = (_, response) =>
    sendFrames(response, [providerFrame({ content: 'a' }), finish, 'data: [DONE]\n\n']);
  const streamed = await (await post({ model: 'far', messages, stream: true }, { headers: cached })).text();
  const replayed = await post({ model: 'far', messages, stream: true }, { headers: cached });
  expect(replayed.headers.get('x-everwith-cache')).toBe('hit');
  expect(await replayed.text()).toBe(streamed);
  const member = await house.member('mira');
  const { key: other } = await member.call<{ key: string }>('POST', '/api/keys', { name: 'm', scopes: ['models'] });
  const theirs = await post(
    { model: 'far', messages, seed: 1 },
    { headers: { ...cached, authorization: `Bearer ${other}` } },
  );
  expect(theirs.headers.get('x-everwith-cache')).toBe('miss');
});

test('texts to embed go to the provider as they came, its vectors come back, and its own count is billed', async () => {
  const vectors = [{ object: 'embedding', index: 0, embedding: 'AACAPwAAAAA=', extra: 1 }];
  const counted = { prompt_tokens: 7, total_tokens: 7 };
  provider.answer = (_, response) =>
    sendJson(response, { object: 'list', model: 'snapshot', data: vectors, usage: counted });
  const request = { model: EMBEDDING, input: [[1, 2, 3]], dimensions: 2, encoding_format: 'base64', user: 'ann' };
  // By the short way of keys, and by the long one of people.
  for (const authorization of [`Bearer ${key}`, `Bearer ${house.terminalToken}`]) {
    const response = await post(request, { path: '/embeddings', headers: { authorization } });
    expect(await response.json()).toEqual({ object: 'list', model: EMBEDDING, data: vectors, usage: counted });
    expect(response.headers.get('x-everwith-target')).toMatch(/\/text-embedding-3-small$/);
    expect(provider.seen.at(-1)).toMatchObject({ path: '/v1/embeddings', body: request });
    const bill = { kind: 'embedding', state: 'settled', usageSource: 'provider', inputTokens: 7, cost: 7 };
    expect(await lastCall()).toMatchObject({ ...bill, model: EMBEDDING, outputTokens: 0 });
  }
  const empty = await post({ model: EMBEDDING, input: '' }, { path: '/embeddings' });
  expect([empty.status, await empty.json()]).toMatchObject([400, { error: { param: 'input' } }]);
  expect(provider.seen.filter(({ path }) => path === '/v1/embeddings')).toHaveLength(2);
});

test('what the house answers itself says who it was, as what passes does', async () => {
  const chat = await post({ model: 'test', messages });
  expect(chat.headers.get('x-everwith-target')).toBe('scripted:test');
  expect(chat.headers.get('x-everwith-attempts')).toBe('1');
  const streamed = await post({ model: 'test', messages, stream: true });
  expect(streamed.headers.get('x-everwith-target')).toBe('scripted:test');
  await streamed.text();
  const embedded = await post({ model: 'words', input: 'hello' }, { path: '/embeddings' });
  expect(embedded.headers.get('x-everwith-target')).toBe('scripted:words');
});

test('redirects lead nowhere else', async () => {
  provider.answer = (_, response) => void response.writeHead(307, { location: 'http://127.0.0.2:1/' }).end();
  const response = await post({ model: 'far', messages });
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('http://127.0.0.2:1');
  provider.answer = ({ path }, answer) =>
    path === '/v1/elsewhere'
      ? sendJson(answer, { model: 'x', choices: [], usage })
      : void answer.writeHead(308, { location: '/v1/elsewhere' }).end();
  expect((await post({ model: 'far', messages })).status).toBe(200);
});

function post(
  body: object,
  {
    path = '/chat/completions',
    signal,
    headers = {},
  }: { path?: string; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${house.address}/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

function lastCall() {
  return house.app.storage.db.selectFrom('meteredCall').selectAll().orderBy('id', 'desc').executeTakeFirst();
}
