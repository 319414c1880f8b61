import { copyFile, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadCatalog } from '../../src/models/catalog/catalog.ts';
import { openHouse, type ChatHouse } from '../integration/support/open-house.ts';
import { FALLBACK_MODEL, hasFallbackModel, weightsPath } from './llama-fixtures.ts';

const personSchema = z.object({
  name: z.string(),
  nickname: z.string().nullable(),
  age: z.int(),
  friends: z.array(z.object({ name: z.string(), since: z.union([z.int(), z.null()]) })),
});

describe.skipIf(!hasFallbackModel)('a developer’s first minutes with the model that every house can fetch', () => {
  let cache: string;
  let house: ChatHouse;
  let client: OpenAI;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'everwith-first-minutes-'));
    await mkdir(join(cache, 'weights'));
    const entry = (await loadCatalog()).entries.find(({ id }) => id === FALLBACK_MODEL);
    const weights = weightsPath(entry?.sha256 ?? '');
    const place = join(cache, 'weights', basename(weights));
    await link(weights, place).catch(() => copyFile(weights, place));
    house = await openHouse({ script: {}, environment: { EVERWITH_CACHE: cache } });
    const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
    client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  });
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    if (cache) await rm(cache, { recursive: true, force: true });
  });

  const saying = (content: string) => [{ role: 'user' as const, content }];
  const plain = { model: FALLBACK_MODEL, temperature: 0, max_tokens: 80 };
  const weather = toolOf('get_weather', { city: { type: 'string' } });
  const time = toolOf('get_time', {
    city: { type: 'string' },
    zone: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  });

  test('a stream in pieces, with the tokens that were billed', async () => {
    const stream = client.chat.completions.stream({
      ...plain,
      messages: saying('Count from one to five in words.'),
      stream_options: { include_usage: true },
    });
    let deltas = 0;
    stream.on('content', () => (deltas += 1));
    expect((await stream.finalContent())?.toLowerCase()).toContain('three');
    expect(deltas).toBeGreaterThan(3);
    const { completion_tokens: told } = await stream.totalUsage();
    const call = await house.app.storage.db
      .selectFrom('meteredCall')
      .select(['outputTokens', 'usageSource'])
      .executeTakeFirstOrThrow();
    expect(call).toEqual({ outputTokens: told, usageSource: 'tokenizer' });
  });

  test('the tool that was named is called, and one of several where one is required', async () => {
    const named = { type: 'function' as const, function: { name: 'get_time' } };
    for (const [choice, names] of [
      [named, ['get_time']],
      ['required' as const, ['get_time', 'get_weather']],
    ] as const) {
      const { choices } = await client.chat.completions.create({
        ...plain,
        max_tokens: 400,
        messages: saying('Tell me a joke about Oslo.'),
        tools: [weather, time],
        tool_choice: choice,
      });
      const [call] = choices[0]?.message.tool_calls ?? [];
      if (call?.type !== 'function') throw new Error(`No call: ${JSON.stringify(choices[0])}`);
      expect(names).toContain(call.function.name);
      expect(z.object({ city: z.string() }).safeParse(JSON.parse(call.function.arguments)).success).toBe(true);
      expect(choices[0]?.finish_reason).toBe('tool_calls');
    }
  });

  test('an answer keeps to a strict schema with choices, lists and what may be null', async () => {
    const completion = await client.chat.completions.parse({
      ...plain,
      max_tokens: 600,
      messages: saying('Extract: Ada Lovelace, 36, has one friend, Charles Babbage, whom she met in 1833.'),
      response_format: zodResponseFormat(personSchema, 'person'),
    });
    expect(completion.choices[0]?.message.parsed?.name).toContain('Ada');
  });

  test('how probable each token was, whole and streamed', async () => {
    const asked = { ...plain, max_tokens: 6, messages: saying('Say hello.'), logprobs: true, top_logprobs: 3 };
    const { choices } = await client.chat.completions.create(asked);
    const told = choices[0]?.logprobs?.content ?? [];
    expect(told.map(({ token }) => token).join('')).toContain(choices[0]?.message.content);
    for (const { logprob, top_logprobs: top, token, bytes } of told) {
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top).toHaveLength(3);
      expect(top[0]!.logprob).toBeGreaterThanOrEqual(logprob);
      expect(Buffer.from(bytes ?? []).toString()).toBe(token);
    }
    const streamed: string[] = [];
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
      streamed.push(...(chunk.choices[0]?.logprobs?.content ?? []).map(({ token }) => token));
    }
    expect(streamed).toEqual(told.map(({ token }) => token));
  });
});

function toolOf(name: string, properties: Record<string, object>): OpenAI.ChatCompletionFunctionTool {
  const parameters = { type: 'object', properties, required: ['city'] };
  return { type: 'function', function: { name, description: `Tells the ${name.slice(4)} in a city.`, parameters } };
}
