import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SentMessage } from '../../contract/messages.ts';
import { decodeWav, encodeWav } from '../../src/base/audio/wav.ts';
import { fromTones, toTones } from '../../src/models/scripted/spoken-tones.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let lastNumber = 0;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

const recordingOf = (text: string, sampleRate = 48_000) =>
  encodeWav({ samples: toTones(text, { sampleRate, speed: 1 }), sampleRate });
const post = (caller: Caller, path: string, file: Uint8Array, type = 'audio/wav') =>
  caller.fetch(path, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(file) });
const errorOf = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { error: { code: string } }).error.code,
});
const voiceMessagePath = (id: string) => `/api/conversations/${id}/voice-messages?clientId=voice-${++lastNumber}`;
const blobs = async () => {
  const names = await readdir(join(house.dataDirectory, 'blobs'), { recursive: true }).catch(() => []);
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).length;
};

test('a message is read aloud as a WAV file, without its stage directions', async () => {
  const { id } = await house.owner.begin();
  const { reply } = await house.owner.talk(id, '*She looks out to sea.* The tide turns. **Mind** the rocks!');
  const response = await house.owner.fetch(`/api/messages/${reply.id}/speech`);
  expect(response.headers.get('content-type')).toBe('audio/wav');
  const { samples, sampleRate } = decodeWav(new Uint8Array(await response.arrayBuffer()));
  expect(sampleRate).toBe(24_000);
  expect(fromTones(samples, sampleRate)).toBe('The tide turns. Mind the rocks!');
});

test('a narrator’s stage directions are the story, and are read', async () => {
  const character = { name: 'Teller', greeting: '*The tide turns.* Listen.', tags: ['Narrator'] };
  const { id: characterId } = await house.owner.call<{ id: string }>('POST', '/api/characters', character);
  const { id } = await house.owner.call<{ id: string }>('POST', '/api/conversations', { characterId });
  const [greeting] = await house.owner.path(id);
  const response = await house.owner.fetch(`/api/messages/${greeting!.id}/speech`);
  const { samples, sampleRate } = decodeWav(new Uint8Array(await response.arrayBuffer()));
  expect(fromTones(samples, sampleRate)).toBe('The tide turns. Listen.');
});

test('what cannot be read aloud says why', async () => {
  const { id } = await house.owner.begin();
  const { sent } = await house.owner.talk(id, '*nods*');
  expect(await errorOf(await house.owner.fetch(`/api/messages/${sent.message.id}/speech`))).toEqual({
    status: 400,
    code: 'nothing-to-say',
  });
  const stranger = await house.member(`stranger-${Date.now()}`);
  expect(await errorOf(await stranger.fetch(`/api/messages/${sent.message.id}/speech`))).toMatchObject({ status: 404 });
  expect(await errorOf(await house.owner.fetch('/api/messages/nothing/speech'))).toMatchObject({ status: 404 });
});

test('a voice message is understood, kept with its sound and answered', async () => {
  const { id } = await house.owner.begin();
  const path = voiceMessagePath(id);
  const file = recordingOf('Where is the boat?');
  const sent = (await (await post(house.owner, path, file)).json()) as SentMessage;
  expect(wordsOf(sent.message)).toBe('Where is the boat?');
  expect(sent.message.parts.at(-1)).toMatchObject({ type: 'voice', callId: null, recorded: true, interrupted: false });
  expect(wordsOf(await house.owner.ended(id, sent.reply!.id))).toBe('Where is the boat?');
  const again = (await (await post(house.owner, path, file)).json()) as SentMessage;
  expect(again.message.id).toBe(sent.message.id);
  const recording = await house.owner.fetch(`/api/messages/${sent.message.id}/recording`);
  const { samples, sampleRate } = decodeWav(new Uint8Array(await recording.arrayBuffer()));
  expect(fromTones(samples, sampleRate)).toBe('Where is the boat?');
  const stranger = await house.member(`listener-${Date.now()}`);
  expect(await errorOf(await stranger.fetch(`/api/messages/${sent.message.id}/recording`))).toEqual({
    status: 404,
    code: 'recording-missing',
  });
});

test('a recording goes where its message goes', async () => {
  const { id } = await house.owner.begin();
  const before = await blobs();
  const said = `Remember ${Math.random()}`;
  const sent = (await (await post(house.owner, voiceMessagePath(id), recordingOf(said))).json()) as SentMessage;
  await house.owner.ended(id, sent.reply!.id);
  expect(await blobs()).toBe(before + 1);
  const address = `/api/messages/${sent.message.id}/recording`;
  await house.owner.call('DELETE', `/api/messages/${sent.message.id}`);
  expect(await errorOf(await house.owner.fetch(address))).toEqual({ status: 404, code: 'recording-missing' });
  await house.owner.call('POST', `/api/messages/${sent.message.id}/restore`);
  expect((await house.owner.fetch(address)).status).toBe(200);
  await house.owner.call('POST', `/api/conversations/${id}/purge`);
  expect(await blobs()).toBe(before);
});

test('dictation is understood and kept nowhere', async () => {
  const response = await post(house.owner, '/api/transcriptions?language=en', recordingOf('Dear diary', 16_000));
  expect(await response.json()).toEqual({ text: 'Dear diary', language: 'en' });
});

test('what is no recording, or holds no words, is refused by name', async () => {
  const { id } = await house.owner.begin();
  const words = recordingOf('Hello', 16_000);
  expect(await errorOf(await post(house.owner, voiceMessagePath(id), Buffer.from('hello')))).toEqual({
    status: 400,
    code: 'wav-invalid',
  });
  const silence = encodeWav({ samples: new Float32Array(16_000), sampleRate: 16_000 });
  expect(await errorOf(await post(house.owner, voiceMessagePath(id), silence))).toMatchObject({
    code: 'nothing-heard',
  });
  const long = encodeWav({ samples: new Float32Array(8000 * 301), sampleRate: 8000 });
  expect(await errorOf(await post(house.owner, '/api/transcriptions', long))).toMatchObject({ status: 413 });
  expect(await errorOf(await post(house.owner, '/api/transcriptions?language=xx', words))).toEqual({
    status: 503,
    code: 'hearing-absent',
  });
  expect((await post(house.owner, '/api/transcriptions', words, 'video/mp4')).status).toBe(415);
  expect(await house.owner.path(id)).toHaveLength(1);
});

test('a link for a device that only calls signs it in once, and names the call', async () => {
  const { id } = await house.owner.begin();
  const { url } = await house.owner.call<{ url: string }>('POST', `/api/conversations/${id}/call-links`);
  const link = new URL(url);
  expect(link.pathname).toBe('/enter');
  expect(link.searchParams.get('call')).toBe(id);
  const enter = () =>
    fetch(`${house.address}/api/sign-in/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.hash.slice(1) }),
    });
  const entered = await enter();
  expect(entered.status).toBe(200);
  // The device stays signed in for months of use.
  expect(entered.headers.getSetCookie().join()).toMatch(/Max-Age=5184000/i);
  expect((await enter()).status).toBe(401);
  const stranger = await house.member(`caller-${Date.now()}`);
  expect(await stranger.refusal('POST', `/api/conversations/${id}/call-links`)).toMatchObject({ status: 404 });
});
