import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ClonedVoice, ClonedVoiceList, ConsentStatement, VoiceList } from '../../contract/voice.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import { toTones } from '../../src/models/scripted/spoken-tones.ts';
import type { Caller } from './support/caller.ts';
import { OpenAiDescription } from './support/openai-description.ts';
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

async function client(who: Caller): Promise<OpenAI> {
  const { key } = await who.call<{ key: string }>('POST', '/api/keys', { name: 'voices', scopes: ['models'] });
  return new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
}

/** By OpenAI's own description, where it is at hand. */
async function judge(schema: string, value: unknown): Promise<void> {
  const path = process.env['EVERWITH_OPENAI_SPEC'];
  if (path === undefined) return;
  const description = await OpenAiDescription.read(path);
  expect(description.faults(schema, value), schema).toEqual([]);
}

/** A form of OpenAI's with a recording in it. */
function formOf(fields: Record<string, string>, file: string, words: string): { body: FormData } {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append(file, new File([Buffer.from(recordingOf(words), 'base64')], 'said.wav', { type: 'audio/wav' }));
  return { body };
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

describe('a voice that a program makes', () => {
  interface Told {
    id: string;
    name: string;
  }
  const consents = '/audio/voice_consents';

  test('comes of a consent that is listed, renamed and deleted, and speaks to its maker only', async () => {
    const [openai, stranger] = await Promise.all([client(owner), client(member)]);
    const words = await statement(owner);
    const consent = await openai.post<Told>(consents, formOf({ name: NAME, language: 'en-US' }, 'recording', words));
    expect(consent).toEqual({
      object: 'audio.voice_consent',
      id: expect.stringMatching(/^cons_/u),
      name: NAME,
      language: 'en-US',
      created_at: expect.any(Number),
    });
    await judge('VoiceConsentResource', consent);
    const path = `${consents}/${consent.id}`;
    await openai.post(path, { body: { name: 'Ada, in spring' } });
    expect(await openai.get(path)).toEqual({ ...consent, name: 'Ada, in spring' });
    const listed = await openai.get(`${consents}?limit=1`);
    expect(listed).toMatchObject({ data: [{ id: consent.id }], has_more: false });
    await judge('VoiceConsentListResource', listed);
    expect(await openai.get(`${consents}?after=${consent.id}`)).toEqual({
      object: 'list',
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
    expect(await stranger.get(consents)).toMatchObject({ data: [] });
    const voiceForm = () => formOf({ name: LABEL, consent: consent.id }, 'audio_sample', words);
    for (const ask of [
      () => stranger.get(path),
      () => stranger.delete(path),
      () => stranger.post(path, { body: { name: 'Mine' } }),
      () => stranger.post('/audio/voices', voiceForm()),
    ]) {
      await expect(ask()).rejects.toMatchObject({ status: 404, code: 'voice_consent_unknown' });
    }

    const voice = await openai.post<Told>('/audio/voices', voiceForm());
    expect(voice).toMatchObject({ object: 'audio.voice', name: LABEL, id: expect.stringMatching(/^cloned:/u) });
    await judge('VoiceResource', voice);
    expect(await openai.delete(path)).toEqual({ id: consent.id, object: 'audio.voice_consent', deleted: true });
    const [made] = (await owner.call<ClonedVoiceList>('GET', '/api/voice/clones')).voices;
    expect(made).toMatchObject({ ref: voice.id, consentName: NAME, consentText: words });
    // The likeness keeps what allows it.
    expect((await owner.fetch(`/api/voice/clones/${made?.id ?? ''}/consent`)).status).toBe(200);
    asked = [];
    const spoken = { model: 'tts-1', voice: voice.id, input: 'Hello' };
    await expect(stranger.audio.speech.create(spoken)).rejects.toMatchObject({ code: 'voice_unknown' });
    expect(asked.some(({ path: asking }) => asking.includes('t2a'))).toBe(false);
    // The provider of this test sends no sound: it is asked for this very voice.
    await expect(openai.audio.speech.create(spoken)).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(asked.find(({ path: asking }) => asking.includes('t2a'))?.body).toMatch(/"voice_id":"Everwith/u);
    await owner.call('DELETE', `/api/voice/clones/${made?.id ?? ''}`);
    expect(await recordings()).toEqual([]);
  });

  test('is refused where the sample or the consent says something else', async () => {
    const openai = await client(owner);
    const words = await statement(owner);
    const others = 'I like apples and pears and long walks by the river in the evening. '.repeat(6);
    const ask = (language: string, said: string) =>
      openai.post<Told>(consents, formOf({ name: NAME, language }, 'recording', said));
    await expect(ask('en-US', others)).rejects.toMatchObject({
      status: 400,
      code: 'consent_differs',
      param: 'recording',
      message: expect.stringContaining(words),
    });
    await expect(ask('fr-FR', words)).rejects.toMatchObject({ code: 'language_unsupported', param: 'language' });
    await expect(openai.post(consents, { body: new FormData() })).rejects.toMatchObject({ status: 400 });
    const { id } = await ask('en-US', words);
    await expect(
      openai.post('/audio/voices', formOf({ name: LABEL, consent: id }, 'audio_sample', others)),
    ).rejects.toMatchObject({ code: 'consent_differs', param: 'audio_sample' });
    const noSound = formOf({ name: LABEL, consent: id }, 'audio_sample', words);
    noSound.body.set('audio_sample', new File(['no sound'], 'a.wav'));
    await expect(openai.post('/audio/voices', noSound)).rejects.toMatchObject({
      code: 'audio_unknown',
      param: 'audio_sample',
    });
    expect(asked.filter(({ path }) => path === '/v1/voice_clone')).toEqual([]);
    await openai.delete(`${consents}/${id}`);
    expect(await recordings()).toEqual([]);
  });

  test('goes with its owner, and along with them', async () => {
    const words = await statement(member);
    const stranger = await client(member);
    const { id } = await stranger.post<Told>(consents, formOf({ name: NAME, language: 'en-US' }, 'recording', words));
    const { id: userId } = await member.call<{ id: string }>('GET', '/api/me');
    const actor = { ...house.app.accounts.terminalActor, userId, role: 'member' as const };
    expect(await house.app.voiceSettings.belongings(actor)).toMatchObject({ voiceConsents: [{ id, text: words }] });
    await house.app.voiceSettings.purgeAllOf(userId);
    expect(await stranger.get(consents)).toMatchObject({ data: [] });
    expect(await recordings()).toEqual([]);
  });

  test('needs a provider that makes likenesses', async () => {
    await owner.call('DELETE', `/api/providers/${providerId}`);
    const form = formOf({ name: NAME, language: 'en-US' }, 'recording', 'yes');
    await expect((await client(owner)).post(consents, form)).rejects.toMatchObject({
      status: 404,
      code: 'cloning_absent',
      message: expect.stringContaining('MiniMax'),
    });
  });
});
