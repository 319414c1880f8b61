import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeWav } from '../../src/base/audio/wav.ts';
import { pcm16ToFloat } from '../../src/base/audio/pcm16.ts';
import { soundKindOf } from '../../src/models/speech/codecs/decode-sound.ts';
import { fromTones, toTones } from '../../src/models/scripted/spoken-tones.ts';
import { OpenAiDescription } from './support/openai-description.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { providerFrame, sendFrames, sendJson, startFakeProvider } from './support/fake-provider.ts';

const words = ['red ', 'lamp. ', 'the ', 'sea ', 'is ', 'calm.'];
const said = words.join('');
const RATE = 24_000;

let house: ChatHouse;
let client: OpenAI;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'weather' }, steps: [{ type: 'tool-call', tool: 'weather', input: {} }] },
        { when: { contains: 'break' }, steps: [{ type: 'tokens', tokens: words }, { type: 'cut' }] },
        { when: { contains: 'hang' }, steps: [{ type: 'tokens', tokens: words }, { type: 'hang' }] },
        { when: { contains: 'earlier' }, steps: [{ type: 'tokens', tokens: ['mute fall'] }] },
        { when: { equals: 'good morning' }, steps: [{ type: 'tokens', tokens: ['heard you'] }] },
        { steps: [{ type: 'tokens', tokens: words, delayInMs: 0 }] },
      ],
      speech: { utterances: [{ when: { contains: 'mute' }, failAfterChunks: 1, code: 'engine-lost' }] },
    },
  });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const calls = () => house.app.storage.db.selectFrom('meteredCall').selectAll().orderBy('startedAt').execute();
const asked = (content: string, more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {}) => ({
  model: 'test',
  modalities: ['text', 'audio'] as ('text' | 'audio')[],
  audio: { voice: 'alloy', format: 'wav' as const },
  messages: [{ role: 'user' as const, content }],
  ...more,
});
const heard = (pcm: Buffer) =>
  fromTones(pcm16ToFloat(new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2)), RATE);

interface SoundDelta {
  id?: string;
  transcript?: string;
  data?: string;
  expires_at?: number;
}

async function streamed(content: string) {
  const stream = await client.chat.completions.create({
    ...asked(content, { audio: { voice: 'alloy', format: 'pcm16' } }),
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const deltas = chunks.flatMap(({ choices: [choice] }) => {
    const { audio } = (choice?.delta ?? {}) as { audio?: SoundDelta };
    return audio ? [audio] : [];
  });
  return { chunks, deltas };
}

test.each([
  ['wav', 'wav'],
  ['mp3', 'mp3'],
  ['flac', 'flac'],
  ['opus', 'ogg-opus'],
] as const)('an answer as %s says what its transcript says', async (format, kind) => {
  const { choices } = await client.chat.completions.create(asked('Hello', { audio: { voice: 'alloy', format } }));
  const { audio, content } = choices[0]?.message ?? {};
  expect(content).toBeNull();
  expect(audio).toMatchObject({ id: expect.stringMatching(/^audio_/u), transcript: said });
  expect(Number(audio?.expires_at) * 1000).toBeGreaterThan(Date.now());
  const bytes = Buffer.from(audio?.data ?? '', 'base64');
  expect(soundKindOf(bytes)).toBe(kind);
  const file = new File([bytes], 'a.bin');
  const { text } = await client.audio.transcriptions.create({ model: 'whisper-1', file });
  expect(text.replaceAll(/[.\s]+/gu, ' ').trim()).toBe('red lamp the sea is calm');
});

test('the words are billed as words, the sound as speech, and both name one request', async () => {
  const before = (await calls()).length;
  const { usage } = await client.chat.completions.create(asked('Hello'));
  const [text, speech, ...others] = (await calls()).slice(before);
  expect(others).toEqual([]);
  expect(text).toMatchObject({ kind: 'text', state: 'settled', outputTokens: usage?.completion_tokens });
  expect(speech).toMatchObject({ kind: 'speech', state: 'settled', characters: said.length, ref: 'scripted:voice' });
  expect(speech?.requestId).toBe(text?.requestId);
  expect(Number(speech?.audioInMs)).toBeGreaterThan(0);
});

test('a stream tells its id first, words before their sound, and at the end until when it is known', async () => {
  const { chunks, deltas } = await streamed('Hello');
  expect(deltas[0]).toEqual({ id: expect.stringMatching(/^audio_/u), transcript: '' });
  expect(deltas.map(({ transcript = '' }) => transcript).join('')).toBe(said);
  expect(deltas.at(-1)).toEqual({ expires_at: expect.any(Number) });
  expect(deltas.filter(({ id }) => id !== undefined)).toHaveLength(1);
  const pcm = Buffer.concat(deltas.map(({ data = '' }) => Buffer.from(data, 'base64')));
  expect(
    heard(pcm)
      .replaceAll(/[.\s]+/gu, ' ')
      .trim(),
  ).toBe('red lamp the sea is calm');
  expect(chunks.every(({ choices: [choice] }) => !choice?.delta.content)).toBe(true);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
});

test('several answers are each said, and a call of a tool is not', async () => {
  const { choices } = await client.chat.completions.create(asked('Hello', { n: 2 }));
  expect(choices.map(({ message }) => message.audio?.transcript)).toEqual([said, said]);
  expect(new Set(choices.map(({ message }) => message.audio?.id)).size).toBe(2);
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }];
  const called = await client.chat.completions.create(asked('weather', { tools }));
  expect(called.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  expect(called.choices[0]?.message.audio ?? null).toBeNull();
});

test('an earlier answer is named by its id, by nobody else and not when it is over', async () => {
  const { choices } = await client.chat.completions.create(asked('Hello'));
  const id = choices[0]?.message.audio?.id ?? '';
  const messages = [
    { role: 'user' as const, content: 'Hello' },
    { role: 'assistant' as const, audio: { id } },
    { role: 'user' as const, content: 'Once more' },
  ];
  const before = (await calls()).length;
  await client.chat.completions.create({ model: 'test', messages });
  const [named] = (await calls()).slice(before);
  await client.chat.completions.create({
    model: 'test',
    messages: messages.map((message) =>
      message.role === 'assistant' ? { role: 'assistant', content: said } : message,
    ),
  });
  expect(named?.inputTokens).toBe((await calls()).at(-1)?.inputTokens);
  const stranger = await house.member('stranger');
  const refused = await stranger.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'test', messages }),
  });
  expect(await refused.json()).toMatchObject({ error: { code: 'audio_unknown', param: 'messages[1].audio.id' } });
  await house.app.storage.db.updateTable('spokenAnswer').set({ expiresAt: 1 }).execute();
  await expect(client.chat.completions.create({ model: 'test', messages })).rejects.toMatchObject({
    status: 400,
    code: 'audio_unknown',
  });
  const taken = [];
  const { id: userId } = await house.app.storage.db.selectFrom('user').select('id').executeTakeFirstOrThrow();
  for await (const { name } of house.app.platform.kept.belongings({ userId } as never)) taken.push(name);
  expect(taken).toContain(`spoken-answers/${id}`);
  await house.app.platform.kept.purgeAllOf(userId);
  expect(await house.app.storage.db.selectFrom('spokenAnswer').selectAll().execute()).toEqual([]);
});

test.each([
  [{ audio: { voice: 'nobody', format: 'wav' } }, 'audio.voice'],
  [{ audio: undefined }, 'audio'],
  [{ modalities: ['text'] }, 'modalities'],
  [{ stream: true }, 'audio.format'],
])('what cannot be said is refused before anybody is asked: %o', async (more, param) => {
  const before = (await calls()).length;
  await expect(
    client.chat.completions.create(asked('Hello', more as Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>)),
  ).rejects.toMatchObject({ status: 400, param });
  expect(await calls()).toHaveLength(before);
});

test('a voice that fails, or a model that breaks off, ends the answer, and what was said is billed', async () => {
  const before = (await calls()).length;
  await expect(client.chat.completions.create(asked('earlier'))).rejects.toMatchObject({ status: 503 });
  await expect(client.chat.completions.create(asked('break'))).rejects.toMatchObject({ status: 503 });
  const made = (await calls()).slice(before);
  expect(made.every(({ state }) => state === 'settled' || state === 'void')).toBe(true);
  expect(made.filter(({ kind }) => kind === 'text')).toHaveLength(2);
});

test('whoever leaves stops the voice and the model', async () => {
  const before = (await calls()).length;
  const stream = await client.chat.completions.create({
    ...asked('hang', { audio: { voice: 'alloy', format: 'pcm16' } }),
    stream: true,
  });
  for await (const { choices } of stream) {
    const { audio } = (choices[0]?.delta ?? {}) as { audio?: SoundDelta };
    if (audio?.data) break;
  }
  await expect
    .poll(async () =>
      (await calls())
        .slice(before)
        .map(({ kind, outcome }) => `${kind} ${outcome}`)
        .toSorted(),
    )
    .toEqual(['speech stopped', 'text stopped']);
});

test('a recording in a message is heard for a model that does not hear, and billed as one', async () => {
  const before = (await calls()).length;
  const wav = encodeWav({ samples: toTones('good morning', { sampleRate: 16_000, speed: 1 }), sampleRate: 16_000 });
  const input_audio = { data: Buffer.from(wav).toString('base64'), format: 'wav' as const };
  const { choices } = await client.chat.completions.create({
    model: 'test',
    messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio }] }],
  });
  expect(choices[0]?.message.content).toBe('heard you');
  expect((await calls()).slice(before).map(({ kind }) => kind)).toEqual(['transcription', 'text']);
});

const specPath = process.env['EVERWITH_OPENAI_SPEC'];

test.skipIf(specPath === undefined)('OpenAI’s description', async () => {
  const description = await OpenAiDescription.read(specPath ?? '');
  expect(
    description.faults('CreateChatCompletionResponse', await client.chat.completions.create(asked('Hello'))),
  ).toEqual([]);
  for (const chunk of (await streamed('Hello')).chunks) {
    expect(description.faults('CreateChatCompletionStreamResponse', chunk)).toEqual([]);
  }
});

describe('providers', () => {
  const end = providerFrame({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  const answer = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-audio',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          audio: { id: 'audio_theirs', data: 'AAAA', expires_at: 9, transcript: 'Hi' },
        },
        finish_reason: 'stop',
        logprobs: null,
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
  };

  test('a provider that speaks does so itself, but not in a voice of the house', async () => {
    const providers = {
      openai: await startFakeProvider((_, response) => sendJson(response, answer)),
      deepseek: await startFakeProvider((_, response) => sendFrames(response, [providerFrame({ content: said }), end])),
    };
    await using undo = new AsyncDisposableStack();
    for (const [kind, provider] of Object.entries(providers)) {
      undo.use(provider);
      const { address: baseUrl } = provider;
      await house.owner.call('POST', '/api/providers', {
        kind,
        name: kind,
        baseUrl,
        apiKey: 'sk',
        models: [`${kind}-1`],
      });
    }
    const theirs = await client.chat.completions.create({ ...asked('Hello'), model: 'openai-1' });
    expect(theirs.choices[0]?.message.audio).toMatchObject({ id: 'audio_theirs' });
    expect(providers.openai.seen[0]?.body).toMatchObject({ modalities: ['text', 'audio'], audio: { voice: 'alloy' } });
    const ours = await client.chat.completions.create({ ...asked('Hello'), model: 'deepseek-1' });
    expect(ours.choices[0]?.message.audio).toMatchObject({ transcript: said });
    expect(providers.deepseek.seen[0]?.body).not.toHaveProperty('modalities');
    providers.openai.answer = (_, response) => sendFrames(response, [providerFrame({ content: said }), end]);
    const audio = { voice: 'scripted:voice/tone', format: 'wav' as const };
    const mixed = await client.chat.completions.create({ ...asked('Hello', { audio }), model: 'openai-1' });
    expect(mixed.choices[0]?.message.audio).toMatchObject({
      id: expect.not.stringMatching('theirs'),
      transcript: said,
    });
  });
});
