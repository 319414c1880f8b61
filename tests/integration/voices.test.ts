import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import {
  PLAIN_CALLS,
  PLAIN_VOICE,
  type CallPreferences,
  type CharacterVoice,
  type Pronunciation,
  type SpeechModel,
  type VoiceList,
  type VoiceReadiness,
} from '../../contract/voice.ts';
import { SCRIPTED_VOICE } from '../../src/models/scripted/scripted-speech.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let member: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  member = await house.member('mallory');
});
afterAll(() => house[Symbol.asyncDispose]());

const loud: CharacterVoice = { voice: SCRIPTED_VOICE, speed: 1.2, pitch: -2 };
const slow: CallPreferences = { ...PLAIN_CALLS, profile: 'slow-speaker', elder: true };
const words = async (who: Caller, query = '') =>
  (await who.call<{ pronunciations: Pronunciation[] }>('GET', `/api/voice/pronunciations${query}`)).pronunciations;

describe('voices', () => {
  test('are listed, those that could be installed too, with the one of each language', async () => {
    const { voices, defaults } = await member.call<VoiceList>('GET', '/api/voices');
    expect(voices.map(({ ref }) => ref)).toEqual(
      expect.arrayContaining([SCRIPTED_VOICE, 'local:piper-en-joe/joe', 'local:kokoro-82m/zf_xiaoxiao']),
    );
    expect(voices.find(({ ref }) => ref === 'local:piper-en-joe/joe')).toMatchObject({
      installed: false,
      modelId: 'piper-en-joe',
      licence: expect.stringContaining('CC0'),
    });
    expect(defaults).toEqual({ en: SCRIPTED_VOICE, 'zh-CN': SCRIPTED_VOICE });
  });

  test('are chosen for a character by each person, in each language', async () => {
    const { id } = await owner.call<Character>('POST', '/api/characters', { name: 'Singer', greeting: 'La.' });
    const path = `/api/characters/${id}/voice`;
    expect(await owner.call('GET', `${path}?locale=en`)).toEqual(PLAIN_VOICE);
    expect(await owner.call('PUT', `${path}?locale=en`, loud)).toEqual(loud);
    expect(await owner.call('GET', `${path}?locale=en`)).toEqual(loud);
    expect(await owner.call('GET', `${path}?locale=zh-CN`)).toEqual(PLAIN_VOICE);
    const starter = '/api/characters/starter-mira/voice?locale=en';
    await owner.call('PUT', starter, loud);
    expect(await member.call('GET', starter)).toEqual(PLAIN_VOICE);
    expect(await member.refusal('GET', path)).toMatchObject({ status: 404 });
    expect(await member.refusal('PUT', path, loud)).toMatchObject({ status: 404 });
  });

  test('that are none, or speak another language, or are out of bounds, are refused by name', async () => {
    const path = '/api/characters/starter-mira/voice?locale=zh-CN';
    const put = (voice: object) => owner.refusal('PUT', path, { ...PLAIN_VOICE, ...voice });
    expect(await put({ voice: 'local:none/none' })).toMatchObject({ code: 'voice-unknown', field: 'voice' });
    expect(await put({ voice: 'local:piper-en-joe/joe' })).toMatchObject({ code: 'voice-language', field: 'voice' });
    expect(await put({ speed: 9 })).toMatchObject({ status: 400, field: 'speed' });
    expect(await put({ pitch: -13 })).toMatchObject({ status: 400, field: 'pitch' });
  });
});

describe('how calls go', () => {
  test('is each person’s own and stays', async () => {
    expect(await owner.call('GET', '/api/voice/preferences')).toEqual(PLAIN_CALLS);
    expect(await owner.call('PUT', '/api/voice/preferences', slow)).toEqual(slow);
    expect(await member.call('GET', '/api/voice/preferences')).toEqual(PLAIN_CALLS);
    await house.close();
    await house.reopen();
    expect(await owner.call('GET', '/api/voice/preferences')).toEqual(slow);
  });
});

describe('words said in a way of their own', () => {
  const say = (who: Caller, written: string, spoken: string, language = 'en') =>
    who.call<Pronunciation>('POST', '/api/voice/pronunciations', { language, written, spoken });

  test('are kept once, changed and forgotten, and nobody else’s', async () => {
    const first = await say(owner, ' Nguyen ', 'win');
    await say(owner, '行', 'háng', 'zh-CN');
    expect(await say(owner, 'Nguyen', 'nwen')).toMatchObject({ id: first.id, written: 'Nguyen', spoken: 'nwen' });
    expect((await words(owner)).map(({ written }) => written)).toEqual(['Nguyen', '行']);
    expect((await words(owner, '?language=zh-CN')).map(({ spoken }) => spoken)).toEqual(['háng']);
    expect(await words(member)).toEqual([]);
    const path = `/api/voice/pronunciations/${first.id}`;
    expect(await member.refusal('DELETE', path)).toMatchObject({ status: 404 });
    await owner.call('DELETE', path);
    expect(await owner.refusal('DELETE', path)).toMatchObject({ code: 'pronunciation-unknown' });
  });

  test('are bounded', async () => {
    const long = { language: 'en', written: 'x'.repeat(81), spoken: 'x' };
    expect(await owner.refusal('POST', '/api/voice/pronunciations', long)).toMatchObject({ field: 'written' });
  });
});

describe('what is chosen', () => {
  test('leaves with the person: in the export, and when all is deleted', async () => {
    const leaver = await house.member('leaver');
    await leaver.call('PUT', '/api/characters/starter-mira/voice?locale=en', loud);
    await leaver.call('POST', '/api/voice/pronunciations', { language: 'en', written: 'Siobhan', spoken: 'shi-vawn' });
    await leaver.call('PUT', '/api/voice/preferences', slow);
    const response = await leaver.fetch('/api/me/export');
    if (!response.body) throw new Error('The export is empty.');
    let voices: unknown = null;
    for await (const entry of Readable.fromWeb(response.body).pipe(createGunzip()).pipe(extract())) {
      if (entry.header.name === 'voices.json') voices = await json(entry);
      else entry.resume();
    }
    expect(voices).toMatchObject({
      characters: [{ characterId: 'starter-mira', locale: 'en', voice: loud }],
      pronunciations: [{ written: 'Siobhan' }],
      preferences: { elder: true },
    });
    await leaver.call('POST', '/api/me/delete-all', { confirm: 'delete' });
    const { db } = house.app.storage;
    expect(await db.selectFrom('pronunciation').select('written').where('written', '=', 'Siobhan').execute()).toEqual(
      [],
    );
    const rows = await db.selectFrom('characterVoice').select('userId').where('locale', '=', 'en').execute();
    const own = await owner.call<{ id: string }>('GET', '/api/me');
    expect(new Set(rows.map(({ userId }) => userId))).toEqual(new Set([own.id]));
  });
});

describe('a house that can hold a call', () => {
  test('says so', async () => {
    expect(await member.call('GET', '/api/voice/readiness?language=en')).toMatchObject({ ready: true, missing: [] });
  });
});

describe('a house without voices', () => {
  test('says what is missing and why it cannot be fetched; its people may fetch what a call needs, only its owner more', async () => {
    await using silent = await openHouse({ script: { ...talkingScript, speech: { hasVoice: false, hasEars: false } } });
    const readiness = await silent.owner.call<VoiceReadiness>('GET', '/api/voice/readiness?language=en');
    expect(readiness).toMatchObject({ ready: false, fetching: false, receivedBytes: 0, error: null });
    expect(readiness.missing.map(({ modelId }) => modelId)).toEqual([
      'silero-vad-6',
      'smart-turn-3.2',
      'moonshine-tiny-en',
      'piper-en-joe',
    ]);
    expect(readiness.totalBytes).toBe(readiness.missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    const fetchAll = { language: 'en' };
    expect(await silent.owner.refusal('POST', '/api/voice/prepare', fetchAll)).toMatchObject({ code: 'offline' });
    const stranger = await silent.member('mallory');
    expect(await stranger.refusal('POST', '/api/voice/prepare', fetchAll)).toMatchObject({ code: 'offline' });
    const one = '/api/voice/models/piper-en-joe/download';
    expect(await stranger.refusal('POST', one)).toMatchObject({ code: 'owner-only' });
    expect(await stranger.refusal('DELETE', '/api/voice/models/piper-en-joe')).toMatchObject({ code: 'owner-only' });
    expect(await silent.owner.refusal('POST', '/api/voice/models/none/download')).toMatchObject({ status: 404 });
    const { models } = await stranger.call<{ models: SpeechModel[] }>('GET', '/api/voice/models');
    expect(models.find(({ id }) => id === 'kokoro-82m')).toMatchObject({
      state: 'absent',
      voiceCount: 36,
      starter: true,
    });
    expect((await silent.owner.call<VoiceList>('GET', '/api/voices')).defaults).toEqual({ en: null, 'zh-CN': null });
  });
});
