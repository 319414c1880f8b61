import { connect as connectTcp } from 'node:net';
import { OpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { floatToPcm16, pcm16ToFloat } from '../../src/base/audio/pcm16.ts';
import { fromTones, toTones } from '../../src/models/scripted/spoken-tones.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

const RATE = 24_000;
const FRAME_SAMPLES = RATE / 50;

let house: ChatHouse;
let key: string;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'weather' }, steps: [{ type: 'tokens', tokens: ['It rains', ' on the coast.'] }] },
        { when: { contains: 'cat' }, steps: [{ type: 'tokens', tokens: ['He sleeps', ' by the stove.'] }] },
      ],
      otherwise: 'echo',
    },
  });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'Realtime', scopes: ['chat'] }));
});
afterAll(() => house[Symbol.asyncDispose]());

/** OpenAI’s own client; it insists on TLS, so the connection to a house without is made for it. */
async function callMira() {
  const { port } = new URL(house.address);
  const client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1` });
  const realtime = new OpenAIRealtimeWS(
    { model: 'character/mira', options: { createConnection: () => connectTcp(Number(port), '127.0.0.1') } },
    client,
  );
  const events: RealtimeServerEvent[] = [];
  const failures: unknown[] = [];
  realtime.on('event', (event) => void events.push(event));
  realtime.on('error', (error) => void failures.push(error));
  const all = <T extends RealtimeServerEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RealtimeServerEvent, { type: T }> => event.type === type);
  const next = <T extends RealtimeServerEvent['type']>(type: T, count = 0) =>
    until(`${type} came`, () => {
      if (failures.length > 0) throw failures[0] as Error;
      return all(type)[count];
    });
  await next('session.created');
  return { realtime, all, next };
}

/** Frames of a microphone, as fast as they are taken: a word and the silence after it. */
function* frames(text: string): Generator<string> {
  const words = toTones(text, { sampleRate: RATE, speed: 1 });
  const sound = new Float32Array(words.length + RATE);
  sound.set(words);
  for (let start = 0; start < sound.length; start += FRAME_SAMPLES) {
    const samples = floatToPcm16(sound.slice(start, start + FRAME_SAMPLES));
    yield Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
  }
}

test('OpenAI’s own client talks with a real character: two spoken turns, heard, transcribed and kept', async () => {
  const { realtime, all, next } = await callMira();
  for (const [turn, { said, answered }] of [
    { said: 'weather', answered: 'It rains on the coast.' },
    { said: 'the cat', answered: 'He sleeps by the stove.' },
  ].entries()) {
    const doneBefore = all('response.done').length;
    for (const audio of frames(said)) realtime.send({ type: 'input_audio_buffer.append', audio });
    expect(await next('conversation.item.input_audio_transcription.completed', turn)).toMatchObject({
      transcript: said,
    });
    await next('response.done', doneBefore);
    const spoken = all('response.output_audio_transcript.done').at(-1);
    expect(spoken?.transcript).toBe(answered);
    const bytes = Buffer.concat(
      all('response.output_audio.delta')
        .filter(({ item_id }) => item_id === spoken?.item_id)
        .map(({ delta }) => Buffer.from(delta, 'base64')),
    );
    const samples = pcm16ToFloat(new Int16Array(new Uint8Array(bytes).buffer));
    expect(fromTones(samples, RATE)).toBe(answered);
  }
  realtime.close();
  const { conversations } = await house.owner.call<{ conversations: { id: string }[] }>('GET', '/api/conversations');
  const path = await house.owner.path(conversations[0]?.id ?? '');
  expect(path.slice(-4).map((message) => wordsOf(message))).toEqual([
    'weather',
    'It rains on the coast.',
    'the cat',
    'He sleeps by the stove.',
  ]);
});
