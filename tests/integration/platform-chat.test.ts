import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });
const script: ScriptInput = {
  rules: [
    {
      when: { contains: 'both' },
      steps: [
        { type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } },
        { type: 'tool-call', tool: 'weather', input: { city: 'Bern' } },
      ],
    },
    { when: { contains: 'weather' }, steps: [{ type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } }] },
    { when: { toolResult: 'rain' }, steps: [said('It rains in Oslo.')] },
    { when: { contains: 'fail' }, steps: [{ type: 'error', code: 'unavailable' }] },
    { when: { contains: 'break off' }, steps: [said('Half'), { type: 'cut' }] },
    { when: { contains: 'think' }, steps: [{ type: 'reasoning', tokens: ['Hm', '.'], delayInMs: 0 }, said('Four.')] },
    { when: { contains: 'count' }, steps: [said('one ', 'EN', 'X ', 'two ', 'E', 'ND', ' three')] },
    { when: { contains: 'good json' }, steps: [said('{"city":', '"Oslo"}')] },
    { when: { contains: 'bad json' }, steps: [said('{"town":', '"Oslo"}')] },
    { when: { contains: 'long' }, steps: [said('a', 'b', 'c', 'd')], finishReason: 'length' },
    { steps: [said('Hello', ', ', 'world', '.')] },
  ],
};

let house: ChatHouse;
let client: OpenAI;
let key: string;
beforeAll(async () => {
  house = await openHouse({ script });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const messages = saying('Say hello');
const tools = [
  { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
];

describe('answers', () => {
  test('a whole answer with what it used', async () => {
    const completion = await client.chat.completions.create({ model: 'test', messages });
    expect(completion.choices[0]?.message).toMatchObject({ content: 'Hello, world.', refusal: null });
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    expect(completion.usage?.completion_tokens).toBe(4);
    expect(completion.system_fingerprint).toMatch(/^fp_/);
  });

  test('a stream: role first, a reason last, usage where it was asked for, on every chunk', async () => {
    const chunks = await streamed({ messages, stream_options: { include_usage: true } });
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Hello, world.');
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 4 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(chunks.slice(0, -2).every(({ choices }) => choices[0]?.finish_reason === null)).toBe(true);
  });

  test('a stream says nothing of usage where nobody asked', async () => {
    const chunks = await streamed({ messages });
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  test('a stop sequence in pieces ends the answer and is no part of it', async () => {
    const asked = { model: 'test', messages: saying('count'), stop: ['END', 'never'] };
    const completion = await client.chat.completions.create(asked);
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'one ENX two ' } });
    const chunks = await streamed({ ...asked, stream_options: { include_usage: true } });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('one ENX two ');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(completion.usage?.completion_tokens);
  });

  test('several answers, each with its index, and what all of them used', async () => {
    const completion = await client.chat.completions.create({ model: 'test', messages, n: 6 });
    expect(completion.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(completion.usage?.completion_tokens).toBe(24);
    const chunks = await streamed({ messages, n: 3 });
    const texts = ['', '', ''];
    for (const { index, delta } of chunks.flatMap(({ choices }) => choices)) texts[index] += delta.content ?? '';
    expect(texts).toEqual(Array.from({ length: 3 }, () => 'Hello, world.'));
    expect(chunks.flatMap(({ choices }) => choices).filter((one) => one.finish_reason === 'stop')).toHaveLength(3);
  });

  test('thoughts are told apart from what is said', async () => {
    const { choices } = await client.chat.completions.create({ model: 'test', messages: saying('think') });
    expect(choices[0]?.message).toMatchObject({ content: 'Four.', reasoning_content: 'Hm.' });
  });

  test('a limit on tokens, and what the model is given besides', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'test',
      messages: [{ role: 'developer', content: 'Be brief.' }, ...saying('long')],
      max_completion_tokens: 4,
      temperature: 0.3,
      seed: 7,
      reasoning_effort: 'low',
      an_option_of_tomorrow: true,
    } as OpenAI.ChatCompletionCreateParamsNonStreaming);
    expect(choices[0]?.finish_reason).toBe('length');
    const calls = await house.app.storage.db.selectFrom('meteredCall').select(['state', 'outputTokens']).execute();
    expect(calls.at(-1)).toEqual({ state: 'settled', outputTokens: 4 });
  });
});

describe('tools', () => {
  test('parallel calls, whole and as a stream, and the turn after their results', async () => {
    const asked = { model: 'test', messages: saying('both'), tools };
    const completion = await client.chat.completions.create(asked);
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.content).toBeNull();
    const calls = choice?.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === 'function' && call.function.arguments)).toEqual([
      '{"city":"Oslo"}',
      '{"city":"Bern"}',
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    const deltas = (await streamed(asked)).flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(deltas.every(({ index }) => Number.isInteger(index))).toBe(true);
    expect(deltas.filter(({ id }) => id !== undefined).map(({ index }) => index)).toEqual([0, 1]);
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'rain' }));
    const next = [...asked.messages, choice!.message, ...results];
    const second = await client.chat.completions.create({ model: 'test', messages: next, tools });
    expect(second.choices[0]?.message.content).toBe('It rains in Oslo.');
  });

  test('one call where several are not wanted', async () => {
    const asked = { model: 'test', messages: saying('both'), tools, parallel_tool_calls: false };
    const { choices, usage } = await client.chat.completions.create(asked);
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: [{ type: 'function' }] } });
    expect(choices[0]?.message.tool_calls).toHaveLength(1);
    // Ended before its model was, it is billed as the model read its prompt and wrote its call.
    const several = await client.chat.completions.create({ ...asked, parallel_tool_calls: true });
    expect(usage?.prompt_tokens).toBe(several.usage?.prompt_tokens);
    expect(usage?.completion_tokens).toBeGreaterThan(0);
    const { db } = house.app.storage;
    const billed = await db.selectFrom('meteredCall').select(['inputTokens', 'outputTokens']).execute();
    expect(billed.at(-2)).toEqual({ inputTokens: usage?.prompt_tokens, outputTokens: usage?.completion_tokens });
  });

  test('a choice among tools must be one of them', async () => {
    const choose = (name: string) => ({
      type: 'allowed_tools' as const,
      allowed_tools: { mode: 'auto' as const, tools: [{ type: 'function', function: { name } }] },
    });
    const asked = { model: 'test', messages: saying('weather'), tools };
    await client.chat.completions.create({ ...asked, tool_choice: choose('weather') });
    await expect(client.chat.completions.create({ ...asked, tool_choice: choose('time') })).rejects.toMatchObject({
      status: 400,
      param: 'tool_choice',
    });
    const grammar = { syntax: 'regex' as const, definition: 'a+' };
    const sql = { type: 'custom' as const, custom: { name: 'sql', format: { type: 'grammar' as const, grammar } } };
    await expect(client.chat.completions.create({ ...asked, tools: [sql] })).rejects.toMatchObject({
      status: 400,
      param: 'tools[0].custom.format',
      code: 'unsupported_value',
    });
  });
});

describe('answers in a form', () => {
  const response_format = {
    type: 'json_schema' as const,
    json_schema: {
      name: 'place',
      strict: true,
      schema: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        additionalProperties: false,
      },
    },
  };

  test('what keeps to its schema passes, what does not is an error that may be tried again', async () => {
    const asked = { model: 'test', response_format };
    const good = await client.chat.completions.create({ ...asked, messages: saying('good json') });
    expect(JSON.parse(good.choices[0]?.message.content ?? '')).toEqual({ city: 'Oslo' });
    const bad = { ...asked, messages: saying('bad json') };
    await expect(client.chat.completions.create(bad)).rejects.toMatchObject({ status: 503, code: 'answer_off_schema' });
    await expect(streamed(bad)).rejects.toMatchObject({ code: 'answer_off_schema' });
  });

  test('a schema that is none is refused before any model is asked', async () => {
    const json_schema = { name: 'x', strict: true, schema: { type: 'nonsense' } };
    await expect(
      client.chat.completions.create({
        model: 'test',
        messages,
        response_format: { type: 'json_schema', json_schema },
      }),
    ).rejects.toMatchObject({ status: 400, param: 'response_format.json_schema.schema' });
  });
});

describe('refusals', () => {
  test('all four fields, a status and a field for each fault', async () => {
    const faults: [Record<string, unknown>, Record<string, unknown>][] = [
      [{ model: 'gone' }, { status: 404, code: 'model_not_found', param: 'model' }],
      [{ messages: [] }, { status: 400, param: 'messages' }],
      [{ messages: undefined }, { status: 400, param: 'messages' }],
      [{ messages: [{ role: 'wizard', content: 'x' }] }, { status: 400, param: 'messages[0].role' }],
      [{ messages: [{ role: 'user', content: null }] }, { status: 400, param: 'messages[0].content' }],
      [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, { param: 'messages[0].content[0].text' }],
      [{ messages: [{ role: 'assistant', content: null }] }, { status: 400, param: 'messages[0].content' }],
      [{ messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }, { param: 'messages[0].tool_call_id' }],
      [{ temperature: 3 }, { status: 400, param: 'temperature' }],
      [{ n: 0 }, { status: 400, param: 'n' }],
      [{ stop: ['a', 'b', 'c', 'd', 'e'] }, { status: 400, param: 'stop' }],
      [{ logprobs: true }, { status: 400, param: 'logprobs', code: 'unsupported_value' }],
      [{ top_logprobs: 2 }, { status: 400, param: 'top_logprobs' }],
      [{ tool_choice: 'required' }, { status: 400, param: 'tool_choice' }],
      [{ stream_options: { include_usage: true } }, { status: 400, param: 'stream_options' }],
      [{ logit_bias: { 50256: -100 } }, { status: 400, param: 'logit_bias' }],
      [{ modalities: ['text', 'audio'] }, { status: 400, param: 'audio' }],
    ];
    for (const [fault, expected] of faults) {
      const body = { model: 'test', messages, ...fault } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
      const refused = await client.chat.completions.create(body).catch((error: unknown) => error);
      expect(refused, JSON.stringify(fault)).toMatchObject({ type: 'invalid_request_error', ...expected });
    }
  });

  test('pictures where the model does not look at any', async () => {
    const url = `data:image/png;base64,${Buffer.from('no picture').toString('base64')}`;
    const content = [{ type: 'image_url' as const, image_url: { url } }];
    await expect(
      client.chat.completions.create({ model: 'test', messages: [{ role: 'user', content }] }),
    ).rejects.toMatchObject({ status: 400, param: 'messages[0].content[0]', code: 'unsupported_value' });
  });

  test('calls that failed owe nothing; what breaks off is billed and told inside the stream', async () => {
    await expect(client.chat.completions.create({ model: 'test', messages: saying('fail') })).rejects.toMatchObject({
      status: 503,
      type: 'server_error',
    });
    expect(await lastCall()).toMatchObject({ state: 'void', outcome: 'failed' });
    await expect(streamed({ messages: saying('break off') })).rejects.toMatchObject({ code: 'model_cut_off' });
    expect(await lastCall()).toMatchObject({ state: 'settled', outcome: 'failed', outputTokens: 1 });
  });
});

describe('the door', () => {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${house.address}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
    });
  const refusal = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { error: { message: string; code: string } & Record<string, unknown> }).error,
  });

  test('no key, a wrong key, nothing there, a wrong method, no JSON, another type, too much', async () => {
    const json = { 'content-type': 'application/json' };
    const invalid = { type: 'invalid_request_error' };
    const noKey = await fetch(`${house.address}/v1/models`);
    expect(await refusal(noKey)).toMatchObject({ ...invalid, status: 401, code: 'invalid_api_key', param: null });
    const wrong = await ask('/v1/models', { headers: { authorization: 'Bearer sk-wrong' } });
    expect(await refusal(wrong)).toMatchObject({ ...invalid, status: 401, code: 'invalid_api_key' });
    expect(await refusal(await ask('/v1/nothing'))).toMatchObject({ ...invalid, status: 404, code: 'unknown_url' });
    const method = await ask('/v1/chat/completions', { method: 'PUT', headers: json, body: '{}' });
    expect(method.headers.get('allow')).toContain('POST');
    expect(await refusal(method)).toMatchObject({ ...invalid, status: 405, code: 'method_not_supported' });
    const fineTuned = await ask('/v1/models/test', { method: 'DELETE' });
    expect(await refusal(fineTuned)).toMatchObject({ ...invalid, status: 403, code: 'model_not_deletable' });
    const unknown = await ask('/v1/models/maker/gone', { method: 'DELETE' });
    expect(await refusal(unknown)).toMatchObject({ ...invalid, status: 404, code: 'model_not_found' });
    const anthropics = await ask('/v1/messages', { method: 'PUT', headers: json, body: '{}' });
    expect(anthropics.status).toBe(405);
    expect(await refusal(await ask('/v1/models', { method: 'QUERY' }))).toMatchObject({ ...invalid, status: 400 });
    const post = (body: string, headers: Record<string, string> = json) =>
      ask('/v1/chat/completions', { method: 'POST', headers, body });
    expect(await refusal(await post('{"model":'))).toMatchObject({ ...invalid, status: 400 });
    expect(await refusal(await post('hi', { 'content-type': 'text/plain' }))).toMatchObject({ status: 415 });
    const large = JSON.stringify({ text: 'x'.repeat(65 * 1024 * 1024) });
    expect(await refusal(await post(large))).toMatchObject({ ...invalid, status: 413 });
  });

  test('refusals say what to do', async () => {
    const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
      refusal(
        await ask(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      );
    const chat = '/v1/chat/completions';
    const told = [
      [await post(chat, { messages }), 'model: is missing (string).', 'missing_required_parameter'],
      [await post(chat, { model: 'test', messages, stop: 5 }), 'string or array', 'invalid_value'],
      [
        await post(chat, { model: 'test', messages, stop: ['a', 'b', 'c', 'd', 'e'] }),
        'stop: Too big',
        'invalid_value',
      ],
      [await post(chat, { model: 'test', messages: [{ role: 'x' }] }), 'messages[0].role: ', 'invalid_value'],
      [await post(chat, { model: 'gpt-4o', messages }), 'Those that answer here: test', 'model_not_found'],
      [
        await post(chat, { model: 'test', messages }, { authorization: 'Bearer sk-old' }),
        'Developers → Keys',
        'invalid_api_key',
      ],
      [await post(`/v1${chat}`, {}), '/v1 twice', 'unknown_url'],
      [await post('/chat/completions', {}), 'base URL of your client in /v1', 'unknown-path'],
      [await post('/v1/completions', {}), 'Use POST /v1/chat/completions', 'unknown_url'],
      [
        await post('/v1/audio/speech', { model: 'tts-1', input: 'Hi' }),
        'voice: is missing',
        'missing_required_parameter',
      ],
    ] as const;
    for (const [{ message, code }, words, expected] of told) {
      expect({ message, code }).toEqual({ message: expect.stringContaining(words), code: expected });
    }
  });

  test('the description tells forms, whole answers and events, beside what is checked', async () => {
    type Content = Record<string, { schema: { properties?: Record<string, unknown> } }>;
    type Told = { requestBody: { content: Content }; responses: Record<string, { content: Content }> };
    const { paths } = (await (await ask('/api/openapi.json')).json()) as { paths: Record<string, { post: Told }> };
    const heard = paths['/v1/audio/transcriptions']?.post;
    const form = heard?.requestBody.content['multipart/form-data']?.schema.properties;
    expect(form).toMatchObject({ file: { type: 'string', format: 'binary' }, model: { type: 'string' } });
    expect(Object.keys(heard?.responses['200']?.content ?? {})).toEqual(['application/json', 'text/event-stream']);
    const responses = paths['/v1/responses']?.post;
    expect(JSON.stringify(responses?.requestBody)).toContain('encrypted_content');
    // What is only described is no stricter for it.
    const item = { type: 'message', role: 'user', content: 'Hello', status: 'odd', phase: 7 };
    const kept = await ask('/v1/conversations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items: [item] }),
    });
    expect(kept.status).toBe(200);
  });

  test('headers: request, version, time and limits, on answers, streams and refusals', async () => {
    const { response } = await client.chat.completions.create({ model: 'test', messages }).withResponse();
    const stream = await client.chat.completions.create({ model: 'test', messages, stream: true }).withResponse();
    await collect(stream.data);
    for (const { headers } of [response, stream.response]) {
      expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
      expect(headers.get('openai-version')).toBe('2020-10-01');
      expect(Number(headers.get('openai-processing-ms'))).toBeGreaterThanOrEqual(0);
      expect(Number(headers.get('x-ratelimit-remaining-requests'))).toBeGreaterThan(0);
      expect(headers.get('x-ratelimit-reset-tokens')).toMatch(/^(\d+m)?\d+(s|ms)$/);
    }
    expect((await ask('/v1/nothing')).headers.get('x-request-id')).not.toBeNull();
  });

  test('a key with limits of its own is told when to come again', async () => {
    const limited = await house.owner.call<{ key: string }>('POST', '/api/platform/keys', {
      name: 'limited',
      requestsPerMinute: 2,
    });
    const other = new OpenAI({ apiKey: limited.key, baseURL: `${house.address}/v1`, maxRetries: 0 });
    const twice = [
      other.chat.completions.create({ model: 'test', messages }),
      other.chat.completions.create({ model: 'test', messages }),
    ];
    await Promise.all(twice);
    const refused = (await other.chat.completions
      .create({ model: 'test', messages })
      .catch((error: unknown) => error)) as InstanceType<typeof OpenAI.RateLimitError>;
    expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('pages of other sites may call with a key, never with cookies', async () => {
    const origin = 'https://elsewhere.example';
    const preflight = await fetch(`${house.address}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-os',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-stainless-os');
    const answer = await ask('/v1/models', { headers: { origin } });
    expect(answer.status).toBe(200);
    for (const { headers } of [preflight, answer]) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});

function saying(content: string): OpenAI.ChatCompletionMessageParam[] {
  return [{ role: 'user', content }];
}

async function streamed(
  body: Omit<OpenAI.ChatCompletionCreateParamsStreaming, 'model' | 'stream'>,
): Promise<OpenAI.ChatCompletionChunk[]> {
  return collect(await client.chat.completions.create({ ...body, model: 'test', stream: true }));
}

function lastCall() {
  return house.app.storage.db
    .selectFrom('meteredCall')
    .selectAll()
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
