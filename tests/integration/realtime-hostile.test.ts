import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UnavailableError } from '../../src/base/errors.ts';
import { openRealtimeHouse, type RealtimeHouse } from './support/realtime-house.ts';
import { RealtimeClient } from './support/realtime-client.ts';
import { ScriptedCall } from './support/scripted-calls.ts';
import { until } from './support/until.ts';

let door: RealtimeHouse;

beforeAll(async () => {
  door = await openRealtimeHouse();
});
afterAll(() => door[Symbol.asyncDispose]());
beforeEach(() => door.calls.reset());

const address = () => `ws://127.0.0.1:${door.port}/v1/realtime?model=character/mira`;
const silence = (seconds: number) => Buffer.alloc(seconds * 48_000).toString('base64');

/** The status that a handshake is refused with. */
async function refusal(options: ClientOptions, protocols: string[] = []): Promise<number> {
  const socket = new WebSocket(address(), protocols, options);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; resume(): void }];
  response.resume();
  socket.terminate();
  return response.statusCode;
}

describe('who may call', () => {
  test('a key in the header, a key among the sub-protocols, a browser of this house, a key for models', async () => {
    await using header = await door.connect();
    expect(header.socket.protocol).toBe('realtime');
    await header.next('session.created');
    await using page = await door.connect('model=character/mira', {
      protocols: ['realtime', `openai-insecure-api-key.${door.key}`],
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(page.socket.protocol).toBe('realtime');
    await page.next('session.created');
    const cookie = await door.house.openBrowser();
    await using own = await door.connect('model=character/mira', {
      headers: { cookie, origin: `http://127.0.0.1:${door.port}` },
    });
    await own.next('session.created');
    const made = await door.house.asTerminal({
      method: 'POST',
      url: '/api/keys',
      payload: { name: 'models only', scopes: ['models'] },
    });
    const { key } = made.json<{ key: string }>();
    await using developer = await door.connect('model=character/mira', { headers: { authorization: `Bearer ${key}` } });
    await developer.next('session.created');
  });

  test('nobody else', async () => {
    const cookie = await door.house.openBrowser();
    expect(await refusal({})).toBe(401);
    expect(await refusal({ headers: { authorization: 'Bearer ew_wrong' } })).toBe(401);
    expect(await refusal({}, ['realtime', 'openai-insecure-api-key.ew_wrong'])).toBe(401);
    // A wrong key is not made right by a cookie.
    expect(await refusal({ headers: { cookie } }, ['realtime', 'openai-insecure-api-key.ew_wrong'])).toBe(401);
    expect(await refusal({ headers: { cookie, origin: 'https://elsewhere.example' } })).toBe(403);
    expect(await refusal({ headers: { cookie, origin: 'null' } })).toBe(403);
    expect(await refusal({ headers: { cookie, origin: `http://127.0.0.1:${door.port + 1}` } })).toBe(403);
    expect(door.calls.requests).toEqual([]);
  });

  test('without a handshake the address says what it is, and other offers are no handshake', async () => {
    const plain = await door.house.asTerminal({ method: 'GET', url: '/v1/realtime' });
    expect(plain.statusCode).toBe(426);
    expect(plain.json()).toMatchObject({ error: { code: 'upgrade-needed' } });
    const socket = connectTcp(door.port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  test('not after the session or key is gone', async () => {
    const cookie = await door.house.openBrowser();
    await using own = await door.connect('model=character/mira', {
      headers: { cookie, origin: `http://127.0.0.1:${door.port}` },
    });
    await own.next('session.created');
    await door.house.app.inject({ method: 'POST', url: '/api/sign-out', headers: { cookie } });
    expect(await own.next('error')).toMatchObject({ error: { code: 'signed_out' } });
    expect((await own.end()).code).toBe(4005);
    // The call waits: it may be gone on with by another device.
    expect(door.calls.call.did('end')).toEqual([]);
  });

  test('one person does not hold more than eight calls', async () => {
    await using busy = await openRealtimeHouse();
    await using stack = new AsyncDisposableStack();
    for (let count = 0; count < 8; count += 1) {
      busy.calls.call = new ScriptedCall();
      stack.use(await busy.connect());
    }
    const ninth = stack.use(await busy.connect());
    expect(await ninth.next('error')).toMatchObject({ error: { code: 'too_many_calls' } });
    expect((await ninth.end()).code).toBe(4000);
  });
});

describe('a call that cannot begin says why', () => {
  test.each([
    ['model=gpt-realtime', 'model_not_found', 'model'],
    ['', 'invalid_value', null],
    ['model=character/mira&conversation=c1', 'invalid_value', null],
    ['model=character/mira&frames=morse', 'invalid_value', 'frames'],
    ['call=call-2', 'not-found', null],
  ])('%s', async (query, code, param) => {
    await using client = await door.connect(query);
    expect((await client.next('error')).error).toMatchObject({ code, param });
    expect((await client.end()).code).toBe(4000);
  });

  test('ears that are missing', async () => {
    door.calls.refusal = new UnavailableError('No ears are installed.', { code: 'hearing-absent' });
    await using client = await door.connect();
    expect((await client.next('error')).error).toMatchObject({ type: 'server_error', code: 'hearing-absent' });
  });
});

describe('bad events get an error that names them, and the call goes on', () => {
  const item = (given: object) => ({ type: 'conversation.item.create', item: given });
  const session = (given: object) => ({ type: 'session.update', session: given });
  test.each([
    [{ type: 'response.dance' }, 'unknown_event', 'type'],
    [{ type: 7 }, 'missing_type', 'type'],
    [{ type: 'input_audio_buffer.append' }, 'invalid_value', 'audio'],
    [{ type: 'input_audio_buffer.append', audio: 'no base64!' }, 'invalid_base64', 'audio'],
    [{ type: 'input_audio_buffer.append', audio: 'AAAA' }, 'invalid_audio', 'audio'],
    [{ type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty', null],
    [{ type: 'response.create' }, 'nothing_to_answer', null],
    [{ type: 'response.create', response: { instructions: 'x' } }, 'not_supported', 'response.instructions'],
    [{ type: 'response.cancel' }, 'response_cancel_not_active', 'response_id'],
    [{ type: 'conversation.item.retrieve', item_id: 'x' }, 'item_not_found', 'item_id'],
    [{ type: 'conversation.item.delete', item_id: 'x' }, 'item_not_found', 'item_id'],
    [
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1 },
      'item_not_found',
      'item_id',
    ],
    [item({ type: 'function_call_output', call_id: 'a', output: '{}' }), 'not_supported', 'item.type'],
    [item({ type: 'message', role: 'system', content: [] }), 'not_supported', 'item.role'],
    [item({ type: 'message', role: 'user', content: [] }), 'invalid_value', 'item.content'],
    [
      item({ type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }),
      'not_supported',
      'item.content[0]',
    ],
    [session({ tools: [{ type: 'function', name: 'x' }] }), 'not_supported', 'session.tools'],
    [
      session({ audio: { input: { format: { type: 'audio/pcmu' } } } }),
      'not_supported',
      'session.audio.input.format.type',
    ],
    [
      session({ audio: { input: { format: { type: 'audio/pcm', rate: 44_100 } } } }),
      'invalid_value',
      'session.audio.input.format.rate',
    ],
    [session({ audio: { output: { voice: 'local:none/none' } } }), 'voice-absent', null],
    [session({ voice: 'alloy' }), 'unknown_parameter', 'session.voice'],
    [session({ type: 'transcription' }), 'not_supported', 'session.type'],
    [session({ model: 'gpt-realtime' }), 'not_supported', 'session.model'],
  ])('%j', async (event, code, param) => {
    await using client = await door.connect();
    client.send({ event_id: 'mine', ...event });
    expect((await client.next('error')).error).toMatchObject({ code, param, event_id: 'mine' });
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    expect(client.closed).toBeNull();
    expect(door.calls.configured).toEqual([]);
  });

  test('what is no event at all is borne for a while', async () => {
    await using client = await door.connect();
    client.socket.send('{');
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.next('error')).error.code).toBe('invalid_json');
    expect((await client.next('error', 1)).error.code).toBe('binary_not_agreed');
    for (let round = 0; round < 25; round += 1) client.socket.send('[]');
    expect((await client.end()).code).toBe(4004);
    expect(door.calls.call.did('end')).toEqual([]);
  });
});

describe('floods', () => {
  test('ten times real time is dropped with an error, then the socket is closed', async () => {
    await using client = await door.connect();
    for (let second = 0; second < 60; second += 1) {
      client.send({ type: 'input_audio_buffer.append', audio: silence(1) });
    }
    await until('a minute at once was heard', () => door.calls.call.heardSamples > 59 * 16_000);
    expect(client.all('error')).toEqual([]);
    for (let second = 0; second < 40; second += 1) {
      client.send({ type: 'input_audio_buffer.append', audio: silence(1) });
    }
    expect((await client.next('error')).error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit' });
    expect((await client.end()).code).toBe(4002);
    expect(door.calls.call.heardSamples).toBeLessThan(64 * 16_000);
  });

  test('a flood of events', async () => {
    await using client = await door.connect();
    for (let count = 0; count < 6000; count += 1) client.send({ type: 'everwith.interrupt' });
    expect((await client.end()).code).toBe(4002);
    expect(door.calls.call.did('interrupt').length).toBeLessThan(5000);
  });

  test('what comes while the call opens is bounded too', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    door.calls.gate = promise;
    await using client = await door.connect();
    for (let count = 0; count < 4; count += 1) {
      client.send({ type: 'input_audio_buffer.append', audio: silence(45) });
    }
    expect((await client.end()).code).toBe(4002);
    resolve();
    await until('the call that nobody wanted is over', () => door.calls.call.did('end').length === 1);
  });

  test('a frame of a gigabyte is refused by its header', async () => {
    await using client = await door.connect();
    await client.next('session.created');
    const raw = (client.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;
    const header = Buffer.alloc(14);
    header.writeUInt8(0x82, 0);
    header.writeUInt8(0x80 | 127, 1);
    header.writeBigUInt64BE(1_000_000_000n, 2);
    raw.write(header);
    expect((await client.end()).code).toBe(1009);
    expect(process.memoryUsage().rss).toBeLessThan(1_500_000_000);
  });
});

test('a reader who does not read is disconnected, and the call waits', async () => {
  await using slow = await openRealtimeHouse({ socketOptions: { maxBufferedBytes: 300_000 } });
  await using client = await slow.connect('model=character/mira&playback=reported');
  await client.next('session.created');
  client.socket.pause();
  const { call } = slow.calls;
  const samples = new Int16Array(24_000);
  for (let second = 0; second < 400; second += 1) {
    call.tell({ type: 'audio', replyId: 'r1', clause: 0, samples, positionInMs: second * 1000 });
  }
  await until('the house gave up', () => call.did('detach').length === 1);
  client.socket.resume();
  expect([4003, 1006]).toContain((await client.end()).code);
  expect(call.did('end')).toEqual([]);
});

test('a client that answers no ping is gone, one that does stays for ever', async () => {
  await using quick = await openRealtimeHouse({ socketOptions: { pingEveryMs: 30 } });
  await using deaf = new RealtimeClient(`ws://127.0.0.1:${quick.port}/v1/realtime?model=character/mira`, {
    autoPong: false,
    headers: { authorization: `Bearer ${quick.key}` },
  });
  await until('it was given up', () => quick.calls.call.did('detach').length === 1);
  expect((await deaf.end()).code).toBe(1006);
  await using silent = await quick.connect('call=call-1');
  let pings = 0;
  silent.socket.on('ping', () => (pings += 1));
  await until('many pings were answered', () => pings > 10);
  expect(silent.closed).toBeNull();
});

test('events that break off close the socket so that the client comes again', async () => {
  await using client = await door.connect();
  await client.next('session.created');
  door.calls.call.breakOff();
  expect((await client.end()).code).toBe(4003);
});
