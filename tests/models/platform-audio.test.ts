import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheDirectory } from '../../scripts/test-run/ensure-weights.ts';
import { rmsInDbfs } from '../../src/base/audio/loudness.ts';
import { SoundReader } from '../../src/models/speech/codecs/sound-reader.ts';
import { openHouse, type ChatHouse } from '../integration/support/open-house.ts';
import { hasSpeech } from './speaking-fixtures.ts';

const needed = ['piper-en-joe', 'moonshine-tiny-en', 'silero-vad-6', 'smart-turn-3.2'];
const input = 'The quick brown fox jumps over the lazy dog. It was late, and nobody saw it.';
/** Words of the text that may be heard otherwise. */
const MOST_WRONG = 2;

describe.skipIf(!needed.every(hasSpeech))('speech with real weights', () => {
  let house: ChatHouse;
  let client: OpenAI;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everwith-sound-'));
    house = await openHouse({
      script: { rules: [], speech: { hasVoice: false, hasEars: false } },
      environment: { EVERWITH_CACHE: cacheDirectory() },
    });
    const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'x', scopes: ['models'] });
    client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  }, 60_000);
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['mp3'] as const)(
    '%s is as long and as loud as speech is, and is understood',
    async (format) => {
      const response = await client.audio.speech.create({
        model: 'piper-en-joe',
        voice: 'echo',
        input,
        response_format: format,
      });
      expect(response.headers.get('x-everwith-voice')).toBe('local:piper-en-joe/joe');
      const bytes = Buffer.from(await response.arrayBuffer());
      const reader = new SoundReader({ folder, searchPath: '' });
      const samples = await reader.read(bytes, { maxSeconds: 60, signal: new AbortController().signal });
      expect(samples.length / 16_000).toBeGreaterThan(3);
      expect(samples.length / 16_000).toBeLessThan(9);
      expect(rmsInDbfs(samples)).toBeGreaterThan(-35);
      expect(rmsInDbfs(samples)).toBeLessThan(-10);
      const heard = await client.audio.transcriptions.create({
        model: 'whisper-1',
        file: await toFile(bytes, `a.${format}`),
        language: 'en',
        response_format: 'verbose_json',
      });
      const words = (text: string) => text.toLowerCase().match(/[a-z]+/gu) ?? [];
      const understood = new Set(words(heard.text));
      const wrong = words(input).filter((word) => !understood.has(word));
      expect(wrong.length, heard.text).toBeLessThanOrEqual(MOST_WRONG);
      expect(heard.segments?.at(-1)?.end).toBeLessThanOrEqual(samples.length / 16_000 + 0.01);
    },
    60_000,
  );
});
