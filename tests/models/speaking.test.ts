import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeWav } from '../../src/base/audio/wav.ts';
import { AbortedError, InvalidInputError } from '../../src/base/errors.ts';
import type { SpeechHost } from '../../src/models/speech/speaking/speech-host.ts';
import { edges, hasSpeech, openVoice, request, speak } from './speaking-fixtures.ts';

const hasPiper = hasSpeech('piper-en-joe');
const hasKokoro = hasSpeech('kokoro-82m');
const sentence = 'The keeper of the lighthouse counted the ships until the last of them was gone.';
const story = `${sentence} Then he climbed down. It was late, and the stairs were cold. Nobody was there.`;

describe.skipIf(!hasPiper)('Piper through sherpa', () => {
  let host: SpeechHost;
  beforeAll(async () => {
    host = await openVoice('piper-en-joe');
    await host.handle.warm(new AbortController().signal);
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  test('a sentence sounds as long and as loud as a person says it, from the first moment to the last', async () => {
    const spoken = await speak(host.handle, { text: sentence, voice: 'joe' });
    expect(spoken.sampleRate).toBe(22_050);
    expect(spoken.seconds).toBeGreaterThan(3);
    expect(spoken.seconds).toBeLessThan(7);
    expect(spoken.level).toBeGreaterThan(-30);
    expect(spoken.level).toBeLessThan(-10);
    expect(edges(spoken).before).toBeLessThan(80);
    expect(edges(spoken).after).toBeLessThan(120);
  });

  test('a story comes sentence by sentence, with pauses between', async () => {
    const spoken = await speak(host.handle, { text: story, voice: 'joe' });
    expect(spoken.chunks).toBe(4 + 3);
  });

  test('speed and pitch change what they say', async () => {
    const plain = await speak(host.handle, { text: sentence, voice: 'joe' });
    const fast = await speak(host.handle, { text: sentence, voice: 'joe', speed: 1.5 });
    const high = await speak(host.handle, { text: sentence, voice: 'joe', pitch: 5 });
    expect(fast.seconds / plain.seconds).toBeGreaterThan(0.55);
    expect(fast.seconds / plain.seconds).toBeLessThan(0.8);
    expect(high.seconds / plain.seconds).toBeGreaterThan(0.8);
    expect(high.seconds / plain.seconds).toBeLessThan(1.2);
  });

  test('a whole utterance comes as WAV by the specification', async () => {
    const { audio, warnings, response } = await host.handle.speechModel.doGenerate({
      text: 'Good evening.',
      voice: 'joe',
      outputFormat: 'mp3',
      speed: 9,
    });
    const wav = decodeWav(audio as Uint8Array);
    expect(wav.sampleRate).toBe(22_050);
    expect(wav.samples.length / wav.sampleRate).toBeGreaterThan(0.2);
    expect(warnings.map((warning) => (warning.type === 'unsupported' ? warning.feature : ''))).toEqual([
      'outputFormat',
      'speed',
    ]);
    expect(response.modelId).toBe('piper-en-joe');
  });

  test('an unknown voice, another language and nothing to say are answered at once', async () => {
    await expect(speak(host.handle, { text: 'Hello.', voice: '../joe' })).rejects.toBeInstanceOf(InvalidInputError);
    await expect(speak(host.handle, { text: '你好。', voice: 'joe', language: 'zh' })).rejects.toMatchObject({
      code: 'voice-language',
    });
    expect((await speak(host.handle, { text: ' \n ', voice: 'joe' })).chunks).toBe(0);
  });

  test('stopping stops the engine after the piece it is at', async () => {
    const stop = new AbortController();
    const long = Array.from({ length: 30 }, () => story).join(' ');
    const speaking = (async () => {
      for await (const _ of host.handle.synthesize(request({ text: long, voice: 'joe', signal: stop.signal })))
        stop.abort();
    })();
    await expect(speaking).rejects.toBeInstanceOf(AbortedError);
    const timeOf = async (text: string) => {
      const start = performance.now();
      await speak(host.handle, { text, voice: 'joe' });
      return performance.now() - start;
    };
    // An engine that went on would speak the story thirty times before the answer.
    const answered = await timeOf('Yes?');
    expect(answered).toBeLessThan((await timeOf(story)) * 15);
  });

  test('killed while it speaks, it says everything nonetheless, and once', async () => {
    const whole = await speak(host.handle, { text: story, voice: 'joe' });
    const first = host.pid ?? 0;
    const parts: number[] = [];
    for await (const chunk of host.handle.synthesize(request({ text: story, voice: 'joe' }))) {
      if (parts.length === 0) process.kill(first, 'SIGKILL');
      parts.push(chunk.samples.length / chunk.sampleRate);
    }
    // Where it had said everything before it was killed, it is noticed a moment later.
    await vi.waitFor(() => expect(host.pid).not.toBe(first), { timeout: 20_000 });
    expect(parts.length).toBe(whole.chunks);
    const seconds = parts.reduce((sum, part) => sum + part, 0);
    expect(Math.abs(seconds / whole.seconds - 1)).toBeLessThan(0.15);
  });

  test('what was prepared for the engine is gone once it runs', async () => {
    // Another house on this machine may be loading its own.
    await vi.waitFor(
      async () => {
        const left = (await readdir(tmpdir())).filter((name) => name.startsWith('everwith-voice-'));
        for (const name of left) expect(await readdir(`${tmpdir()}/${name}`)).toEqual([]);
      },
      { timeout: 20_000, interval: 200 },
    );
  });
});

describe.skipIf(!hasKokoro)('Kokoro', () => {
  let host: SpeechHost;
  beforeAll(async () => {
    host = await openVoice('kokoro-82m');
    await host.handle.warm(new AbortController().signal);
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  test.each([
    ['af_heart', 'en', 'The last of the ships was gone.', 1.2, 3.5],
    ['bm_george', 'en', 'The last of the ships was gone.', 1.2, 3.5],
    ['zf_xiaoxiao', 'zh', '今天晚上，我们去河边散步吧。', 1.8, 4.5],
    ['zm_yunxi', 'zh', '我的iPhone坏了，OK吗？', 1, 4],
  ])('%s speaks %s without the silence around it', async (voice, language, text, least, most) => {
    const spoken = await speak(host.handle, { text, voice, language });
    expect(spoken.sampleRate).toBe(24_000);
    expect(spoken.seconds).toBeGreaterThan(least);
    expect(spoken.seconds).toBeLessThan(most);
    expect(spoken.level).toBeGreaterThan(-30);
    expect(spoken.level).toBeLessThan(-10);
    expect(edges(spoken).before).toBeLessThan(90);
    expect(edges(spoken).after).toBeLessThan(150);
  });

  test('killed while it speaks Chinese, it says everything nonetheless', async () => {
    const first = host.pid ?? 0;
    const speaking = speak(host.handle, { text: '我在这里。', voice: 'zf_xiaoxiao', language: 'zh' });
    process.kill(first, 'SIGKILL');
    expect((await speaking).seconds).toBeGreaterThan(0.5);
    expect(host.pid).not.toBe(first);
  });

  test('an English voice is not asked to speak Chinese', async () => {
    await expect(speak(host.handle, { text: '你好。', voice: 'af_heart', language: 'zh' })).rejects.toMatchObject({
      code: 'voice-language',
    });
  });
});
