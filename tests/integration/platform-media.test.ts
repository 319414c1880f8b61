import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soundKindOf } from '../../src/models/speech/codecs/decode-sound.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let server: Server;
let key: string;
let strangerKey: string;
const asked: { path: string; body: string }[] = [];

/** A provider of both shapes. */
const ANSWERS: Readonly<Record<string, object>> = {
  '/v1/models': { object: 'list', data: [{ id: 'far-model', object: 'model' }] },
  '/v1/images/generations': {
    created: 1,
    data: [{ b64_json: 'AA==' }, { b64_json: 'AA==' }],
    usage: { input_tokens: 7, output_tokens: 9 },
  },
  '/v1/audio/transcriptions': {
    text: 'Red lamp.',
    usage: {
      type: 'tokens',
      input_tokens: 9,
      input_token_details: { text_tokens: 1, audio_tokens: 8 },
      output_tokens: 4,
      total_tokens: 13,
    },
  },
  '/v1/images/edits': { created: 1, data: [{ b64_json: 'AA==' }] },
  '/v1/moderations': { id: 'm', model: 'omni-moderation-latest', results: [{ flagged: false }] },
  '/v1/videos': { id: 'far', object: 'video', status: 'queued' },
  '/v1/videos/far': { id: 'far', object: 'video', status: 'completed', model: 'sora-2', seconds: '8' },
  '/v1/videos/far/remix': { id: 'remixed', object: 'video', seconds: '8', remixed_from_video_id: 'far' },
  '/v1/videos/remixed': { id: 'remixed', object: 'video', seconds: '8', remixed_from_video_id: 'far' },
  '/v1/videos/edits': { id: 'edited', object: 'video', seconds: '8' },
  '/v1/videos/edited': { id: 'edited', object: 'video', seconds: '8' },
  '/v1/videos/extensions': { id: 'longer', object: 'video', seconds: '12' },
  '/v1/music_generation': {
    data: { audio: '00', status: 2 },
    extra_info: { music_duration: 25_364 },
    base_resp: { status_code: 0 },
  },
  '/v1/video_generation': { task_id: '106916112212032', base_resp: { status_code: 0, status_msg: 'success' } },
  '/v1/query/video_generation': {
    task_id: '106916112212032',
    status: 'Success',
    file_id: '205258526306433',
    base_resp: { status_code: 0 },
  },
  '/v1/files/retrieve': { file: { download_url: 'https://films.example/1' }, base_resp: { status_code: 0 } },
};

async function answerAs(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  asked.push({ path, body: await text(request) });
  const answer = ANSWERS[path.split('?', 1)[0] ?? ''];
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer ?? { error: { message: 'nothing here' } }));
}

beforeAll(async () => {
  server = createServer((request, response) => void answerAs(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  house = await openHouse({
    script: { rules: [{ steps: [{ type: 'tokens', tokens: ['Hello', '.'], delayInMs: 0 }] }], speech: {} },
  });
  key = await newKey(house.owner);
  strangerKey = await newKey(await house.member('ada'));
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  server?.close();
});

async function newKey(person: ChatHouse['owner']): Promise<string> {
  return (await person.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] })).key;
}
const client = (as = key) => new OpenAI({ apiKey: as, baseURL: `${house.address}/v1`, maxRetries: 0 });
async function minimax(method: string, path: string, body?: object, as = key) {
  const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(`${house.address}/v1${path}`, init);
  return (await response.json()) as Record<string, unknown> & {
    base_resp: { status_code: number; status_msg: string };
  };
}
const lastCall = async () => {
  const calls = await house.app.storage.db
    .selectFrom('meteredCall')
    .selectAll()
    .orderBy('startedAt')
    .orderBy('id')
    .execute();
  return calls.at(-1);
};

test('without a provider the answer says what is missing and where it is set', async () => {
  const missing = { status: 404, code: 'model_not_found', param: 'model', type: expect.any(String) };
  const prompt = 'A lamp in the rain';
  await expect(client().images.generate({ model: 'gpt-image-1', prompt })).rejects.toMatchObject(missing);
  await expect(client().moderations.create({ input: 'x' })).rejects.toThrow(/the owner sets up a provider/u);
  await expect(client().videos.create({ prompt })).rejects.toMatchObject(missing);
  const { base_resp: answer } = await minimax('POST', '/music_generation', { model: 'music-2.0', prompt });
  expect(answer).toMatchObject({ status_code: 2013, status_msg: expect.stringContaining('MiniMax') });
});

test('pictures, films and judgements come from the provider, and are billed by what came', async () => {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  await house.owner.call('POST', '/api/providers', { kind: 'openai', name: 'Far', baseUrl, apiKey: 'k', models: [] });
  await house.owner.call('POST', '/api/providers', { kind: 'minimax', name: 'Max', baseUrl, apiKey: 'k', models: [] });
  const made = await client().images.generate({ model: 'gpt-image-1', prompt: 'A lamp', n: 3 });
  expect(made.data).toHaveLength(2);
  expect(await lastCall()).toMatchObject({
    kind: 'image',
    state: 'settled',
    images: 2,
    inputTokens: 7,
    outputTokens: 9,
  });
  const image = await toFile(Buffer.from([1, 2, 3]), 'a.png', { type: 'image/png' });
  await client().images.edit({ model: 'gpt-image-1', prompt: 'Brighter', image });
  expect(asked.at(-1)?.body).toMatch(/filename="a.png"[\s\S]*Brighter/u);
  const { results } = await client().moderations.create({ input: 'a kind word' });
  expect(results[0]?.flagged).toBe(false);
  const film = await client().videos.create({ prompt: 'Rain', seconds: '8' });
  expect(await lastCall()).toMatchObject({ kind: 'video', videoInMs: 8000 });
  expect(film.id).not.toContain('far');
  expect(await client().videos.retrieve(film.id)).toMatchObject({ id: film.id, status: 'completed' });
  await expect(client(strangerKey).videos.retrieve(film.id)).rejects.toMatchObject({ status: 404 });
});

test('films are changed, continued, told anew and listed by whoever had them made', async () => {
  const { videos } = client();
  const film = await videos.create({ prompt: 'Rain', seconds: '8' });
  const remixed = await videos.remix(film.id, { prompt: 'Snow' });
  expect(asked.at(-1)).toMatchObject({ path: '/v1/videos/far/remix', body: '{"prompt":"Snow"}' });
  expect(remixed.id).toMatch(/^video_/u);
  expect(await lastCall()).toMatchObject({ kind: 'video', state: 'settled', model: 'sora-2', videoInMs: 8000 });
  const edited = await videos.edit({ video: { id: film.id } as never, prompt: 'Brighter' });
  expect(asked.at(-1)?.body).toMatch(/"video":\{"id":"far"\}/u);
  expect(await lastCall()).toMatchObject({ videoInMs: 8000 });
  // Only what is added is billed: the answer tells the whole.
  const longer = await client().post<{ id: string }>('/videos/extensions', {
    body: { video: { id: film.id }, prompt: 'On', seconds: '4' },
  });
  expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({ video: { id: 'far' }, prompt: 'On', seconds: '4' });
  expect(await lastCall()).toMatchObject({ videoInMs: 4000 });
  await videos.edit({ video: await toFile(Buffer.from([1, 2]), 'a.mp4'), prompt: 'Darker' });
  expect(asked.at(-1)?.body).toMatch(/filename="a.mp4"/u);

  // This provider keeps none that was continued.
  await expect(videos.retrieve(longer.id)).rejects.toMatchObject({ status: 404, code: 'video_unknown' });
  const listed = await client().get<{ data: OpenAI.Video[]; has_more: boolean; last_id: string }>(
    '/videos?limit=3&order=asc&after=' + film.id,
  );
  // What the provider does not know any more is gone.
  expect(listed.data.map(({ id }) => id)).toEqual([remixed.id, edited.id]);
  expect(listed.has_more).toBe(true);
  expect(listed.data[0]?.remixed_from_video_id).toMatch(/^video_/u);
  const ids = [];
  for await (const { id } of videos.list({ limit: 100 })) ids.push(id);
  expect(ids).toContain(film.id);
  expect((await client(strangerKey).videos.list()).data).toEqual([]);

  const stranger = client(strangerKey);
  const before = asked.length;
  for (const ask of [
    () => stranger.videos.remix(film.id, { prompt: 'Mine' }),
    () => stranger.post('/videos/edits', { body: { video: { id: film.id }, prompt: 'Mine' } }),
    () => stranger.post('/videos/extensions', { body: { video: { id: film.id }, prompt: 'Mine', seconds: '4' } }),
    () => stranger.get(`/videos?after=${film.id}`),
    () => stranger.videos.delete(film.id),
  ]) {
    await expect(ask()).rejects.toMatchObject({ status: 404, code: 'video_unknown' });
  }
  expect(asked.length).toBe(before);
  await expect(client().post('/videos/edits', { body: { prompt: 'What?' } })).rejects.toMatchObject({
    status: 400,
    param: 'video',
  });
  await videos.delete(remixed.id);
  await expect(client().get(`/videos?after=${remixed.id}`)).rejects.toMatchObject({ status: 404 });
  const { id: userId } = await house.owner.call<{ id: string }>('GET', '/api/me');
  const taken = [];
  for await (const { id } of house.app.platform.films.belongings({ userId })) taken.push(id);
  expect(taken).toContain(film.id);
  await house.app.platform.films.purgeAllOf(userId);
  expect((await videos.list()).data).toEqual([]);
});

test('what hears at a provider tells the tokens that it counted, and since when it is here', async () => {
  const model = 'gpt-4o-mini-transcribe';
  const spoken = await client().audio.speech.create({
    model: 'tts-1',
    voice: 'scripted:voice/tone',
    input: 'red lamp',
  });
  const file = await toFile(Buffer.from(await spoken.arrayBuffer()), 'a.mp3');
  const usage = {
    type: 'tokens',
    input_tokens: 9,
    input_token_details: { text_tokens: 1, audio_tokens: 8 },
    output_tokens: 4,
    total_tokens: 13,
  };
  expect(await client().audio.transcriptions.create({ model, file })).toMatchObject({ text: 'Red lamp.', usage });
  const events = [];
  for await (const event of await client().audio.transcriptions.create({ model, file, stream: true }))
    events.push(event);
  expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: 'Red lamp.', usage });
  const { providers } = await house.owner.call<{ providers: { name: string; createdAt: number }[] }>(
    'GET',
    '/api/providers',
  );
  const far = providers.find(({ name }) => name === 'Far');
  expect((await client().models.retrieve(model)).created).toBe(Math.floor((far?.createdAt ?? 0) / 1000));
  // The house's own: since it is here.
  expect((await client().models.retrieve('test')).created).toBeGreaterThan(Date.now() / 1000 - 3600);
});

test('MiniMax’s clients make music and films by changing the address', async () => {
  const music = await minimax('POST', '/music_generation', { model: 'music-2.0', prompt: 'Rain', lyrics: 'La' });
  expect(music).toMatchObject({ data: { audio: '00' } });
  expect(await lastCall()).toMatchObject({ kind: 'music', audioInMs: 25_364 });
  const begun = await minimax('POST', '/video_generation', { model: 'MiniMax-Hailuo-02', prompt: 'Rain', duration: 6 });
  expect(await lastCall()).toMatchObject({ kind: 'video', videoInMs: 6000 });
  const query = `/query/video_generation?task_id=${String(begun['task_id'])}`;
  const film = await minimax('GET', query);
  expect(film).toMatchObject({ status: 'Success', task_id: begun['task_id'] });
  expect(asked.at(-1)?.path).toContain('task_id=106916112212032');
  expect(await minimax('GET', `/files/retrieve?file_id=${String(film['file_id'])}`)).toMatchObject({
    file: { download_url: 'https://films.example/1' },
  });
  expect((await minimax('GET', query, undefined, strangerKey)).base_resp.status_code).toBe(2013);
});

test('MiniMax’s chat answers in its envelope', async () => {
  const messages = [{ role: 'user', name: 'Ada', content: 'Hi' }];
  expect(await minimax('POST', '/text/chatcompletion_v2', { model: 'test', messages })).toMatchObject({
    choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
    base_resp: { status_code: 0 },
  });
});

test('MiniMax’s speech is spoken by the voices of the house, whole and streamed', async () => {
  const request = { model: 'speech-2.6-hd', text: 'red lamp', voice_setting: { voice_id: 'scripted:voice/tone' } };
  const whole = (await minimax('POST', '/t2a_v2', request)) as unknown as {
    data: { audio: string };
    extra_info: object;
  };
  expect(soundKindOf(Buffer.from(whole.data.audio, 'hex'))).toBe('mp3');
  expect(whole.extra_info).toMatchObject({ audio_format: 'mp3', usage_characters: 8 });
  const response = await fetch(`${house.address}/v1/t2a_v2`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, stream: true, audio_setting: { format: 'pcm' } }),
  });
  const events = (await response.text())
    .trim()
    .split('\n\n')
    .map((event) => JSON.parse(event.slice('data: '.length)) as { data: { audio: string; status: number } });
  const parts = events.slice(0, -1).map(({ data }) => data.audio);
  expect(events.at(-1)?.data).toEqual({ status: 2, audio: parts.join('') });
  const refused = await minimax('POST', '/t2a_v2', { ...request, model: 'gone' });
  expect(refused.base_resp.status_code).toBe(2013);
});
