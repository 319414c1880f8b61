import { connect as connectTcp } from 'node:net';
import { OpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent as OpenAiEvent } from 'openai/resources/realtime/realtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RealtimeClientEvent } from '../../contract/realtime-client-events.ts';
import { encodeAudioFrame, decodeAudioFrame } from '../../client/call/binary-frame.ts';
import { openRealtimeHouse, type RealtimeHouse } from './support/realtime-house.ts';
import { turnEvents } from './support/scripted-calls.ts';
import { until } from './support/until.ts';

let door: RealtimeHouse;

beforeEach(async () => {
  door = await openRealtimeHouse();
});

afterEach(() => door[Symbol.asyncDispose]());

/** Base64 of little-endian PCM16. */
const pcm = (samples: number, value = 1000) =>
  Buffer.from(Int16Array.from({ length: samples }, () => value).buffer).toString('base64');

describe('OpenAI’s own client', () => {
  /** It insists on TLS; the house of this test speaks without, so the connection is made for it. */
  async function connectOfficial() {
    const client = new OpenAI({ apiKey: door.key, baseURL: `http://127.0.0.1:${door.port}/v1` });
    const realtime = new OpenAIRealtimeWS(
      {
        model: 'character/mira',
        options: { createConnection: () => connectTcp(door.port, '127.0.0.1') },
      },
      client,
    );
    const events: OpenAiEvent[] = [];
    const errors: unknown[] = [];
    realtime.on('event', (event) => void events.push(event));
    realtime.on('error', (error) => void errors.push(error));
    const next = (type: OpenAiEvent['type'], count = 0) =>
      until(`${type} came`, () => {
        if (errors.length > 0) throw errors[0] as Error;
        return events.filter((event) => event.type === type)[count];
      });
    await next('session.created');
    return { realtime, events, next };
  }

  test('holds a conversation in writing', async () => {
    door.calls.call.answer = turnEvents;
    const { realtime, next } = await connectOfficial();
    realtime.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
    await next('session.updated');
    realtime.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Good morning.' }] },
    });
    realtime.send({ type: 'response.create' });
    expect(await next('response.output_text.done')).toMatchObject({ text: 'You wrote Good morning. and you?' });
    expect(await next('response.done')).toMatchObject({
      response: { status: 'completed', output: [{ content: [{ type: 'output_text' }] }] },
    });
    expect(door.calls.call.did('type')).toEqual(['Good morning.']);
    // Nobody listens to written words: they count as taken in when they were sent.
    expect(door.calls.call.did('played')).toContainEqual({ replyId: 'r1', positionInMs: 2000 });
    realtime.close();
    await until('the call was hung up', () => door.calls.call.did('end').length > 0);
  });

  test('is heard, hears, interrupts and truncates', async () => {
    const { call } = door.calls;
    const { realtime, events, next } = await connectOfficial();
    for (let frame = 0; frame < 10; frame += 1) realtime.send({ type: 'input_audio_buffer.append', audio: pcm(480) });
    await until('all was heard', () => call.heardSamples >= 3150);
    const turn = turnEvents({ typed: null, turn: 1 });
    call.tell(...turn.filter(({ type }) => type !== 'reply-end' && type !== 'reply-sent'));
    expect(await next('conversation.item.input_audio_transcription.completed')).toMatchObject({
      transcript: 'How are you?',
      item_id: 'turn_t1',
    });
    await next('response.output_audio.delta', 1);
    const sound = events.flatMap((event) => (event.type === 'response.output_audio.delta' ? [event.delta] : []));
    expect(Buffer.concat(sound.map((delta) => Buffer.from(delta, 'base64'))).length).toBe(2 * 48_000);
    realtime.send({ type: 'conversation.item.truncate', item_id: 'reply_r1', content_index: 0, audio_end_ms: 1200 });
    expect(await next('conversation.item.truncated')).toMatchObject({ item_id: 'reply_r1', audio_end_ms: 1200 });
    expect(call.did('truncate')).toEqual([{ replyId: 'r1', positionInMs: 1200 }]);
    call.tell(
      { type: 'flush', replyId: 'r1' },
      { type: 'reply-end', replyId: 'r1', state: 'interrupted', heard: 'I am well,', timings: null },
    );
    expect(await next('response.done')).toMatchObject({
      response: {
        status: 'cancelled',
        status_details: { reason: 'client_cancelled' },
        output: [{ status: 'incomplete', content: [{ transcript: 'I am well,' }] }],
      },
    });
    realtime.close();
  });

  test('decides itself when a turn is over', async () => {
    const { call } = door.calls;
    call.answer = turnEvents;
    const { realtime, next } = await connectOfficial();
    realtime.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null } } },
    });
    expect(await next('session.updated')).toMatchObject({ session: { audio: { input: { turn_detection: null } } } });
    expect(door.calls.configured).toEqual([{ profile: 'push-to-talk' }]);
    realtime.send({ type: 'input_audio_buffer.append', audio: pcm(24_000) });
    realtime.send({ type: 'input_audio_buffer.commit' });
    const committed = await next('input_audio_buffer.committed');
    expect(call.heardSamples).toBe(0);
    realtime.send({ type: 'response.create' });
    const completed = await next('conversation.item.input_audio_transcription.completed');
    expect(completed).toMatchObject({ item_id: (committed as { item_id: string }).item_id });
    await next('response.done');
    expect(call.deeds.map(({ did }) => did)).toEqual(['press', 'release']);
    expect(call.heardSamples).toBeGreaterThan(15_900);
    realtime.close();
  });
});

test('a recording sent whole is heard in portions, in order and to its end', async () => {
  const { call } = door.calls;
  await using client = await door.connect();
  const item = (seconds: number) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_audio', audio: pcm(seconds * 24_000) }] },
  });
  client.send(item(20));
  client.send({ type: 'response.create' });
  client.send({ type: 'everwith.interrupt' });
  await until('the next event had its turn', () => call.did('interrupt').length === 1);
  expect(call.deeds.map(({ did }) => did)).toEqual(['press', 'release', 'interrupt']);
  expect(call.heardSamples).toBeGreaterThan(19.9 * 16_000);
  expect(Math.max(...call.heard.map(({ length }) => length))).toBeLessThanOrEqual(2 * 16_000);
});

test('a client may say itself that a turn is over, also where the house listens for it', async () => {
  const { call } = door.calls;
  call.answer = turnEvents;
  await using client = await door.connect();
  client.send({ type: 'input_audio_buffer.append', audio: pcm(24_000) });
  client.send({ type: 'input_audio_buffer.commit' });
  client.send({ type: 'response.create' });
  const { item_id: committed } = await client.next('input_audio_buffer.committed');
  expect((await client.next('everwith.turn.committed')).item_id).toBe(committed);
  await client.next('response.done');
  expect(client.all('error')).toEqual([]);
  expect(call.did('endTurn')).toHaveLength(1);
});

test('items wait for their answer, can be read, and taken back until then', async () => {
  const { call } = door.calls;
  await using client = await door.connect();
  const item = (id: string, text: string) => ({
    type: 'conversation.item.create',
    item: { id, type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  });
  for (const id of ['one', 'two', 'three']) client.send(item(id, `${id}.`));
  client.send({ type: 'conversation.item.delete', item_id: 'two' });
  client.send({ type: 'conversation.item.retrieve', item_id: 'three' });
  client.send({ type: 'response.create' });
  expect((await client.next('conversation.item.retrieved')).item.content).toEqual([
    { type: 'input_text', text: 'three.' },
  ]);
  await until('it was typed', () => call.did('type').length === 1);
  expect(call.did('type')).toEqual(['one.\nthree.']);
  client.send({ type: 'conversation.item.delete', item_id: 'one' });
  expect((await client.next('error')).error.code).toBe('not_supported');
});

test('a connection that breaks without a word leaves the call waiting; a normal end hangs up', async () => {
  const { call } = door.calls;
  for (const code of [undefined, 4900]) {
    const client = await door.connect();
    await client.next('session.created');
    const before = call.did('detach').length;
    client.socket.close(code);
    await until('the call noticed', () => call.did('detach').length > before);
  }
  expect(call.did('end')).toEqual([]);
  const client = await door.connect();
  await client.next('session.created');
  client.socket.close(1000);
  await until('it was hung up', () => call.did('end').length === 1);
});

test('a reply is told in the order of the protocol, and every event fits the contract', async () => {
  await using client = await door.connect();
  door.calls.call.tell(...turnEvents({ typed: null, turn: 1 }));
  await client.next('everwith.reply.ended');
  await until('the last state came', () => client.all('everwith.state').length === 4);
  expect(client.events.map(({ type }) => type)).toEqual([
    'session.created',
    'everwith.state',
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'everwith.transcript.changed',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.input_audio_transcription.delta',
    'conversation.item.input_audio_transcription.completed',
    'conversation.item.done',
    'everwith.turn.committed',
    'everwith.state',
    'response.created',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    'everwith.clause.started',
    'response.output_audio_transcript.delta',
    'everwith.state',
    'response.output_audio.delta',
    'everwith.clause.ended',
    'everwith.clause.started',
    'response.output_audio_transcript.delta',
    'response.output_audio.delta',
    'everwith.clause.ended',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'everwith.reply.sent',
    'conversation.item.done',
    'response.done',
    'everwith.reply.ended',
    'everwith.state',
  ]);
  expect(new Set(client.events.map(({ event_id: id }) => id)).size).toBe(client.events.length);
  expect(client.all('response.output_audio_transcript.done')[0]?.transcript).toBe('I am well, and you?');
  expect(client.all('everwith.turn.committed')[0]).toMatchObject({ message_id: 'm1', reply_message_id: 'm1-reply' });
});

test('speech over a reply is told at once to our client, and to others only when it interrupts', async () => {
  const { call } = door.calls;
  await using plain = await door.connect();
  call.tell(
    { type: 'reply-start', replyId: 'r1' },
    { type: 'speech-start', turnId: 't9', positionInMs: 5 },
    { type: 'duck' },
  );
  call.tell({ type: 'speech-dismiss', turnId: 't9', reason: 'back-channel' }, { type: 'unduck' });
  call.tell({ type: 'speech-start', turnId: 't10', positionInMs: 900 });
  await plain.next('everwith.unduck');
  expect(plain.all('input_audio_buffer.speech_started')).toEqual([]);
  call.tell({ type: 'flush', replyId: 'r1' });
  expect(await plain.next('input_audio_buffer.speech_started')).toMatchObject({
    item_id: 'turn_t10',
    audio_start_ms: 900,
  });
  await using ours = await door.connect('call=call-1&playback=reported');
  call.tell({ type: 'reply-start', replyId: 'r2' }, { type: 'speech-start', turnId: 't11', positionInMs: 2000 });
  expect(await ours.next('input_audio_buffer.speech_started')).toMatchObject({ item_id: 'turn_t11' });
});

test('our own events reach the call', async () => {
  const { call } = door.calls;
  await using client = await door.connect('model=character/mira&playback=reported&greet=true');
  expect(door.calls.requests).toEqual([
    { target: { kind: 'character', slug: 'mira', locale: null }, playback: 'reported', greet: true },
  ]);
  call.tell({ type: 'reply-start', replyId: 'r1' });
  await client.next('response.created');
  const sent: RealtimeClientEvent[] = [
    { type: 'everwith.playback.position', item_id: 'reply_r1', position_ms: 400 },
    { type: 'everwith.playback.position', item_id: 'reply_gone', position_ms: 400 },
    { type: 'everwith.interrupt' },
    { type: 'everwith.input.press' },
    { type: 'everwith.input.release' },
    { type: 'input_audio_buffer.append', audio: pcm(480) },
    { type: 'everwith.input.mute', muted: true },
    { type: 'input_audio_buffer.append', audio: pcm(480) },
    { type: 'everwith.input.mute', muted: false },
    { type: 'input_audio_buffer.clear' },
    {
      type: 'session.update',
      session: {
        instructions: 'Be brief.',
        audio: {
          output: { voice: 'local:piper-en-joe/joe', speed: 0.9 },
          input: { format: { type: 'audio/pcm', rate: 16_000 } },
        },
        everwith: { profile: 'slow-speaker', pitch: 2 },
      },
    },
    { type: 'everwith.call.end' },
  ];
  for (const event of sent) client.send(event);
  expect(await client.next('everwith.call.ended')).toMatchObject({ reason: 'hung-up' });
  expect(await client.end()).toEqual({ code: 1000, reason: 'The call is over.' });
  expect(call.deeds.filter(({ did }) => did !== 'detach')).toEqual([
    { did: 'played', with: { replyId: 'r1', positionInMs: 400 } },
    { did: 'interrupt' },
    { did: 'press' },
    { did: 'release' },
    { did: 'endTurn' },
    { did: 'clearTurn' },
    { did: 'end', with: 'hung-up' },
  ]);
  expect(call.heard).toHaveLength(1);
  expect(door.calls.configured).toEqual([
    {
      profile: 'slow-speaker',
      instructions: 'Be brief.',
      voice: { voice: 'local:piper-en-joe/joe', speed: 1, pitch: 2 },
      speed: 0.9,
    },
  ]);
  expect(client.all('session.updated')[0]?.session).toMatchObject({
    model: 'character/mira',
    audio: { input: { format: { rate: 16_000 }, turn_detection: { eagerness: 'low' } } },
    everwith: { call_id: 'call-1', character_name: 'Mira', profile: 'slow-speaker', playback: 'reported' },
  });
});

test('binary frames carry audio both ways, with positions', async () => {
  const { call } = door.calls;
  await using client = await door.connect('model=character/mira&frames=binary&playback=reported');
  await client.next('session.created');
  const samples = Int16Array.from({ length: 480 }, (_, at) => at);
  client.socket.send(encodeAudioFrame({ kind: 'microphone', index: 0, position: 0, samples }));
  await until('it was heard', () => call.heardSamples > 0);
  call.tell(...turnEvents({ typed: 'x', turn: 7 }));
  await client.next('everwith.reply.ended');
  expect(client.all('response.output_audio.delta')).toEqual([]);
  expect(client.all('everwith.audio.started')).toMatchObject([{ item_id: 'reply_r7', audio_index: 0 }]);
  const frames = client.frames.map((frame) => decodeAudioFrame(frame));
  expect(frames).toMatchObject([
    { kind: 'reply', index: 0, position: 0 },
    { kind: 'reply', index: 0, position: 24_000 },
  ]);
});

test('a call that was cut off goes on where it was', async () => {
  const { call } = door.calls;
  const first = await door.connect('model=character/mira&playback=reported');
  call.tell({ type: 'reply-start', replyId: 'r1' });
  await first.next('response.created');
  first.socket.terminate();
  await until('the call noticed', () => call.did('detach').length === 1);
  expect(call.did('end')).toEqual([]);
  call.backlog = [
    { type: 'reply-start', replyId: 'r1' },
    { type: 'audio', replyId: 'r1', clause: 0, samples: new Int16Array(240), positionInMs: 700 },
  ];
  await using second = await door.connect('call_id=call-1&playback=reported');
  expect((await second.next('session.created')).session.everwith.resumed).toBe(true);
  expect((await second.next('response.output_audio.delta')).everwith).toEqual({ clause: 0, position_ms: 700 });
  second.send({ type: 'everwith.playback.position', item_id: 'reply_r1', position_ms: 710 });
  await until('the position came', () => call.did('played').length === 1);
});

test('of two devices the newer has the call', async () => {
  const { call } = door.calls;
  await using kitchen = await door.connect('model=character/mira&playback=reported');
  await kitchen.next('session.created');
  await using garden = await door.connect('call=call-1&playback=reported');
  await garden.next('session.created');
  expect(await kitchen.next('everwith.taken_over')).toBeDefined();
  expect(await kitchen.end()).toEqual({ code: 4001, reason: 'Another device has this call now.' });
  call.tell({ type: 'state-change', state: 'speaking' });
  await until('the garden hears', () => garden.all('everwith.state').some(({ state }) => state === 'speaking'));
  expect(call.did('end')).toEqual([]);
});

test('a house that closes says so, and the call is kept', async () => {
  await using client = await door.connect();
  await client.next('session.created');
  await door.house.app.close();
  expect(await client.next('everwith.call.ended')).toMatchObject({ reason: 'house-closing' });
  expect(await client.end()).toEqual({ code: 1012, reason: 'The house closes.' });
});
