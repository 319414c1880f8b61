import { describe, expect, test } from 'vitest';
import type { Voice } from '../../../contract/voice.ts';
import { loadSpeechCatalog } from '../catalog/speech-catalog.ts';
import { chooseVoice, missingForCalls, rankEars } from './choose-speech.ts';

const { entries } = await loadSpeechCatalog();
const nothing = { voice: false, ears: false, turns: false };

function voice(ref: string, more: Partial<Voice> = {}): Voice {
  return {
    ref,
    label: ref,
    languages: ['en'],
    gender: null,
    engine: { ref: ref.split('/')[0] ?? ref, label: ref, place: 'this-computer' },
    modelId: null,
    installed: true,
    forCalls: true,
    cloned: false,
    emotions: ['neutral'],
    licence: 'MIT',
    ...more,
  };
}

describe('the voice of a language', () => {
  const quick = voice('local:piper/joe');
  const fine = voice('local:kokoro/af', { forCalls: false, languages: ['en', 'zh'] });

  test('is a quick one in a call and the finest elsewhere', () => {
    const voices = [fine, quick];
    expect(chooseVoice(voices, { language: 'en', forCalls: true })).toBe(quick);
    expect(chooseVoice(voices, { language: 'en', forCalls: false })).toBe(fine);
  });

  test('is the only one that speaks it, quick or not', () => {
    expect(chooseVoice([quick, fine], { language: 'zh', forCalls: true })).toBe(fine);
    expect(chooseVoice([quick], { language: 'zh', forCalls: true })).toBeNull();
  });

  test('runs here rather than at a provider, and is nobody’s likeness', () => {
    const provider = voice('p:tts/alloy', { engine: { ref: 'p:tts', label: 'P', place: 'provider' } });
    const cloned = voice('cloned:me', { cloned: true });
    expect(chooseVoice([cloned, provider, fine], { language: 'en', forCalls: true })).toBe(fine);
    expect(chooseVoice([cloned, provider], { language: 'en', forCalls: true })).toBe(provider);
    expect(chooseVoice([cloned], { language: 'en', forCalls: true })).toBeNull();
  });

  test('has to be installed', () => {
    expect(chooseVoice([voice('local:a/b', { installed: false })], { language: 'en', forCalls: true })).toBeNull();
  });
});

describe('ears', () => {
  test('are those made for the language', () => {
    expect(rankEars(entries, 'en')[0]?.id).toBe('moonshine-tiny-en');
    expect(rankEars(entries, 'zh')[0]?.id).toBe('sense-voice-small');
    expect(rankEars(entries, null)[0]?.languages.length).toBeGreaterThan(4);
    expect(rankEars(entries, 'xx')).toEqual([]);
  });
});

describe('what a first call fetches', () => {
  const ids = (language: string, installed: string[] = [], provided = nothing) =>
    missingForCalls({ entries, installed: new Set(installed), language, provided }).map(({ id }) => id);

  test('in English', () => {
    expect(ids('en')).toEqual(['silero-vad-6', 'smart-turn-3.2', 'moonshine-tiny-en', 'piper-en-joe']);
  });

  test('in Chinese', () => {
    expect(ids('zh')).toContain('kokoro-82m');
    expect(ids('zh')).toHaveLength(4);
  });

  test('is less when another one serves already', () => {
    expect(ids('en', ['silero-vad-6', 'kokoro-82m'])).toEqual(['smart-turn-3.2', 'moonshine-tiny-en']);
    expect(ids('en', [], { voice: true, ears: true, turns: false })).toEqual(['silero-vad-6', 'smart-turn-3.2']);
    expect(ids('en', [], { voice: true, ears: true, turns: true })).toEqual([]);
  });
});
