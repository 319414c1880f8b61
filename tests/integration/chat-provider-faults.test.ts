import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '../../contract/models.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

const KEY = 'sk-never-to-be-shown';

type Answer = (response: ServerResponse) => void;

let house: ChatHouse;
let owner: Caller;
let server: Server;
let provider: Provider;
/** What the next calls get, one after the other; the last one stays. */
let answers: Answer[] = [];
let calls = 0;

const chunk = (text: string) =>
  `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
const end = `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
const stream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const well: Answer = (response) => void stream(response).end(chunk('All') + chunk(' is well.') + end);
const status =
  (code: number, headers: Record<string, string> = {}, body: unknown = { error: { message: `no ${KEY}` } }): Answer =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      calls += 1;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  provider = await owner.call<Provider>('POST', '/api/providers', {
    kind: 'openai-compatible',
    name: 'Elsewhere',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    apiKey: KEY,
    models: ['far-model'],
  });
});
afterEach(() => {
  answers = [];
  calls = 0;
  server.closeAllConnections();
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Where nobody listens. */
async function closedPort(): Promise<number> {
  const closing = createServer();
  await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
  const { port } = closing.address() as AddressInfo;
  await new Promise((resolve) => closing.close(resolve));
  return port;
}

/** A conversation whose model is the provider's. */
async function beginElsewhere(): Promise<string> {
  const { id } = await owner.begin();
  await owner.call('PATCH', `/api/conversations/${id}`, { model: `${provider.id}:far-model` });
  return id;
}

describe('a provider', () => {
  test('that answers is a model like any other', async () => {
    answers = [well];
    const { reply } = await owner.talk(await beginElsewhere(), 'How are you?');
    expect(reply).toMatchObject({ state: 'done', failure: null });
    expect(wordsOf(reply)).toBe('All is well.');
  });

  test.each<[string, Answer, { code: string; retryable: boolean; says: RegExp; words: string; tries: number }]>([
    ['refuses the key', status(401), { code: 'provider-auth', retryable: false, says: /key/, words: '', tries: 1 }],
    [
      'asks for a long pause',
      status(429, { 'retry-after': '3600' }),
      { code: 'provider-rate-limited', retryable: true, says: /3600 seconds/, words: '', tries: 1 },
    ],
    [
      'answers with garbage',
      (response) => void stream(response).end('data: {"what": [}\n\n'),
      { code: 'provider-garbage', retryable: true, says: /not a model/, words: '', tries: 3 },
    ],
    [
      'sends a page instead',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
      { code: 'provider-garbage', retryable: true, says: /not a model/, words: '', tries: 3 },
    ],
    [
      'ends in the middle',
      (response) => void stream(response).end(chunk('Once upon') + chunk(' a')),
      { code: 'provider-cut-off', retryable: true, says: /broke off/, words: 'Once upon a', tries: 1 },
    ],
    [
      'does not know the model',
      status(404),
      { code: 'provider-not-found', retryable: false, says: /model name/, words: '', tries: 1 },
    ],
  ])('that %s leaves a failed reply that says why, and the talk goes on', async (_what, answer, expected) => {
    answers = [answer];
    const id = await beginElsewhere();
    const { sent, reply } = await owner.talk(id, 'How are you?');
    expect(reply).toMatchObject({
      state: 'failed',
      failure: { code: expected.code, retryable: expected.retryable, message: expect.stringMatching(expected.says) },
    });
    expect(wordsOf(reply)).toBe(expected.words);
    expect(JSON.stringify(reply)).not.toContain(KEY);
    expect(calls).toBe(expected.tries);
    answers = [well];
    const again = await owner.call<{ reply: { id: string } }>('POST', `/api/conversations/${id}/replies`, {
      kind: 'regenerate',
      messageId: reply.id,
    });
    expect(wordsOf(await owner.ended(id, again.reply.id))).toBe('All is well.');
    expect(wordsOf(await owner.message(sent.message.id))).toBe('How are you?');
  });

  test('whose connection breaks in the middle leaves what was said', async () => {
    answers = [
      (response) => {
        stream(response).write(chunk('Once upon'));
        response.write(chunk(' a'), () => response.destroy());
      },
    ];
    const { reply } = await owner.talk(await beginElsewhere(), 'A story?');
    expect(reply.state).toBe('failed');
    expect('Once upon a'.startsWith(wordsOf(reply))).toBe(true);
    expect(reply.failure?.message).not.toBe('');
  });

  test('that stumbles once is asked again before anybody notices', async () => {
    answers = [status(500), status(429, { 'retry-after': '0' }), well];
    const { reply } = await owner.talk(await beginElsewhere(), 'How are you?');
    expect(wordsOf(reply)).toBe('All is well.');
    expect(calls).toBe(3);
  });

  test('that says nothing can be stopped at once', async () => {
    answers = [() => undefined];
    const id = await beginElsewhere();
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    const { reply } = await owner.say(id, 'Anyone?');
    await owner.call('POST', `/api/conversations/${id}/stop`);
    const { message } = await watcher.event('reply-end');
    expect(message).toMatchObject({ id: reply!.id, state: 'stopped', parts: [] });
  });

  test('that was removed is named as the reason', async () => {
    const id = await beginElsewhere();
    const gone = await owner.call<Provider>('POST', '/api/providers', {
      kind: 'openai-compatible',
      name: 'Gone',
      baseUrl: `http://127.0.0.1:${await closedPort()}/v1`,
      models: ['m'],
    });
    await owner.call('PATCH', `/api/conversations/${id}`, { model: `${gone.id}:m` });
    const refused = await owner.talk(id, 'Hello?');
    expect(refused.reply).toMatchObject({ state: 'failed', failure: { code: 'provider-no-server' } });
    await owner.call('DELETE', `/api/providers/${gone.id}`);
    const { reply } = await owner.talk(id, 'Hello?');
    expect(reply).toMatchObject({ state: 'failed', failure: { code: 'model-unknown' } });
    await owner.call('PATCH', `/api/conversations/${id}`, { model: null });
    expect((await owner.talk(id, 'And now?')).reply.state).toBe('done');
  });
});
