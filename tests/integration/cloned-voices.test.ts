import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ClonedVoice, ClonedVoiceList, ConsentStatement, VoiceList } from '../../contract/voice.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import { toTones } from '../../src/models/scripted/spoken-tones.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';
import { TestPhone } from './support/test-phone.ts';

const LABEL = 'Grandmother';
const NAME = 'Ada Berg';
let house: ChatHouse;
let owner: Caller;
let member: Caller;
let server: Server;
let providerId: string;
let otherId: string;
let pictures: Set<string>;
/** Paths asked of the provider, with their bodies. */
let asked: { path: string; body: string }[] = [];
/** What the provider says to a path; success otherwise. */
let refusals: Record<string, { status_code: number; status_msg: string }> = {};

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  member = await house.member('mallory');
  const add = async (kind: string, name: string): Promise<string> => {
    const body = { kind, name, baseUrl, apiKey: 'sk-secret', models: ['speech-2.6-turbo'] };
    return (await owner.call<{ id: string }>('POST', '/api/providers', body)).id;
  };
  providerId = await add('minimax', 'MiniMax');
  otherId = await add('openai-compatible', 'Our server');
  pictures = new Set(await house.app.storage.blobs.list());
});
afterEach(() => {
  asked = [];
  refusals = {};
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = request.url ?? '';
  asked.push({ path, body: Buffer.concat(chunks).toString('latin1') });
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      file: { file_id: 42 },
      system_voice: [],
      base_resp: refusals[path] ?? { status_code: 0, status_msg: 'success' },
    }),
  );
}

/** A recording in which scripted ears understand these words. */
function recordingOf(words: string): string {
  const sampleRate = 24_000;
  return Buffer.from(encodeWav({ samples: toTones(words, { sampleRate, speed: 1 }), sampleRate })).toString('base64');
}

/** Files that were not there at the beginning. */
async function recordings(): Promise<string[]> {
  return (await house.app.storage.blobs.list()).filter((hash) => !pictures.has(hash));
}

async function statement(who: Caller, locale = 'en'): Promise<string> {
  const query = new URLSearchParams({ name: NAME, providerId, locale });
  return (await who.call<ConsentStatement>('GET', `/api/voice/clones/statement?${query.toString()}`)).text;
}

async function clone(who: Caller): Promise<ClonedVoice> {
  const recording = recordingOf(await statement(who));
  return who.call('POST', '/api/voice/clones', { name: NAME, label: LABEL, providerId, locale: 'en', recording });
}

const refuse = (more: object) =>
  owner.refusal('POST', '/api/voice/clones', { name: NAME, label: LABEL, providerId, locale: 'en', ...more });

describe('a likeness of a voice', () => {
  test('the statement names who, for what, and the day, in the person’s language', async () => {
    const year = String(new Date().getFullYear());
    expect(await statement(owner)).toMatch(new RegExp(`${NAME}.*${year}.*MiniMax`, 'u'));
    expect(await statement(owner, 'zh-CN')).toMatch(new RegExp(`${NAME}.*${year}年.*MiniMax.*删除`, 'u'));
  });

  test('is made from the recorded consent, is the maker’s own, labelled, and removed at the provider too', async () => {
    const made = await clone(owner);
    const remoteVoice = (
      JSON.parse(asked.find(({ path }) => path === '/v1/voice_clone')?.body ?? '{}') as { voice_id: string }
    ).voice_id;
    expect(asked.map(({ path }) => path).filter((path) => path !== '/v1/get_voice')).toEqual([
      '/v1/files/upload',
      '/v1/voice_clone',
    ]);
    expect(asked.find(({ path }) => path === '/v1/files/upload')?.body).toContain('RIFF');
    expect(remoteVoice).toMatch(/^[A-Za-z][A-Za-z0-9]{7,}$/u);
    expect(made).toMatchObject({ ref: `cloned:${made.id}`, label: LABEL, consentName: NAME, providerName: 'MiniMax' });
    expect(made.consentText).toBe(await statement(owner));

    const { voices } = await owner.call<VoiceList>('GET', '/api/voices');
    expect(voices.find(({ ref }) => ref === made.ref)).toMatchObject({ cloned: true, label: LABEL });
    const voice = { voice: made.ref, speed: 1, pitch: 0 };
    const path = '/api/characters/starter-mira/voice?locale=en';
    expect(await owner.call('PUT', path, voice)).toEqual(voice);
    const recording = await owner.fetch(`/api/voice/clones/${made.id}/consent`);
    expect(recording.headers.get('content-type')).toBe('audio/wav');
    expect(
      Buffer.from(await recording.arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('RIFF');

    const others = await member.call<VoiceList>('GET', '/api/voices');
    expect(others.voices.some(({ cloned }) => cloned)).toBe(false);
    expect(await member.refusal('PUT', path, voice)).toMatchObject({ code: 'voice-unknown' });
    expect(await member.refusal('GET', `/api/voice/sample?voice=${made.ref}&locale=en`)).toMatchObject({
      code: 'voice-unknown',
    });
    expect((await member.fetch(`/api/voice/clones/${made.id}/consent`)).status).toBe(404);
    expect(await member.refusal('DELETE', `/api/voice/clones/${made.id}`)).toMatchObject({ status: 404 });

    asked = [];
    await owner.call('DELETE', `/api/voice/clones/${made.id}`);
    expect(
      asked.filter(({ path: asking }) => asking === '/v1/delete_voice').map(({ body }) => JSON.parse(body) as unknown),
    ).toEqual([{ voice_type: 'voice_cloning', voice_id: remoteVoice }]);
    const left = await owner.call<ClonedVoiceList>('GET', '/api/voice/clones');
    expect(left).toEqual({ voices: [], providers: [{ id: providerId, name: 'MiniMax' }] });
    expect(await recordings()).toEqual([]);
  });

  test('does not speak in the call of somebody who only knows its reference', async () => {
    const { ref, id } = await clone(owner);
    const { id: userId } = await member.call<{ id: string }>('GET', '/api/me');
    const actor = { ...house.app.accounts.terminalActor, userId, role: 'member' as const };
    const conversation = await member.begin();
    asked = [];
    const call = await house.app.calls.open(actor, {
      target: { kind: 'conversation', conversationId: conversation.id },
      playback: 'reported',
      settings: { voice: { voice: ref, speed: 1, pitch: 0 } },
      greet: true,
    });
    using phone = new TestPhone(call);
    await phone.event('failure', { test: ({ code }) => code === 'voice-absent' });
    await phone.event('clause-end', { test: ({ positionInMs }) => positionInMs > 0 });
    await call.call.end('hung-up');
    expect(asked.filter(({ path }) => path !== '/v1/get_voice')).toEqual([]);
    await owner.call('DELETE', `/api/voice/clones/${id}`);
  });

  test('is refused without a consent that can be heard', async () => {
    expect(await refuse({})).toMatchObject({ status: 400, code: 'consent-missing', field: 'recording' });
    expect(await refuse({ recording: 'bm8gd2F2' })).toMatchObject({ code: 'wav-invalid' });
    expect(await refuse({ recording: recordingOf('yes') })).toMatchObject({ code: 'consent-too-short' });
    const words = 'I like apples and pears and long walks by the river in the evening. '.repeat(6);
    expect(await refuse({ recording: recordingOf(words) })).toMatchObject({
      code: 'consent-differs',
      field: 'recording',
    });
    const anothers = (await statement(owner))
      .replace('I agree that', 'I never said that')
      .replaceAll(/[a-g]\w+/gu, 'xylophone');
    expect(await refuse({ recording: recordingOf(anothers) })).toMatchObject({ code: 'consent-differs' });
    expect(asked.filter(({ path }) => path !== '/v1/get_voice')).toEqual([]);
    expect(await recordings()).toEqual([]);
  });

  test('is refused where the provider makes none, or does not make this one; nothing stays', async () => {
    expect(await refuse({ providerId: otherId })).toMatchObject({ code: 'cloning-not-offered', field: 'providerId' });
    refusals = { '/v1/voice_clone': { status_code: 1008, status_msg: 'insufficient balance' } };
    const recording = recordingOf(await statement(owner));
    expect(await refuse({ recording })).toMatchObject({ code: 'provider-credit' });
    expect((await owner.call<ClonedVoiceList>('GET', '/api/voice/clones')).voices).toEqual([]);
    expect(await recordings()).toEqual([]);
  });

  test('stays while the provider cannot remove it, and goes when it is gone there', async () => {
    const made = await clone(owner);
    refusals = { '/v1/delete_voice': { status_code: 1000, status_msg: 'unknown' } };
    expect(await owner.refusal('DELETE', `/api/voice/clones/${made.id}`)).toMatchObject({ code: 'provider-failed' });
    expect((await owner.call<ClonedVoiceList>('GET', '/api/voice/clones')).voices).toHaveLength(1);
    refusals = { '/v1/delete_voice': { status_code: 2042, status_msg: 'no such voice_id' } };
    await owner.call('DELETE', `/api/voice/clones/${made.id}`);
    expect((await owner.call<ClonedVoiceList>('GET', '/api/voice/clones')).voices).toEqual([]);
  });
});
