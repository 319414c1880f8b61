import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soundKindOf } from '../../src/models/speech/codecs/decode-sound.ts';
import { OpenAiDescription } from './support/openai-description.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

let house: ChatHouse;
let client: OpenAI;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'red lamp' }, steps: [{ type: 'tokens', tokens: ['good ', 'morning'], delayInMs: 0 }] },
        { steps: [{ type: 'tokens', tokens: ['Hello'], delayInMs: 0 }] },
      ],
      speech: {},
    },
  });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const input = 'red lamp';
const speak = (more: object = {}) =>
  client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input, ...more }).then((answer) => answer.arrayBuffer());
const calls = () => house.app.storage.db.selectFrom('meteredCall').selectAll().orderBy('startedAt').execute();

test.each([
  ['mp3', 'mp3'],
  ['opus', 'ogg-opus'],
  ['flac', 'flac'],
  ['wav', 'wav'],
] as const)('speech as %s is heard as what was said', async (format, kind) => {
  const bytes = Buffer.from(await speak({ response_format: format }));
  expect(soundKindOf(bytes)).toBe(kind);
  const { text } = await client.audio.transcriptions.create({ model: 'whisper-1', file: await toFile(bytes, 'a.bin') });
  expect(text).toBe(input);
});

test('speech is billed by its characters, recordings by their length', async () => {
  const before = (await calls()).length;
  const bytes = Buffer.from(await speak({ response_format: 'wav' }));
  await client.audio.transcriptions.create({ model: 'whisper-1', file: await toFile(bytes, 'a.wav') });
  const [spoken, heard] = (await calls()).slice(before);
  const ms = Math.round((bytes.length - 44) / 48);
  expect(spoken).toMatchObject({ kind: 'speech', state: 'settled', characters: input.length, ref: 'scripted:voice' });
  expect(heard).toMatchObject({ kind: 'transcription', state: 'settled', ref: 'scripted:ears' });
  expect(Math.abs(Number(spoken?.audioInMs) - ms)).toBeLessThan(2);
  expect(Math.abs(Number(heard?.audioInMs) - ms)).toBeLessThan(2);
});

test('events of speech end with what was used, and their sound is the file', async () => {
  const response = await client.audio.speech.create({
    model: 'voice',
    voice: 'scripted:voice/tone',
    input,
    response_format: 'pcm',
    stream_format: 'sse',
  });
  const events = (await response.text())
    .split('\n\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as { type: string; audio?: string });
  expect(events.at(-1)).toMatchObject({ type: 'speech.audio.done', usage: { input_tokens: input.length } });
  const sound = Buffer.concat(events.slice(0, -1).map(({ audio = '' }) => Buffer.from(audio, 'base64')));
  expect(sound).toEqual(Buffer.from(await speak({ response_format: 'pcm' })));
});

test('transcripts in every form, streamed too', async () => {
  const file = await toFile(Buffer.from(await speak({ response_format: 'mp3' })), 'a.mp3');
  const model = 'ears';
  const verbose = await client.audio.transcriptions.create({
    model,
    file,
    response_format: 'verbose_json',
    language: 'en',
  });
  expect(verbose).toMatchObject({ text: input, language: 'english', segments: [{ id: 0, text: input }] });
  const srt = await client.audio.transcriptions.create({ model, file, response_format: 'srt' });
  expect(srt).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nred lamp\n\n$/u);
  expect(await client.audio.transcriptions.create({ model, file, response_format: 'text' })).toBe(`${input}\n`);
  const stream = await client.audio.transcriptions.create({ model, file, stream: true });
  const events: { type: string; delta?: string; text?: string }[] = [];
  for await (const event of stream) events.push(event);
  expect(events.map(({ delta = '' }) => delta).join('')).toBe(input);
  expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: input });
});

test('a translation is what a language model makes of it', async () => {
  const file = await toFile(Buffer.from(await speak()), 'a.mp3');
  const { text } = await client.audio.translations.create({ model: 'whisper-1', file });
  expect(text).toBe('good morning');
});

test('a character speaks, and what is not there is named', async () => {
  expect((await speak({ voice: 'character/bramble' })).byteLength).toBeGreaterThan(1000);
  await expect(speak({ voice: 'character/nobody' })).rejects.toMatchObject({ status: 404, param: 'voice' });
  await expect(speak({ voice: 'unheard-of' })).rejects.toMatchObject({ status: 400, param: 'voice' });
  await expect(speak({ model: 'gone' })).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  await expect(speak({ response_format: 'aac' })).rejects.toMatchObject({ status: 400, param: 'response_format' });
  await expect(speak({ input: '…' })).rejects.toMatchObject({ status: 400, param: 'input' });
  const noise = await toFile(Buffer.from('this is no sound'), 'a.mp3');
  await expect(client.audio.transcriptions.create({ model: 'whisper-1', file: noise })).rejects.toMatchObject({
    status: 400,
    code: 'audio_unknown',
  });
  await expect(client.audio.transcriptions.create({ model: 'gone', file: noise })).rejects.toMatchObject({
    status: 404,
  });
});

test('a transcript tells its language, and what no engine here can do is refused by name', async () => {
  const file = await toFile(Buffer.from(await speak()), 'a.mp3');
  const ask = (more: object) => client.audio.transcriptions.create({ model: 'whisper-1', file, ...more });
  expect(await ask({ languages: ['en'], chunking_strategy: 'auto' })).toMatchObject({ languages: [{ code: 'en' }] });
  for (const [param, value] of [
    ['keywords', ['Ann']],
    ['include', ['logprobs']],
    ['known_speaker_names', ['Ann']],
    ['chunking_strategy', { type: 'server_vad' }],
    ['timestamp_granularities', ['word']],
  ] as const) {
    await expect(ask({ [param]: value })).rejects.toMatchObject({ status: 400, param });
  }
});

test('what speaks and listens is among the models', async () => {
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  expect(ids).toEqual(expect.arrayContaining(['voice', 'ears']));
});

const specPath = process.env['EVERWITH_OPENAI_SPEC'];
test.skipIf(specPath === undefined)('sound, files and batches are as OpenAI’s description says', async () => {
  const description = await OpenAiDescription.read(specPath ?? '');
  const judge = (schema: string, value: unknown) => expect(description.faults(schema, value), schema).toEqual([]);
  const sound = await toFile(Buffer.from(await speak()), 'a.mp3');
  const model = 'whisper-1';
  const verbose = await client.audio.transcriptions.create({ model, file: sound, response_format: 'verbose_json' });
  judge('CreateTranscriptionResponseVerboseJson', verbose);
  judge('CreateTranscriptionResponseJson', await client.audio.transcriptions.create({ model, file: sound }));
  for await (const event of await client.audio.transcriptions.create({ model, file: sound, stream: true })) {
    const done = event.type === 'transcript.text.done';
    judge(done ? 'TranscriptTextDoneEvent' : 'TranscriptTextDeltaEvent', event);
  }
  const speech = await fetch(`${house.address}/v1/audio/speech`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'tts-1', voice: 'nova', input: 'red lamp', stream_format: 'sse' }),
  });
  const spoken = (await speech.text())
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)) as { type: string });
  expect(spoken.at(-1)?.type).toBe('speech.audio.done');
  for (const event of spoken) {
    judge(event.type === 'speech.audio.done' ? 'SpeechAudioDoneEvent' : 'SpeechAudioDeltaEvent', event);
  }
  judge('ListModelsResponse', await house.owner.call('GET', '/v1/models'));
  judge('ListFilesResponse', await house.owner.call('GET', '/v1/files?purpose=vision'));
  const url = '/v1/chat/completions';
  const line = {
    custom_id: 'a',
    method: 'POST',
    url,
    body: { model: 'test', messages: [{ role: 'user', content: 'x' }] },
  };
  const lines = await toFile(Buffer.from(JSON.stringify(line)), 'b.jsonl');
  const file = await client.files.create({ purpose: 'batch', file: lines });
  judge('OpenAIFile', file);
  judge('ListFilesResponse', await house.owner.call('GET', '/v1/files'));
  const begun = await client.batches.create({ input_file_id: file.id, endpoint: url, completion_window: '24h' });
  judge('Batch', begun);
  const ended = await until('the batch ends', async () => {
    const batch = await client.batches.retrieve(begun.id);
    return batch.status === 'completed' ? batch : null;
  });
  judge('Batch', ended);
  judge('ListBatchesResponse', await house.owner.call('GET', '/v1/batches'));
  judge('DeleteFileResponse', await client.files.delete(file.id));
});
