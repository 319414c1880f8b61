import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

/** Answers that are left. */
const LEFT = 60;
const LIMIT_IN_MS = 100;
/** Characters of each piece that the upstream writes to a reader who does not read. */
const PIECE = 16 * 1024;
const PIECES = 4096;

let house: ChatHouse;
let client: OpenAI;
let key: string;
let upstream: Server;
/** What the upstream does with the next request. */
let answer: (response: ServerResponse) => void = () => undefined;
/** Resolves when the connection of the newest request closed; milliseconds of `performance.now`. */
let closed: Promise<number> = Promise.resolve(0);
/** Requests that reached it. */
let asks = 0;

beforeAll(async () => {
  upstream = createServer(onRequest);
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const tokens = ['one ', 'two ', 'three'];
  house = await openHouse({
    script: { rules: [{ steps: [{ type: 'tokens', tokens, delayInMs: 0 }, { type: 'hang' }] }] },
  });
  await house.owner.call('POST', '/api/providers', {
    kind: 'openai-compatible',
    name: 'Elsewhere',
    baseUrl: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
    models: ['far-model'],
  });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  upstream?.closeAllConnections();
  await new Promise((resolve) => upstream?.close(resolve));
});

test('whoever leaves a stream has stopped the server behind it at once, and pays for what came', async () => {
  answer = (response) => void response.write(chunk('Half '));
  const delays: number[] = [];
  for (let index = 0; index < LEFT; index += 1) delays.push(await leaveAfterFirstWord('far-model'));
  delays.sort((a, b) => a - b);
  const [shortest = 0] = delays;
  process.stdout.write(`abort: shortest ${shortest} ms, 99th percentile ${delays[Math.ceil(0.99 * LEFT) - 1]} ms\n`);
  // The slowest ones tell of the machine; a house that did not pass it on would never be quick.
  expect(shortest).toBeLessThanOrEqual(LIMIT_IN_MS);
  const calls = await until('all are settled', async () => {
    const rows = await callsOf('far-model');
    return rows.length === LEFT && rows.every(({ state }) => state !== 'held') ? rows : null;
  });
  for (const call of calls) expect(call).toMatchObject({ state: 'settled', outcome: 'stopped', outputTokens: 2 });
});

test('whoever leaves a whole answer has stopped it too', async () => {
  answer = (response) => void response.write(chunk('Half '));
  const leaving = new AbortController();
  const asked = client.chat.completions
    .create({ model: 'far-model', messages }, { signal: leaving.signal })
    .catch((error: unknown) => error);
  await until('it reached the upstream', () => asks > LEFT);
  leaving.abort();
  expect(await asked).toBeInstanceOf(OpenAI.APIUserAbortError);
  await closed;
});

test('an engine of the house stops as well, and what it said is billed by its own count', async () => {
  const leaving = new AbortController();
  const stream = await client.chat.completions.create(
    { model: 'test', messages, stream: true },
    { signal: leaving.signal },
  );
  let words = 0;
  for await (const { choices } of stream) {
    if (choices[0]?.delta.content) words += 1;
    if (words === 3) leaving.abort();
  }
  const call = await until(
    'it is settled',
    async () => (await callsOf('test')).find(({ state }) => state === 'settled') ?? null,
  );
  expect(call).toMatchObject({ outcome: 'stopped', outputTokens: 3, usageSource: 'tokenizer' });
});

test('a reader who does not read is waited for, without keeping what is to come', async () => {
  let written = 0;
  const blocked = Promise.withResolvers<void>();
  answer = (response) => {
    const write = (): void => {
      while (written < PIECES) {
        written += 1;
        if (!response.write(chunk('x'.repeat(PIECE)))) break;
      }
      const timer = setTimeout(blocked.resolve, 500);
      response.once('drain', () => {
        clearTimeout(timer);
        if (written < PIECES) write();
        else blocked.reject(new Error('The house took all of it.'));
      });
    };
    write();
  };
  const { hostname, port } = new URL(house.address);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify({ model: 'far-model', messages, stream: true });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  socket.pause();
  await blocked.promise;
  expect(written).toBeLessThan(PIECES);
  socket.destroy();
  expect(await closed).toBeGreaterThan(0);
});

const messages = [{ role: 'user' as const, content: 'Say something long' }];

/** Milliseconds from leaving to the upstream's connection having closed. */
async function leaveAfterFirstWord(model: string): Promise<number> {
  const leaving = new AbortController();
  const stream = await client.chat.completions.create({ model, messages, stream: true }, { signal: leaving.signal });
  let leftAt = 0;
  for await (const { choices } of stream) {
    if (!choices[0]?.delta.content) continue;
    leftAt = performance.now();
    leaving.abort();
  }
  return (await closed) - leftAt;
}

function onRequest(request: IncomingMessage, response: ServerResponse): void {
  closed = new Promise((resolve) => response.once('close', () => resolve(performance.now())));
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    asks += 1;
    answer(response);
  });
}

function chunk(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
}

function callsOf(model: string) {
  return house.app.storage.db.selectFrom('meteredCall').selectAll().where('model', '=', model).execute();
}
