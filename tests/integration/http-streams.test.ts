import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Area, HttpApp } from '../../src/http/http-app.ts';
import { sendEvents, type SendEventsOptions } from '../../src/http/sockets/sse.ts';
import { openTestHouse, type TestHouse } from './http-house.ts';

interface Source {
  produced: number;
  ended: boolean;
}

/** A route whose events the test makes. */
interface StreamRoute {
  options: SendEventsOptions;
  events: (signal: AbortSignal) => AsyncIterable<unknown>;
}

let route: StreamRoute;
let source: Source;
let house: TestHouse;
let port: number;

const area: Area = (app) => {
  app.get('/api/stream', { schema: { hide: true }, config: { access: 'user', scope: 'chat' } }, (_request, reply) =>
    sendEvents(reply, (signal) => watched(route.events(signal)), route.options),
  );
};

async function* watched(events: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    for await (const event of events) {
      source.produced += 1;
      yield event;
    }
  } finally {
    source.ended = true;
  }
}

/** Nothing, until the reader leaves. */
async function* silence(signal: AbortSignal): AsyncIterable<unknown> {
  yield { type: 'snapshot' };
  if (!signal.aborted) await once(signal, 'abort');
}

beforeEach(async () => {
  source = { produced: 0, ended: false };
  route = { options: {}, events: silence };
  house = await openTestHouse({ areas: [area] });
  await house.app.listen({ host: '127.0.0.1', port: 0 });
  port = (house.app.server.address() as { port: number }).port;
});

afterEach(() => house[Symbol.asyncDispose]());

async function openStream(
  headers: Record<string, string> = { authorization: `Bearer ${house.terminalToken}` },
): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET /api/stream HTTP/1.1\r\n${lines.join('')}\r\n`);
  return socket;
}

async function readUntil(socket: Socket, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(wanted)) return text;
  }
  throw new Error(`The stream ended without “${wanted}”: ${text}`);
}

test('events arrive as JSON lines, with the headers of every answer and heartbeats in between', async () => {
  route.options = { heartbeatInMs: 10 };
  const socket = await openStream();
  const text = await readUntil(socket, '\n:\n\n');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text).toContain('content-type: text/event-stream; charset=utf-8\r\n');
  expect(text).toContain('cache-control: no-store\r\n');
  expect(text).toContain('x-request-id: ');
  expect(text).toContain('content-security-policy: ');
  expect(text).toContain('data: {"type":"snapshot"}\n\n');
  socket.destroy();
});

test('a stream that ends closes the answer properly', async () => {
  route.events = async function* () {
    yield { text: 'line\nbreaks and 汉字' };
  };
  const response = await fetch(`http://127.0.0.1:${port}/api/stream`, {
    headers: { authorization: `Bearer ${house.terminalToken}` },
  });
  expect(await response.text()).toContain('data: {"text":"line\\nbreaks and 汉字"}\n\n');
});

test('a reader that leaves ends its source', async () => {
  const socket = await openStream();
  await readUntil(socket, 'snapshot');
  expect(house.app.eventStreams.size).toBe(1);
  socket.destroy();
  await vi.waitFor(() => expect(source.ended).toBe(true), { timeout: 20_000 });
  await vi.waitFor(() => expect(house.app.eventStreams.size).toBe(0), { timeout: 20_000 });
});

test('a reader that does not read is disconnected after a bounded amount', async () => {
  route.options = { maxBufferedBytes: 256 * 1024, maxStallInMs: 50 };
  const eventBytes = 64 * 1024;
  route.events = async function* (signal) {
    while (!signal.aborted) {
      yield 'x'.repeat(eventBytes);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const socket = await openStream();
  socket.pause();
  await vi.waitFor(() => expect(source.ended).toBe(true), { timeout: 20_000 });
  // What the kernel's socket buffers take comes on top of our own bound.
  expect(source.produced * eventBytes).toBeLessThan(32 * 1024 * 1024);
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'close');
  const line = house.logs.find((entry) => entry['msg'] === 'event stream failed');
  expect(line).toMatchObject({ err: { code: 'slow-reader' } });
});

test('a slow reader that catches up in time loses nothing', async () => {
  route.options = { maxBufferedBytes: 64 * 1024, maxStallInMs: 10_000 };
  route.events = async function* () {
    for (let index = 0; index < 300; index += 1) yield { index, filler: 'x'.repeat(32 * 1024) };
    yield { last: true };
  };
  const socket = await openStream();
  socket.pause();
  await vi.waitFor(() => expect(source.produced).toBeGreaterThan(5), { timeout: 20_000 });
  const text = await readUntil(socket, '"last":true');
  for (let index = 0; index < 300; index += 1) expect(text).toContain(`{"index":${index},`);
  socket.destroy();
});

test('a source that fails breaks the stream off, so that the reader attaches again', async () => {
  route.events = async function* () {
    yield { type: 'snapshot' };
    throw new Error('the source broke');
  };
  const response = await fetch(`http://127.0.0.1:${port}/api/stream`, {
    headers: { authorization: `Bearer ${house.terminalToken}` },
  });
  await expect(response.text()).rejects.toThrow(/terminated/);
  const line = house.logs.find((entry) => entry['msg'] === 'event stream failed');
  expect(line).toMatchObject({ err: { message: 'the source broke' } });
});

test('closing the server ends all streams', async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, () => openStream()));
  await Promise.all(sockets.map((socket) => readUntil(socket, 'snapshot')));
  const closed = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
  await house.app.close();
  await closed;
  expect(house.app.eventStreams.size).toBe(0);
});

test('closing the server cuts off what does not come to an end', async () => {
  await using stuck = await openTestHouse({
    areas: [
      (app) => void app.get('/api/stuck', { schema: {}, config: { access: 'public' } }, () => new Promise(() => {})),
    ],
  });
  const address = await stuck.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = fetch(`${address}/api/stuck`).then(
    () => 'answered',
    () => 'cut off',
  );
  await vi.waitFor(
    async () => {
      const open = await new Promise((resolve) => stuck.app.server.getConnections((_error, count) => resolve(count)));
      expect(open).toBe(1);
    },
    { timeout: 20_000 },
  );
  await stuck.app.close();
  expect(await answer).toBe('cut off');
});

test('asking for the headers of a stream opens none', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/api/stream`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${house.terminalToken}` },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(source.produced).toBe(0);
  expect(house.app.eventStreams.size).toBe(0);
});

test('signing a browser out ends its streams and no others', async () => {
  const [here, there] = [await house.openBrowser(), await house.openBrowser()];
  const [streamHere, streamThere] = [await openStream({ cookie: here }), await openStream({ cookie: there })];
  await Promise.all([readUntil(streamHere, 'snapshot'), readUntil(streamThere, 'snapshot')]);
  const { sessionId } = (await house.app.inject({ url: '/api/me', headers: { cookie: there } })).json();
  await house.app.inject({ method: 'DELETE', url: `/api/me/sessions/${sessionId}`, headers: { cookie: here } });
  streamThere.resume();
  await vi.waitFor(() => expect(house.app.eventStreams.size).toBe(1), { timeout: 20_000 });
  streamHere.destroy();
  streamThere.destroy();
});

test('streams are counted while open, and not as slow requests', async () => {
  const socket = await openStream();
  await readUntil(socket, 'snapshot');
  const figures = async (app: HttpApp) => (await app.inject({ url: '/metrics' })).body;
  expect(await figures(house.app)).toContain('everwith_http_event_streams 1');
  socket.destroy();
  await vi.waitFor(async () => expect(await figures(house.app)).toContain('everwith_http_event_streams 0'), {
    timeout: 20_000,
  });
  expect(await figures(house.app)).not.toContain('route="/api/stream"');
});
