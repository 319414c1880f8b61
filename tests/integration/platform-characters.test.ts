import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Character } from '../../contract/characters.ts';
import type { LorebookSummary } from '../../contract/lore.ts';
import { RealtimeClient } from './support/realtime-client.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

/** One red pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

let house: ChatHouse;
let client: OpenAI;
let character: Character;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-characters-'));
  house = await openHouse({
    script: {
      seesPictures: true,
      recordTo: join(folder, 'calls.jsonl'),
      rules: [
        { when: { toolResult: 'full' }, steps: [{ type: 'tokens', tokens: ['It is full.'], delayInMs: 0 }] },
        {
          when: { contains: 'hang' },
          steps: [{ type: 'tokens', tokens: ['Well'], delayInMs: 0 }, { type: 'hang' }],
        },
        { when: { contains: 'Break' }, times: 1, steps: [{ type: 'error' }] },
        { when: { contains: 'Break once' }, steps: [{ type: 'tokens', tokens: ['Whole again.'], delayInMs: 0 }] },
        { when: { contains: 'Break at first' }, times: 1, steps: [{ type: 'error' }] },
        { when: { contains: 'Break' }, steps: [{ type: 'tokens', tokens: ['Whole again.'], delayInMs: 0 }] },
        {
          when: { contains: 'twice' },
          steps: [
            { type: 'tool-call', tool: 'sky', input: {} },
            { type: 'tool-call', tool: 'sky', input: {} },
          ],
        },
        { when: { contains: 'moon' }, steps: [{ type: 'tool-call', tool: 'sky', input: {} }] },
        { steps: [{ type: 'tokens', tokens: ['Wren', ': ', 'Ahoy', ' there.'], delayInMs: 0 }] },
      ],
    },
  });
  character = await house.owner.call<Character>('POST', '/api/characters', {
    name: 'Wren',
    description: 'Wren keeps a lighthouse.',
    greeting: 'Mind the steps.',
  });
  const entries = [{ uid: '1', keys: ['reef'], content: 'The reef took three ships.' }];
  const book = { body: { name: 'Harbour', mode: 'st', entries } };
  const { id } = await house.owner.call<LorebookSummary>('POST', '/api/lorebooks', book);
  const target = { kind: 'character', id: character.id };
  await house.owner.call('POST', `/api/lorebooks/${id}/links`, { target });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const model = () => `character/${character.slug}`;

/** The newest call that a model got. */
async function lastCall(): Promise<{ prompt: LanguageModelV4Prompt }> {
  const lines = (await readFile(join(folder, 'calls.jsonl'), 'utf8')).trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '{}') as { prompt: LanguageModelV4Prompt };
}

/** Its prompt as lines. */
async function lastPrompt(): Promise<string[]> {
  const { prompt } = await lastCall();
  return prompt.map(({ role, content }) => {
    const text =
      typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join('');
    return `${role}: ${text}`;
  });
}

test('characters stand among the models, after those', async () => {
  const { data } = await client.models.list();
  expect(data[0]?.id).toBe('test');
  expect(data.map(({ id }) => id)).toContain(model());
  expect(await client.models.retrieve(model())).toMatchObject({ id: model(), owned_by: 'character' });
  await expect(client.models.retrieve('character/nobody')).rejects.toMatchObject({ status: 404 });
});

test('a talk that the caller keeps: card, lore and instructions apply, and it is billed once under its name', async () => {
  const messages = [
    { role: 'system' as const, content: 'Answer in one sentence.' },
    { role: 'user' as const, content: 'Good evening' },
    { role: 'assistant' as const, content: 'Evening.' },
    { role: 'user' as const, content: 'Is the reef safe?' },
  ];
  const completion = await client.chat.completions.create({ model: model(), messages });
  expect(completion.choices[0]?.message.content).toBe('Ahoy there.');
  expect(completion.model).toBe(model());
  const prompt = await lastPrompt();
  expect(prompt[0]).toContain('Wren keeps a lighthouse.');
  expect(prompt.join('\n')).toContain('The reef took three ships.');
  expect(prompt.join('\n')).toContain('Answer in one sentence.');
  expect(prompt).toContain('assistant: Evening.');
  expect(prompt.join('\n')).not.toContain('Mind the steps.');
  const calls = await house.app.storage.db.selectFrom('meteredCall').selectAll().execute();
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ door: 'api', model: model(), characterId: character.id, state: 'settled' });
  const { conversations } = await house.owner.call<{ conversations: unknown[] }>('GET', '/api/conversations');
  expect(conversations).toHaveLength(0);
});

test('a character streams, and calls the caller’s tools', async () => {
  const stream = await client.chat.completions.create({
    model: model(),
    messages: [{ role: 'user', content: 'Hello' }],
    stream: true,
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe('Ahoy there.');
  const tools = [{ type: 'function' as const, function: { name: 'sky', parameters: { type: 'object' } } }];
  const asking = { role: 'user' as const, content: 'How is the moon?' };
  const first = await client.chat.completions.create({ model: model(), messages: [asking], tools });
  const message = first.choices[0]?.message;
  expect(message?.tool_calls).toMatchObject([{ function: { name: 'sky' } }]);
  const second = await client.chat.completions.create({
    model: model(),
    messages: [
      asking,
      { role: 'assistant', content: null, tool_calls: message?.tool_calls ?? [] },
      { role: 'tool', tool_call_id: message?.tool_calls?.[0]?.id ?? '', content: 'full' },
    ],
    tools,
  });
  expect(second.choices[0]?.message.content).toBe('It is full.');
});

test('a talk that the house keeps goes on by response ids, and branches where an earlier one is continued', async () => {
  const ask = (input: string, previous?: string) =>
    client.responses.create({
      model: model(),
      input,
      instructions: 'Speak softly.',
      ...(previous === undefined ? {} : { previous_response_id: previous }),
    });
  const since = Date.now();
  const first = await ask('Good evening');
  expect(first.output_text).toBe('Ahoy there.');
  expect(first.usage?.output_tokens).toBe(4);
  const second = await ask('Is the lamp lit?', first.id);
  const prompt = (await lastPrompt()).join('\n');
  expect(prompt).toContain('assistant: Mind the steps.');
  expect(prompt).toContain('user: Good evening');
  expect(prompt).toContain('Speak softly.');
  const third = await ask('Is it cold?', first.id);
  expect((await lastPrompt()).join('\n')).not.toContain('Is the lamp lit?');
  await ask('And now?', second.id);
  expect((await lastPrompt()).join('\n')).toContain('Is the lamp lit?');
  expect((await lastPrompt()).join('\n')).not.toContain('Is it cold?');
  expect(third.status).toBe('completed');
  const { conversations } = await house.owner.call<{ conversations: { id: string }[] }>('GET', '/api/conversations');
  expect(conversations).toHaveLength(1);
  const messages = await house.app.storage.db.selectFrom('message').select('id').execute();
  expect(messages).toHaveLength(1 + 4 * 2);
  const calls = await house.app.storage.db
    .selectFrom('meteredCall')
    .select(['door', 'state', 'characterId', 'keyId', 'outputTokens', 'conversationId'])
    .where('startedAt', '>=', since)
    .where('purpose', '=', 'request')
    .orderBy('startedAt')
    .execute();
  const [id] = conversations.map((conversation) => conversation.id);
  expect(calls.map(({ conversationId }) => conversationId)).toEqual([null, id, id, id]);
  for (const call of calls) {
    expect(call).toMatchObject({ door: 'api', state: 'settled', characterId: character.id, outputTokens: 4 });
    expect(call.keyId).not.toBeNull();
  }
});

const sky = { type: 'function' as const, name: 'sky', parameters: { type: 'object' }, strict: false };

/** The parts of the messages of a talk, oldest first. */
async function keptParts(): Promise<{ state: string; parts: { type: string }[] }[]> {
  const { db } = house.app.storage;
  const { id } = await db
    .selectFrom('conversation')
    .select('id')
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('message')
    .select(['state', 'parts'])
    .where('conversationId', '=', id)
    .orderBy('id')
    .execute();
  return rows.map(({ state, parts }) => ({ state, parts: JSON.parse(parts) as { type: string }[] }));
}

test('a talk that the house keeps hands calls to the program and goes on with what they gave', async () => {
  const first = await client.responses.create({ model: model(), input: 'How is the moon?', tools: [sky] });
  const [call] = first.output;
  if (call?.type !== 'function_call') throw new Error('It called nothing.');
  expect(call).toMatchObject({ name: 'sky', arguments: '{}', status: 'completed' });
  const answered = (input: OpenAI.Responses.ResponseInput) =>
    client.responses.create({ model: model(), previous_response_id: first.id, tools: [sky], input });
  const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'full' };
  await expect(answered([{ role: 'user', content: 'And?' }])).rejects.toMatchObject({ code: 'call_unanswered' });
  await expect(answered([{ ...output, call_id: 'other' }])).rejects.toMatchObject({ code: 'call_not_found' });
  const second = await answered([output]);
  expect(second.output_text).toBe('It is full.');
  const result = { type: 'tool-result', output: { value: 'full' } };
  expect((await lastCall()).prompt.at(-1)).toMatchObject({ role: 'tool', content: [result] });
  const [, , handed, wentOn] = await keptParts();
  expect(handed?.parts).toMatchObject([{ type: 'tool', tool: 'sky', state: 'passed', callId: call.call_id }]);
  expect(wentOn?.parts).toMatchObject([
    { type: 'tool', callId: call.call_id, state: 'done', output: 'full' },
    { type: 'text', text: 'It is full.' },
  ]);
  const third = await client.responses.create({ model: model(), previous_response_id: second.id, input: 'Thanks' });
  expect(third.output_text).toBe('Ahoy there.');
  const words = await answered([output, { role: 'user', content: 'Say it in one word.' }]);
  expect(words.output_text).toBe('Ahoy there.');
  expect((await lastPrompt()).at(-1)).toContain('Say it in one word.');
});

test('calls of a kept talk stream, one at a time where that is asked', async () => {
  const events: string[] = [];
  const stream = client.responses.stream({
    model: model(),
    input: 'The moon, twice?',
    tools: [sky],
    parallel_tool_calls: false,
  });
  for await (const event of stream) events.push(event.type.replace('response.', ''));
  expect(events).toContain('function_call_arguments.done');
  expect((await stream.finalResponse()).output).toMatchObject([{ type: 'function_call' }]);
});

test('a reply that failed leaves what was said whole, and asking again does not say it twice', async () => {
  const ask = (input: string, more: object = {}, headers: Record<string, string> = {}) =>
    client.responses.create({ model: model(), input, stream: false, ...more }, { headers });
  const first = await ask('Good evening');
  const failing = { previous_response_id: first.id };
  await expect(ask('Break once', failing)).rejects.toMatchObject({ status: 503 });
  const again = await ask('Break once', failing);
  expect(again.output_text).toBe('Whole again.');
  const said = () => keptParts().then((all) => all.filter(({ parts }) => JSON.stringify(parts).includes('Break once')));
  expect(await said()).toHaveLength(1);
  expect((await keptParts()).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'failed', 'done']);
  const key = { 'Idempotency-Key': 'begin-1' };
  await expect(ask('Break at first', {}, key)).rejects.toMatchObject({ status: 503 });
  expect((await ask('Break at first', {}, key)).output_text).toBe('Whole again.');
  expect((await keptParts()).map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'done']);
});

test('a character is shown pictures, and a talk that the house keeps holds them', async () => {
  const url = `data:image/png;base64,${PIXEL}`;
  const words = { type: 'input_text' as const, text: 'What is this?' };
  const picture = { type: 'input_image' as const, image_url: url, detail: 'auto' as const };
  const shown = { type: 'file', mediaType: 'image/png' };
  const first = await client.responses.create({ model: model(), input: [{ role: 'user', content: [words, picture] }] });
  expect((await lastCall()).prompt.at(-1)?.content).toContainEqual(expect.objectContaining(shown));
  await client.responses.create({ model: model(), input: 'Look again.', previous_response_id: first.id });
  const { prompt } = await lastCall();
  expect(prompt.some(({ content }) => JSON.stringify(content).includes('image/png'))).toBe(true);
  expect((await keptParts())[1]?.parts.map(({ type }) => type)).toEqual(['text', 'image']);
  await client.chat.completions.create({
    model: model(),
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  });
  expect((await lastCall()).prompt.at(-1)?.content).toContainEqual(expect.objectContaining(shown));
});

test('a talk is pinned to the version of the character that its name says', async () => {
  const changed = await house.owner.call<Character>('PUT', `/api/characters/${character.id}`, {
    expectedVersionId: character.versionId,
    name: 'Wren',
    description: 'Wren keeps a bakery.',
    greeting: 'Mind the steps.',
  });
  const ask = (name: string, more: object = {}) =>
    client.responses.create({ model: name, input: 'Hello', stream: false, ...more });
  const old = await ask(`${model()}@1`);
  expect((await lastPrompt())[0]).toContain('lighthouse');
  await ask(`${model()}@1`, { previous_response_id: old.id });
  expect((await lastPrompt())[0]).toContain('lighthouse');
  await expect(ask(`${model()}@2`, { previous_response_id: old.id })).rejects.toMatchObject({ code: 'version_pinned' });
  await ask(`${model()}@${changed.versionId}`, { store: false });
  expect((await lastPrompt())[0]).toContain('bakery');
  expect(await client.models.retrieve(`${model()}@1`)).toMatchObject({ id: `${model()}@1` });
  await expect(ask(`${model()}@9`)).rejects.toMatchObject({ status: 404, param: 'model' });
});

test('a conversation of the API holds the same talk, with the character’s first words', async () => {
  const { id } = await client.conversations.create();
  await client.responses.create({ model: model(), input: 'Good evening', conversation: id });
  const second = await client.responses.create({ model: model(), input: 'And now?', conversation: id });
  expect(second.output_text).toBe('Ahoy there.');
  const { data } = await client.conversations.items.list(id, { order: 'asc' });
  expect(data.map((item) => ('role' in item ? item.role : ''))).toEqual([
    'assistant',
    'user',
    'assistant',
    'user',
    'assistant',
  ]);
  expect((await lastPrompt()).join('\n')).toContain('user: Good evening');
});

test('chat completions and messages go on in a conversation that they name, and only what is new is said', async () => {
  const { id: conversation } = await client.conversations.create();
  // A field beyond OpenAI's.
  const named: object = { conversation };
  const chat = (messages: OpenAI.ChatCompletionMessageParam[], more: object = {}) =>
    client.chat.completions.create({ model: model(), messages, stream: false, ...named, ...more });
  const tools = [{ type: 'function' as const, function: { name: 'sky', parameters: { type: 'object' } } }];
  const asked: OpenAI.ChatCompletionMessageParam = { role: 'user', content: 'How is the moon?' };
  const [called] = (await chat([asked], { tools })).choices;
  expect(called).toMatchObject({ finish_reason: 'tool_calls' });
  const [call] = called?.message.tool_calls ?? [];
  if (!called || !call) throw new Error('It called nothing.');
  const told: OpenAI.ChatCompletionMessageParam[] = [
    asked,
    called.message,
    { role: 'tool', tool_call_id: call.id, content: 'full' },
  ];
  const [answer] = (await chat(told, { tools })).choices;
  expect(answer?.message.content).toBe('It is full.');
  const messages = await fetch(`${house.address}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: model(),
      max_tokens: 100,
      conversation,
      messages: [{ role: 'user', content: 'Good night' }],
    }),
  });
  expect(await messages.json()).toMatchObject({ content: [{ type: 'text', text: 'Ahoy there.' }] });
  const prompt = (await lastPrompt()).join('\n');
  expect(prompt.split('How is the moon?')).toHaveLength(2);
  expect(prompt).toContain('It is full.');
  const { data } = await client.conversations.items.list(conversation, { order: 'asc' });
  expect(data.map(({ type }) => type)).toEqual([
    'message',
    'message',
    'function_call',
    'function_call_output',
    'message',
    'message',
    'message',
  ]);
  await expect(chat([asked], { model: 'test' })).rejects.toMatchObject({ status: 400, param: 'conversation' });
  await expect(chat([asked], { conversation: 'conv_gone' })).rejects.toMatchObject({ status: 404 });
});

test('a kept talk streams with the events of any response, and ends when it is cancelled', async () => {
  const events: string[] = [];
  const stream = client.responses.stream({ model: model(), input: 'Hello' });
  for await (const event of stream) events.push(event.type.replace('response.', ''));
  expect(events[0]).toBe('created');
  expect(events.at(-1)).toBe('completed');
  expect((await stream.finalResponse()).output_text).toBe('Ahoy there.');
  const hanging = await client.responses.create({ model: model(), input: 'Please hang', background: true });
  await until('its words came', async () => (await client.responses.retrieve(hanging.id)).output_text === 'Well');
  await client.responses.cancel(hanging.id);
  expect(await client.responses.retrieve(hanging.id)).toMatchObject({ status: 'cancelled', output_text: 'Well' });
  const { state } = await house.app.storage.db
    .selectFrom('message')
    .select('state')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  expect(state).toBe('stopped');
});

test('who leaves a kept talk pays for what the character was told and for what it said', async () => {
  const before = await house.app.storage.db.selectFrom('meteredCall').select('id').execute();
  const stream = await client.responses.create({ model: model(), input: 'Please hang here', stream: true });
  for await (const { type } of stream) if (type === 'response.output_text.delta') break;
  const call = await until('it is billed', () =>
    house.app.storage.db
      .selectFrom('meteredCall')
      .selectAll()
      .where('state', '=', 'settled')
      .where(
        'id',
        'not in',
        before.map(({ id }) => id),
      )
      .executeTakeFirst(),
  );
  expect(call).toMatchObject({ outputTokens: 1, characterId: character.id });
  expect(call.inputTokens).toBeGreaterThan(10);
});

test('what cannot be said or looked for is refused with its field', async () => {
  const ask = (more: object) => client.responses.create({ model: model(), input: 'Hello', stream: false, ...more });
  await expect(ask({ input: ' \n' })).rejects.toMatchObject({ status: 400, param: 'input' });
  await expect(ask({ model: 'character/\0' })).rejects.toMatchObject({ status: 404, param: 'model' });
  await expect(ask({ model: `${model()}@\0`, store: false })).rejects.toMatchObject({ status: 404 });
  await expect(ask({ model: `${model()}@gone`, store: false })).rejects.toMatchObject({ status: 404 });
  await expect(ask({ previous_response_id: 'a\0b' })).rejects.toMatchObject({
    status: 400,
    param: 'previous_response_id',
  });
  const picture = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
  await expect(ask({ input: [{ role: 'user', content: [picture] }] })).rejects.toMatchObject({ status: 400 });
});

test('the ten lines of the guide hold a talk', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guide/platform.md'), 'utf8');
  const [, code = ''] = /```js\n(.*?)```/s.exec(guide) ?? [];
  expect(code.trim().split('\n')).toHaveLength(10);
  const own = code.replace('http://127.0.0.1:4321', house.address).replace('character/mira', model());
  const companion = spawn(process.execPath, ['--input-type=module', '-e', own], {
    env: { ...process.env, EVERWITH_KEY: String(client.apiKey) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let told = '';
  companion.stdout.on('data', (data: Buffer) => (told += data.toString('utf8')));
  const asked = (times: number) =>
    until(`it asks ${times} times`, () => told.split('You: ').length > times || undefined);
  try {
    await asked(1);
    companion.stdin.write('Is the reef far?\n');
    await asked(2);
    companion.stdin.write('And now?\n');
    await asked(3);
  } finally {
    companion.kill();
    await once(companion, 'exit');
  }
  expect(told.split('Ahoy there.')).toHaveLength(3);
  expect((await lastPrompt()).join('\n')).toContain('user: Is the reef far?');
});

test('a character is called with the key of a developer', async () => {
  const address = `${house.address.replace('http', 'ws')}/v1/realtime?model=${model()}`;
  await using call = new RealtimeClient(address, { headers: { authorization: `Bearer ${client.apiKey}` } });
  expect((await call.next('session.created')).session).toMatchObject({ model: model() });
});

test('a key that is for other models reaches no character, and nobody reaches another’s', async () => {
  const stranger = await house.member('stranger');
  const { key } = await stranger.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  const other = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  await expect(other.chat.completions.create({ model: model(), messages })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
  expect((await other.models.list()).data.map(({ id }) => id)).not.toContain(model());
});
