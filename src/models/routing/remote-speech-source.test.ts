import { describe, expect, test } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import type { ProviderRecord } from './provider-store.ts';
import { RemoteSpeechSource, type ClonedVoiceRecord } from './remote-speech-source.ts';

const signal = new AbortController().signal;
const cloned: ClonedVoiceRecord = {
  id: 'c1',
  label: 'Grandmother',
  language: 'zh',
  providerId: 'p2',
  model: 'speech-2.6-turbo',
  remoteVoice: 'Mine01',
};

function record(more: Partial<ProviderRecord>): ProviderRecord {
  return { id: 'p1', kind: 'openai', name: 'OpenAI', baseUrl: null, apiKey: 'k', models: [], createdAt: 1, ...more };
}

function open(records: ProviderRecord[], fetch: typeof globalThis.fetch, now = () => 0) {
  const clock = { ...systemClock, now };
  const lists = { providers: { list: async () => records }, cloned: { list: async () => [cloned] } };
  return new RemoteSpeechSource({ ...lists, clock, logger: silentLogger(), fetch });
}

const minimaxList = async () =>
  Response.json({ system_voice: [{ voice_id: 'English_Lady', voice_name: 'Lady' }], base_resp: { status_code: 0 } });

describe('voices and ears of providers', () => {
  test('voices have one name each, a likeness under its own', async () => {
    const records = [
      record({}),
      record({ id: 'p2', kind: 'minimax', name: 'MiniMax' }),
      record({ id: 'p3', kind: 'anthropic' }),
    ];
    const source = open(records, minimaxList);
    const voices = await source.voices();
    expect(voices.map(({ ref }) => ref)).toEqual(
      expect.arrayContaining(['p1:gpt-4o-mini-tts/nova', 'p2:speech-2.6-turbo/English_Lady', 'cloned:c1']),
    );
    expect(voices.find(({ ref }) => ref === 'cloned:c1')).toMatchObject({ cloned: true, label: 'Grandmother' });
    const found = await source.speech('p2:speech-2.6-turbo/English_Lady', signal);
    expect([found?.handle.ref, found?.voice]).toEqual(['p2:speech-2.6-turbo', 'English_Lady']);
    expect((await source.speech('cloned:c1', signal))?.voice).toBe('Mine01');
    expect(await source.speech('local:piper-en-joe/joe', signal)).toBeNull();
    await expect(source.speech('cloned:none', signal)).rejects.toMatchObject({ code: 'voice-absent' });
  });

  test('a provider that lists nothing now has none, is not asked at once again, and does not stop the others', async () => {
    let asked = 0;
    let time = 0;
    const source = open(
      [record({ id: 'p2', kind: 'minimax' }), record({})],
      async () => {
        asked += 1;
        throw new TypeError('failed', { cause: new Error('down') });
      },
      () => time,
    );
    const refs = async () => (await source.voices()).filter((voice) => !voice.cloned).map(({ ref }) => ref);
    expect((await refs()).every((ref) => ref.startsWith('p1:'))).toBe(true);
    await refs();
    expect(asked).toBe(1);
    time = 61_000;
    await refs();
    expect(asked).toBe(2);
  });

  test('ears are those of a provider that has some', async () => {
    const none = async () => Response.json({});
    expect(await open([record({ kind: 'minimax' })], none).transcription('en', signal)).toBeNull();
    const source = open(
      [record({ kind: 'openai-compatible', baseUrl: 'http://h/v1', models: ['m', 'whisper-large'] })],
      none,
    );
    expect((await source.transcription('en', signal))?.ref).toBe('p1:whisper-large');
    expect(await source.transcription('xx', signal)).toBeNull();
  });
});
