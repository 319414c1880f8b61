import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { floatToPcm16, pcm16Bytes } from '../../src/base/audio/pcm16.ts';
import { encodeWav } from '../../src/base/audio/wav.ts';
import type { RemoteProvider } from '../../src/models/remote/provider-kinds.ts';
import { createRemoteSpeech } from '../../src/models/speech/remote/remote-speech.ts';
import { createRemoteTranscription } from '../../src/models/speech/remote/remote-transcription.ts';
import { listRemoteVoices } from '../../src/models/speech/remote/remote-voices.ts';
import type { SynthesisRequest } from '../../src/models/spec/speech-handle.ts';

type Handler = (request: IncomingMessage & { body: Buffer }, response: ServerResponse) => void;

const KEY = 'sk-very-secret-key';
let server: Server;
let base: string;
let handler: Handler;
let received: { url: string; headers: IncomingMessage['headers']; body: Buffer }[];

beforeEach(async () => {
  received = [];
  handler = () => {
    throw new Error('The fake server was not told what to answer.');
  };
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push({ url: request.url ?? '', headers: request.headers, body });
      handler(Object.assign(request, { body }), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function provider(more: Partial<RemoteProvider> = {}): RemoteProvider {
  return { id: 'p1', kind: 'openai-compatible', name: 'Fake', baseUrl: `${base}/v1`, apiKey: KEY, ...more };
}

/** A quarter second of silence, half a second of 440 Hz, a second of silence, at 24 kHz. */
function speech(): Float32Array {
  const rate = 24_000;
  return Float32Array.from({ length: rate * 1.75 }, (_, index) =>
    index >= rate / 4 && index < (rate * 3) / 4 ? 0.5 * Math.sin((2 * Math.PI * 440 * index) / rate) : 0,
  );
}

/** Pieces of odd sizes, each written when the one before has left. */
async function drip(response: ServerResponse, bytes: Uint8Array, size = 777): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise<void>((resolve) => response.write(bytes.subarray(at, at + size), () => resolve()));
  }
}

function request(more: Partial<SynthesisRequest> = {}): SynthesisRequest {
  return {
    text: 'Hello there.',
    language: 'en',
    voice: 'nova',
    speed: 1,
    pitch: 0,
    emotion: 'neutral',
    signal: new AbortController().signal,
    ...more,
  };
}

async function listen(
  target: Partial<RemoteProvider>,
  more: Partial<SynthesisRequest> = {},
  limits: { firstAudioInMs?: number; silenceInMs?: number; model?: string } = {},
): Promise<{ samples: number[]; sampleRate: number }> {
  const { model = 'tts', ...rest } = limits;
  const handle = createRemoteSpeech({ provider: provider(target), model, ...rest });
  const samples: number[] = [];
  let sampleRate = 0;
  for await (const chunk of handle.synthesize(request(more))) {
    samples.push(...chunk.samples);
    sampleRate = chunk.sampleRate;
  }
  return { samples, sampleRate };
}

/** Hertz, by zero crossings. */
function pitchOf({ samples, sampleRate }: { samples: number[]; sampleRate: number }): number {
  const crossings = samples.filter((sample, index) => index > 0 && (samples[index - 1] ?? 0) < 0 && sample >= 0).length;
  const sounding = samples.filter((sample) => Math.abs(sample) > 0.005).length;
  return (crossings * sampleRate) / sounding;
}

function minimaxEvents(samples: Float32Array, { ends = true } = {}): Buffer {
  const bytes = pcm16Bytes(floatToPcm16(samples));
  const size = 10_001;
  const events: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const audio = Buffer.from(bytes.subarray(at, at + size)).toString('hex');
    events.push(
      JSON.stringify({ data: { audio, status: 1 }, trace_id: 't', base_resp: { status_code: 0, status_msg: '' } }),
    );
  }
  if (ends)
    events.push(JSON.stringify({ data: { audio: '', status: 2 }, extra_info: {}, base_resp: { status_code: 0 } }));
  return Buffer.from(events.map((event) => `data: ${event}\n\n`).join(''));
}

describe("a voice by OpenAI's door", () => {
  test('speaks raw PCM that comes in odd pieces, its silence trimmed', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm' });
      void drip(response, pcm16Bytes(floatToPcm16(speech()))).then(() => response.end());
    };
    const heard = await listen({});
    expect(heard.sampleRate).toBe(24_000);
    expect(heard.samples.length / 24_000).toBeCloseTo(0.58, 2);
    expect(pitchOf(heard)).toBeCloseTo(440, -1);
    expect(received[0]?.url).toBe('/v1/audio/speech');
    expect(received[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.parse(String(received[0]?.body))).toEqual({
      model: 'tts',
      input: 'Hello there.',
      voice: 'nova',
      response_format: 'pcm',
      speed: 1,
    });
  });

  test('moves the pitch and keeps the length by asking for another speed', async () => {
    handler = (_, response) => void response.end(pcm16Bytes(floatToPcm16(speech())));
    const heard = await listen({}, { pitch: 12 });
    expect(pitchOf(heard)).toBeGreaterThan(840);
    expect(JSON.parse(String(received[0]?.body))).toMatchObject({ speed: 0.5 });
  });

  test("tells OpenAI's newer models how to speak", async () => {
    handler = (_, response) => void response.end(pcm16Bytes(floatToPcm16(speech())));
    await listen({ kind: 'openai' }, { emotion: 'whisper' }, { model: 'gpt-4o-mini-tts' });
    expect(JSON.parse(String(received[0]?.body))).toMatchObject({ instructions: 'Whisper.', speed: 1 });
  });

  test('understands a WAV file in place of PCM, and refuses MP3 in words', async () => {
    handler = (_, response) => {
      void drip(response, encodeWav({ samples: speech().subarray(0, 20_000), sampleRate: 16_000 }), 13).then(() =>
        response.end(),
      );
    };
    expect((await listen({})).sampleRate).toBe(16_000);
    handler = (_, response) => void response.end(Buffer.from('ID3\u0004aaaaaaaaaaaaaaaaaaaa'));
    await expect(listen({})).rejects.toMatchObject({ code: 'speech-format', retryable: false });
  });

  test.each<[number, string, string]>([
    [401, 'Incorrect API key provided: sk-very-secret-key', 'provider-auth'],
    [429, 'You exceeded your current quota', 'provider-credit'],
    [429, 'Rate limit reached', 'provider-rate-limited'],
    [400, 'input is too odd', 'provider-refused'],
    [404, 'The model does not exist', 'provider-not-found'],
    [400, "Invalid value: 'nobody'. Supported voices are alloy, nova.", 'voice-unknown'],
    [422, 'voice must be one of alloy, nova', 'voice-unknown'],
    [500, 'boom', 'provider-failed'],
  ])('status %i, %j: %s', async (status, message, code) => {
    handler = (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message } }));
    };
    const failure: unknown = await listen({}).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain(KEY);
  });

  test('a provider that dies mid-sentence, says nothing, or stops in the middle', async () => {
    handler = (_, response) => {
      void drip(response, pcm16Bytes(floatToPcm16(speech())).subarray(0, 30_001)).then(() => response.destroy());
    };
    await expect(listen({})).rejects.toMatchObject({ code: 'provider-cut-off', retryable: true });
    handler = (_, response) => void response.end();
    await expect(listen({})).rejects.toMatchObject({ code: 'provider-garbage' });
    handler = () => undefined;
    await expect(listen({}, {}, { firstAudioInMs: 60 })).rejects.toMatchObject({ code: 'provider-timeout' });
    handler = (_, response) => void drip(response, pcm16Bytes(floatToPcm16(speech())).subarray(0, 30_000));
    await expect(listen({}, {}, { silenceInMs: 80 })).rejects.toMatchObject({ code: 'provider-timeout' });
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await expect(listen({ baseUrl: `http://127.0.0.1:${port}/v1` })).rejects.toMatchObject({
      code: 'provider-no-server',
    });
    await expect(listen({ kind: 'openai', apiKey: '' })).rejects.toMatchObject({ code: 'provider-auth' });
  });

  test('stopping, or looking away, stops the provider too', async () => {
    const closed: Promise<void>[] = [];
    handler = (_, response) => {
      closed.push(new Promise((resolve) => response.on('close', () => resolve())));
      void drip(response, pcm16Bytes(floatToPcm16(speech())).subarray(0, 30_000));
    };
    const stopping = new AbortController();
    const stopped = (async () => {
      const handle = createRemoteSpeech({ provider: provider(), model: 'tts' });
      for await (const chunk of handle.synthesize(request({ signal: stopping.signal }))) if (chunk) stopping.abort();
    })();
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    const handle = createRemoteSpeech({ provider: provider(), model: 'tts' });
    for await (const chunk of handle.synthesize(request())) if (chunk) break;
    expect(closed).toHaveLength(2);
    await Promise.all(closed);
  });

  test('speaks whole files by the specification', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.end(Buffer.from('ID3 sound'));
    };
    const handle = createRemoteSpeech({ provider: provider(), model: 'tts' });
    const { audio } = await handle.speechModel.doGenerate({ text: 'Hello.', voice: 'nova', outputFormat: 'mp3' });
    expect(Buffer.from(audio as Uint8Array).toString()).toBe('ID3 sound');
  });

  test('kinds that do not speak or listen say so', () => {
    expect(() => createRemoteSpeech({ provider: provider({ kind: 'anthropic' }), model: 'x' })).toThrow(
      'does not speak',
    );
    expect(() => createRemoteTranscription({ provider: provider({ kind: 'minimax' }), model: 'x' })).toThrow(
      'does not listen',
    );
  });
});

describe('a voice of MiniMax', () => {
  const minimax = { kind: 'minimax' as const };

  test('speaks events of hexadecimal PCM, cut anywhere', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void drip(response, minimaxEvents(speech()), 997).then(() => response.end());
    };
    const asked = { emotion: 'happy' as const, speed: 1.2, pitch: -2, language: 'zh', voice: 'female-shaonv' };
    const heard = await listen(minimax, asked, { model: 'speech-2.6-turbo' });
    expect(heard.samples.length / 24_000).toBeCloseTo(0.58, 2);
    expect(pitchOf(heard)).toBeCloseTo(440, -1);
    expect(received[0]?.url).toBe('/v1/t2a_v2');
    expect(JSON.parse(String(received[0]?.body))).toEqual({
      model: 'speech-2.6-turbo',
      text: 'Hello there.',
      stream: true,
      stream_options: { exclude_aggregated_audio: true },
      language_boost: 'Chinese',
      voice_setting: { voice_id: 'female-shaonv', speed: 1.2, vol: 1, pitch: -2, emotion: 'happy' },
      audio_setting: { sample_rate: 24_000, format: 'pcm', channel: 1 },
    });
  });

  test('older models are not asked to whisper', async () => {
    handler = (_, response) => void response.end(minimaxEvents(speech()));
    await listen(minimax, { emotion: 'whisper' }, { model: 'speech-02-turbo' });
    expect(String(received[0]?.body)).not.toContain('whisper');
  });

  test.each<[number, string, string]>([
    [1004, 'login fail', 'provider-auth'],
    [2049, 'invalid api key', 'provider-auth'],
    [1008, 'insufficient balance', 'provider-credit'],
    [1002, 'rate limit', 'provider-rate-limited'],
    [2042, 'no access to this voice_id', 'voice-unknown'],
    [2013, 'invalid params, voice_id', 'voice-unknown'],
    [1000, 'unknown error', 'provider-failed'],
    [2013, 'invalid params, text', 'provider-refused'],
  ])('code %i, %j: %s', async (status_code, status_msg, code) => {
    const body = JSON.stringify({ base_resp: { status_code, status_msg }, trace_id: 't' });
    handler = (_, response) => void response.end(body);
    await expect(listen(minimax)).rejects.toMatchObject({ code });
    handler = (_, response) => void response.end(`data: ${body}\n\n`);
    await expect(listen(minimax)).rejects.toMatchObject({ code });
  });

  test('an answer that breaks off, or is nonsense', async () => {
    handler = (_, response) => void response.end(minimaxEvents(speech(), { ends: false }));
    await expect(listen(minimax)).rejects.toMatchObject({ code: 'provider-cut-off' });
    handler = (_, response) => {
      void drip(response, minimaxEvents(speech()).subarray(0, 50_000)).then(() => response.destroy());
    };
    await expect(listen(minimax)).rejects.toMatchObject({ code: 'provider-cut-off' });
    handler = (_, response) => void response.end('data: {"data":{"audio":"xyz"}}\n\n');
    await expect(listen(minimax)).rejects.toMatchObject({ code: 'provider-garbage' });
    handler = (_, response) => void response.end('<html></html>');
    await expect(listen(minimax)).rejects.toMatchObject({ code: 'provider-garbage' });
  });

  test('whole files by the specification are WAV', async () => {
    handler = (_, response) => void response.end(minimaxEvents(speech()));
    const handle = createRemoteSpeech({ provider: provider(minimax), model: 'speech-2.6-turbo' });
    const { audio } = await handle.speechModel.doGenerate({ text: 'Hello.', voice: 'x' });
    expect(Buffer.from((audio as Uint8Array).subarray(0, 4)).toString()).toBe('RIFF');
  });
});

describe('ears of a provider', () => {
  const samples = speech();

  test('hear a WAV file', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ text: ' Hello there. ', language: 'english' }));
    };
    const handle = createRemoteTranscription({ provider: provider(), model: 'whisper-1' });
    const heard = await handle.transcribe({ samples, language: 'en', signal: new AbortController().signal });
    expect(heard.text).toBe('Hello there.');
    expect(heard.language).toBe('en');
    const body = received[0]?.body.toString('latin1') ?? '';
    expect(received[0]?.url).toBe('/v1/audio/transcriptions');
    expect(body).toContain('RIFF');
    expect(body).toContain('name="language"');
  });

  test("faults are the house's", async () => {
    const hear = async (limits: { firstAudioInMs?: number } = {}) =>
      createRemoteTranscription({ provider: provider(), model: 'w', ...limits }).transcribe({
        samples: samples.subarray(0, 1600),
        language: null,
        signal: new AbortController().signal,
      });
    handler = (_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'bad key' } }));
    };
    await expect(hear()).rejects.toMatchObject({ code: 'provider-auth' });
    handler = (_, response) => void response.end('<html>');
    await expect(hear()).rejects.toMatchObject({ code: 'provider-garbage' });
    handler = () => undefined;
    await expect(hear({ firstAudioInMs: 50 })).rejects.toMatchObject({ code: 'provider-timeout' });
  });
});

describe('the voices a provider offers', () => {
  const signal = new AbortController().signal;

  test("OpenAI's are known", async () => {
    const voices = await listRemoteVoices({ provider: provider({ kind: 'openai' }), signal });
    expect(voices.map(({ name }) => name)).toContain('nova');
  });

  test("MiniMax lists them, the account's own first", async () => {
    handler = (_, response) => {
      response.end(
        JSON.stringify({
          system_voice: [{ voice_id: 'English_Graceful_Lady', voice_name: 'Graceful Lady', description: ['x'] }],
          voice_cloning: [{ voice_id: 'Mine01', description: [], created_time: '2025-01-01' }],
          voice_generation: null,
          base_resp: { status_code: 0, status_msg: 'success' },
        }),
      );
    };
    expect(await listRemoteVoices({ provider: provider({ kind: 'minimax' }), signal })).toEqual([
      { name: 'Mine01', label: 'Mine01', languages: [], gender: null, cloned: true },
      { name: 'English_Graceful_Lady', label: 'Graceful Lady', languages: ['en'], gender: 'female', cloned: false },
    ]);
    handler = (_, response) =>
      void response.end(JSON.stringify({ base_resp: { status_code: 1004, status_msg: 'login fail' } }));
    await expect(listRemoteVoices({ provider: provider({ kind: 'minimax' }), signal })).rejects.toMatchObject({
      code: 'provider-auth',
    });
  });

  test('a compatible server may have a list', async () => {
    handler = (_, response) =>
      void response.end(JSON.stringify({ voices: ['af_bella', { id: 'zm_yunxi', name: 'Yunxi' }] }));
    expect(await listRemoteVoices({ provider: provider(), signal })).toEqual([
      { name: 'af_bella', label: 'af_bella', languages: ['en'], gender: 'female', cloned: false },
      { name: 'zm_yunxi', label: 'Yunxi', languages: ['zh'], gender: 'male', cloned: false },
    ]);
    handler = (_, response) => {
      response.writeHead(404);
      response.end();
    };
    expect(await listRemoteVoices({ provider: provider(), signal })).toEqual([]);
    expect(await listRemoteVoices({ provider: provider({ kind: 'anthropic' }), signal })).toEqual([]);
  });
});
