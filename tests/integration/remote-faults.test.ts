import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/base/errors.ts';
import { detectOllama } from '../../src/models/remote/detect-ollama.ts';
import { listModels } from '../../src/models/remote/list-models.ts';
import type { RemoteProvider } from '../../src/models/remote/provider-kinds.ts';
import { createRemoteModel, type RemoteModelOptions } from '../../src/models/remote/remote-model.ts';
import { testProvider } from '../../src/models/remote/test-provider.ts';

type Handler = (request: IncomingMessage & { body: string }, response: ServerResponse) => void;

const KEY = 'sk-very-secret-key';
let server: Server;
let base: string;
let handlers: Handler[];
let received: { url: string; headers: IncomingMessage['headers']; body: string }[];
const never = new AbortController().signal;

beforeEach(async () => {
  handlers = [];
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ url: request.url ?? '', headers: request.headers, body });
      const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
      if (!handler) throw new Error('The fake server was not told what to answer.');
      handler(Object.assign(request, { body }), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function provider(more: Partial<RemoteProvider> = {}): RemoteProvider {
  return { id: 'p1', kind: 'openai-compatible', name: 'Fake', baseUrl: `${base}/v1`, apiKey: KEY, ...more };
}

const waits: number[] = [];
function model(more: Partial<RemoteModelOptions> = {}) {
  waits.length = 0;
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  return createRemoteModel({ provider: provider(), model: 'm1', wait, ...more });
}

function call(more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions {
  return { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Tell me about Momo.' }] }], ...more };
}

async function run(more: Partial<RemoteModelOptions> = {}, options = call()) {
  const { stream } = await model(more).languageModel.doStream(options);
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

const textOf = (parts: readonly LanguageModelV4StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');

function json(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', created: 1, model: 'm1', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

/** `after`: what happens once the pieces are sent. */
function stream(pieces: readonly string[], after: 'end' | 'destroy' | 'silence' = 'end'): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    if (after === 'end') response.end();
    // The pieces must be on their way before the connection goes.
    if (after === 'destroy') setImmediate(() => response.destroy());
  };
}

const USAGE = `data: ${JSON.stringify({ id: 'c', created: 1, model: 'm1', choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } })}\n\n`;
const GOOD = [
  chunk({ role: 'assistant', content: 'Momo ' }),
  chunk({ content: 'is a cat.' }),
  chunk({}, 'stop'),
  USAGE,
  'data: [DONE]\n\n',
];

describe('a call', () => {
  test('streams text and usage, with the key in its header only', async () => {
    handlers = [stream(GOOD)];
    const parts = await run();
    expect(textOf(parts)).toBe('Momo is a cat.');
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      finishReason: { unified: 'stop' },
      usage: { inputTokens: { total: 7 }, outputTokens: { total: 2 } },
    });
    expect(received[0]).toMatchObject({ url: '/v1/chat/completions', headers: { authorization: `Bearer ${KEY}` } });
    expect(JSON.parse(received[0]!.body)).toMatchObject({ stream_options: { include_usage: true } });
  });

  test('turns thinking inside the answer into reasoning', async () => {
    handlers = [stream([chunk({ content: '<thi' }), chunk({ content: 'nk>hm</think>\n\nHello' }), chunk({}, 'stop')])];
    const parts = await run();
    expect(textOf(parts)).toBe('Hello');
    expect(parts.flatMap((part) => (part.type === 'reasoning-delta' ? [part.delta] : []))).toEqual(['hm']);
  });

  test('is the same without streaming', async () => {
    handlers = [stream(GOOD)];
    const result = await model().languageModel.doGenerate(call());
    expect(result.content).toEqual([{ type: 'text', text: 'Momo is a cat.' }]);
  });
});

describe('a provider that fails', () => {
  test('401: says the key is wrong, tries nothing again and never repeats the key', async () => {
    handlers = [json(401, { error: { message: `Incorrect API key provided: ${KEY}` } })];
    const error = await failure(run());
    expect(error).toMatchObject({ code: 'provider-auth', retryable: false });
    expect(error.message).not.toContain(KEY);
    expect(JSON.stringify(error.cause ?? null)).not.toContain('Momo');
    expect(received).toHaveLength(1);
  });

  test('429 with a short retry-after: waits as asked, then answers', async () => {
    handlers = [json(429, { error: { message: 'slow down' } }, { 'retry-after': '2' }), stream(GOOD)];
    expect(textOf(await run())).toBe('Momo is a cat.');
    expect(waits).toEqual([2000]);
  });

  test('429 with a long retry-after: tells the person at once', async () => {
    handlers = [json(429, { error: { message: 'slow down' } }, { 'retry-after': '90' })];
    const error = await failure(run());
    expect(error).toMatchObject({ code: 'provider-rate-limited', retryAfterInSeconds: 90, retryable: true });
    expect(received).toHaveLength(1);
  });

  test('429 because the credit is used up is not tried again', async () => {
    handlers = [json(429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } })];
    expect(await failure(run())).toMatchObject({ code: 'provider-credit', retryable: false });
  });

  test('500: three tries, then a retryable error', async () => {
    handlers = [json(500, { error: { message: 'oops' } })];
    expect(await failure(run())).toMatchObject({ code: 'provider-failed', retryable: true });
    expect(received).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });

  test('500 once: the second try answers', async () => {
    handlers = [json(503, {}), stream(GOOD)];
    expect(textOf(await run())).toBe('Momo is a cat.');
  });

  test('404 and 400: the model name, the context', async () => {
    handlers = [json(404, { error: { message: 'model not found' } })];
    expect(await failure(run())).toMatchObject({ code: 'provider-not-found', retryable: false });
    handlers = [json(400, { error: { message: "This model's maximum context length is 4096 tokens" } })];
    expect(await failure(run())).toMatchObject({ code: 'provider-context' });
  });

  test.each([
    ['a web page', 'text/html', '<html><body>Welcome!</body></html>'],
    ['broken JSON', 'text/event-stream', 'data: {"choices": [\n\n'],
    ['bytes', 'application/octet-stream', '\u0000\u0001\u0002'],
    ['nothing', 'text/event-stream', ''],
  ])('garbage (%s): a retryable error', async (_name, type, body) => {
    handlers = [(_request, response) => response.writeHead(200, { 'content-type': type }).end(body)];
    expect(await failure(run())).toMatchObject({ code: 'provider-garbage', retryable: true });
    expect(received).toHaveLength(3);
  });

  test.each(['end', 'destroy'] as const)(
    'half a stream (%s): the text so far, then a retryable error part',
    async (after) => {
      handlers = [stream(GOOD.slice(0, 2), after)];
      const parts = await run();
      expect(textOf(parts)).toBe('Momo is a cat.');
      const last = parts.at(-1);
      expect(last?.type).toBe('error');
      expect(last).toMatchObject({ error: { retryable: true } });
      expect(parts.some((part) => part.type === 'finish')).toBe(false);
      // Something was shown, so nothing was tried again.
      expect(received).toHaveLength(1);
    },
  );

  test('an error in the middle of a stream is an error part', async () => {
    handlers = [stream([GOOD[0]!, `data: ${JSON.stringify({ error: { message: 'overloaded' } })}\n\n`])];
    const parts = await run();
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider-failed', retryable: true } });
  });

  test('silence before the first token: a timeout, not tried again, and the request is ended', async () => {
    const closed = Promise.withResolvers<void>();
    handlers = [(_request, response) => void response.on('close', () => closed.resolve())];
    expect(await failure(run({ firstTokenInMs: 50 }))).toMatchObject({ code: 'provider-timeout', retryable: true });
    await closed.promise;
    expect(received).toHaveLength(1);
  });

  test('silence in the middle: the text so far, then a timeout', async () => {
    handlers = [stream(GOOD.slice(0, 1), 'silence')];
    const parts = await run({ silenceInMs: 50 });
    expect(textOf(parts)).toBe('Momo ');
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider-timeout' } });
  });

  test('nobody there, and a name nobody has', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const refused = { provider: provider({ baseUrl: `http://127.0.0.1:${port}/v1` }) };
    expect(await failure(run(refused))).toMatchObject({ code: 'provider-no-server' });
    const unknown = { provider: provider({ baseUrl: 'http://no-such-host.invalid/v1' }) };
    expect(await failure(run(unknown))).toMatchObject({ code: 'provider-no-host' });
  });
});

describe('stopping', () => {
  test('ends the request while it waits for the first token', async () => {
    const asked = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    handlers = [
      (_request, response) => {
        response.on('close', () => closed.resolve());
        asked.resolve();
      },
    ];
    const stop = new AbortController();
    const pending = run({}, call({ abortSignal: stop.signal }));
    pending.catch(() => undefined);
    await asked.promise;
    stop.abort(new Error('stopped'));
    await expect(pending).rejects.toThrow('stopped');
    await closed.promise;
  });

  async function readUntilText(closed: () => void, abortSignal: AbortSignal) {
    handlers = [
      (request, response) => {
        response.on('close', closed);
        stream(GOOD.slice(0, 1), 'silence')(request, response);
      },
    ];
    const { stream: parts } = await model().languageModel.doStream(call({ abortSignal }));
    const reader = parts.getReader();
    while ((await reader.read()).value?.type !== 'text-delta');
    return reader;
  }

  test('ends the request in the middle', async () => {
    const closed = Promise.withResolvers<void>();
    const stop = new AbortController();
    const reader = await readUntilText(() => closed.resolve(), stop.signal);
    const next = reader.read();
    stop.abort(new Error('stopped'));
    await expect(next).rejects.toThrow('stopped');
    await closed.promise;
  });

  test('leaving the stream ends the request', async () => {
    const closed = Promise.withResolvers<void>();
    const reader = await readUntilText(() => closed.resolve(), never);
    await reader.cancel();
    await closed.promise;
  });
});

describe('the key stays with its host', () => {
  test('a redirect elsewhere is refused with its address', async () => {
    handlers = [(_request, response) => response.writeHead(307, { location: 'http://elsewhere.invalid/v1' }).end()];
    const error = await failure(run());
    expect(error).toMatchObject({ code: 'provider-redirected', retryable: false });
    expect(error.message).toContain('http://elsewhere.invalid');
    expect(received).toHaveLength(1);
  });

  test('a redirect within the host is followed', async () => {
    handlers = [
      (_request, response) => response.writeHead(308, { location: '/other/chat/completions' }).end(),
      stream(GOOD),
    ];
    expect(textOf(await run())).toBe('Momo is a cat.');
    expect(received.map(({ url }) => url)).toEqual(['/v1/chat/completions', '/other/chat/completions']);
  });
});

describe('other dialects', () => {
  test('Anthropic: its own headers, a human first, the stable part marked for its cache', async () => {
    const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
    const usage = { input_tokens: 5, output_tokens: 1 };
    const message = { id: 'x', type: 'message', role: 'assistant', model: 'm1', content: [], stop_reason: null, usage };
    handlers = [
      stream([
        event('message_start', { message }),
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
        event('content_block_stop', { index: 0 }),
        event('message_delta', {
          delta: { stop_reason: 'end_turn', stop_sequence: null },
          usage: { output_tokens: 2 },
        }),
        event('message_stop', {}),
      ]),
    ];
    const prompt: LanguageModelV4CallOptions['prompt'] = [
      { role: 'system', content: 'You are Mira.' },
      { role: 'assistant', content: [{ type: 'text', text: 'The lamp is lit.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'system', content: 'It is evening.' },
    ];
    const providerOptions = { everwith: { stableMessages: 1, sampling: { temperature: 0.7, topP: 0.9, minP: 0.1 } } };
    const parts = await run({ provider: provider({ kind: 'anthropic' }) }, call({ prompt, providerOptions }));
    expect(textOf(parts)).toBe('Hello');
    expect(received[0]).toMatchObject({ url: '/v1/messages', headers: { 'x-api-key': KEY } });
    const body = JSON.parse(received[0]!.body);
    expect(body).toMatchObject({
      temperature: 0.7,
      system: [{ text: 'You are Mira.', cache_control: { type: 'ephemeral' } }],
    });
    expect(body.top_p).toBeUndefined();
    expect(body.messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(body.messages[2])).toContain('It is evening.');
  });

  test('Google: its own address and key header', async () => {
    const candidate = { content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP', index: 0 };
    handlers = [stream([`data: ${JSON.stringify({ candidates: [candidate] })}\n\n`])];
    const google = provider({ kind: 'google', baseUrl: `${base}/v1beta` });
    expect(textOf(await run({ provider: google }))).toBe('Hello');
    expect(received[0]?.url).toContain('/v1beta/models/m1:streamGenerateContent');
    expect(received[0]?.headers['x-goog-api-key']).toBe(KEY);
    expect(received[0]?.url).not.toContain(KEY);
  });

  test.each(['openai', 'deepseek', 'minimax', 'ollama'] as const)('%s speaks the chat dialect', async (kind) => {
    handlers = [stream(GOOD)];
    expect(textOf(await run({ provider: provider({ kind }) }))).toBe('Momo is a cat.');
    expect(received[0]?.url).toBe('/v1/chat/completions');
    expect(JSON.parse(received[0]!.body).reasoning_split).toBe(kind === 'minimax' ? true : undefined);
  });

  test.each(['anthropic', 'google', 'openai', 'deepseek'] as const)(
    '%s: half a stream is never a finished answer',
    async (kind) => {
      const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
      const message = {
        id: 'x',
        type: 'message',
        role: 'assistant',
        model: 'm1',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 5, output_tokens: 1 },
      };
      const pieces = {
        anthropic: [
          event('message_start', { message }),
          event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
          event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hel' } }),
        ],
        google: [
          `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: 'Hel' }] }, index: 0 }] })}\n\n`,
        ],
        openai: [chunk({ content: 'Hel' })],
        deepseek: [chunk({ content: 'Hel' })],
      };
      handlers = [stream(pieces[kind])];
      const parts = await run({ provider: provider({ kind }) });
      expect(textOf(parts)).toBe('Hel');
      expect(parts.at(-1)).toMatchObject({ type: 'error', error: { retryable: true } });
    },
  );

  test('a missing key is said before anything is sent', async () => {
    const { apiKey: _key, ...keyless } = provider({ kind: 'openai' });
    expect(await failure(run({ provider: keyless }))).toMatchObject({ code: 'provider-auth' });
    expect(received).toHaveLength(0);
  });
});

describe('the model list and the test button', () => {
  test('ok, with what talks and how long its context is', async () => {
    handlers = [json(200, { data: [{ id: 'chat-1', max_model_len: 32_768 }, { id: 'text-embedding-3' }] })];
    expect(await listModels(provider(), never)).toEqual([{ id: 'chat-1', label: 'chat-1', contextLength: 32_768 }]);
    expect(await testProvider(provider(), never)).toEqual({ ok: true, models: ['chat-1'], error: null });
  });

  test('Google and Anthropic list in their own ways', async () => {
    const models = [
      {
        name: 'models/g-1',
        displayName: 'G 1',
        inputTokenLimit: 1000,
        supportedGenerationMethods: ['generateContent'],
      },
      { name: 'models/e-1', supportedGenerationMethods: ['embedContent'] },
    ];
    handlers = [json(200, { models })];
    const google = provider({ kind: 'google', baseUrl: `${base}/v1beta` });
    expect(await listModels(google, never)).toEqual([{ id: 'g-1', label: 'G 1', contextLength: 1000 }]);
    handlers = [json(200, { data: [{ id: 'claude-x', display_name: 'Claude X' }] })];
    const anthropic = provider({ kind: 'anthropic' });
    expect(await listModels(anthropic, never)).toMatchObject([{ id: 'claude-x', label: 'Claude X' }]);
    expect(received.at(-1)?.headers).toMatchObject({ 'x-api-key': KEY });
  });

  test('wrong key, also where it comes as 400', async () => {
    handlers = [json(401, { error: { message: 'no' } })];
    expect(await testProvider(provider(), never)).toMatchObject({ ok: false, error: { code: 'provider-auth' } });
    handlers = [json(400, { error: { message: 'API key not valid. Please pass a valid API key.' } })];
    const google = provider({ kind: 'google', baseUrl: `${base}/v1beta` });
    expect(await testProvider(google, never)).toMatchObject({ ok: false, error: { code: 'provider-auth' } });
  });

  test('no such host, and a page that is no API', async () => {
    const unknown = await testProvider(provider({ baseUrl: 'http://no-such-host.invalid' }), never);
    expect(unknown).toMatchObject({ ok: false, error: { code: 'provider-no-host' } });
    handlers = [(_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')];
    expect(await testProvider(provider(), never)).toMatchObject({ error: { code: 'provider-not-an-api' } });
    handlers = [(_request, response) => response.writeHead(404).end('not here')];
    expect(await testProvider(provider(), never)).toMatchObject({ error: { code: 'provider-not-an-api' } });
  });

  test('a server that never answers', async () => {
    handlers = [() => undefined];
    const verdict = await testProvider(provider(), never, { limitInMs: 50 });
    expect(verdict).toMatchObject({ ok: false, error: { code: 'provider-timeout' } });
  });

  test('a server without a list but with a chat door is one; MiniMax offers what is known', async () => {
    const noList: Handler = (request, response) =>
      request.url?.endsWith('/models')
        ? json(404, {})(request, response)
        : json(400, { error: { message: 'model is required' } })(request, response);
    handlers = [noList];
    expect(await testProvider(provider(), never)).toEqual({ ok: true, models: [], error: null });
    const verdict = await testProvider(provider({ kind: 'minimax' }), never);
    expect(verdict.models).toContain('MiniMax-M2');
  });

  test('an Ollama on this machine is found, another server is not one', async () => {
    handlers = [json(200, { models: [{ name: 'qwen3:4b' }] })];
    expect(await detectOllama(never, { address: base })).toEqual({ baseUrl: `${base}/v1`, models: ['qwen3:4b'] });
    handlers = [json(404, {})];
    expect(await detectOllama(never, { address: base })).toBeNull();
  });
});
