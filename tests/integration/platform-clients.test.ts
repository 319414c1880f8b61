import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });
const call = { type: 'tool-call' as const, tool: 'weather', input: { city: 'Oslo' } };
const script: ScriptInput = {
  rules: [
    { when: { contains: 'weather' }, steps: [call] },
    { when: { toolResult: 'rain' }, steps: [said('It ', 'rains', ' in Oslo.')] },
    { when: { contains: 'JSON' }, steps: [said('{"city":"Oslo",', '"degrees":7}')] },
    { steps: [said('Hello', ', ', 'world', '.')] },
  ],
  embeddings: [{ name: 'vectors' }],
};
const placeSchema = z.object({ city: z.string(), degrees: z.number() });
const place = { city: 'Oslo', degrees: 7 };

let house: ChatHouse;
let apiKey: string;
let baseURL: string;
beforeAll(async () => {
  house = await openHouse({ script });
  baseURL = `${house.address}/v1`;
  const made = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  apiKey = made.key;
});
afterAll(() => house?.[Symbol.asyncDispose]());

describe('openai for Node', () => {
  const client = () => new OpenAI({ apiKey, baseURL, maxRetries: 0 });
  const saying = (content: string) => [{ role: 'user' as const, content }];

  test('its helper for streams', async () => {
    const stream = client().chat.completions.stream({
      model: 'test',
      messages: saying('Hello'),
      stream_options: { include_usage: true },
    });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    expect(await stream.finalContent()).toBe('Hello, world.');
    expect(deltas).toEqual(['Hello', ', ', 'world', '.']);
    expect((await stream.totalUsage()).completion_tokens).toBe(4);
  });

  test('its helper for forms', async () => {
    const completion = await client().chat.completions.parse({
      model: 'test',
      messages: saying('Answer in JSON'),
      response_format: zodResponseFormat(placeSchema, 'place'),
    });
    expect(completion.choices[0]?.message.parsed).toEqual(place);
  });

  test('its runner of tools, streamed too', async () => {
    const asked: string[] = [];
    const weather = {
      type: 'function' as const,
      function: {
        name: 'weather',
        description: 'Tells the weather.',
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
        parse: (text: string) => z.object({ city: z.string() }).parse(JSON.parse(text)),
        function: ({ city }: { city: string }) => {
          asked.push(city);
          return 'rain';
        },
      },
    };
    const options = { model: 'test', messages: saying('What is the weather?'), tools: [weather] };
    expect(await client().chat.completions.runTools(options).finalContent()).toBe('It rains in Oslo.');
    expect(
      await client()
        .chat.completions.runTools({ ...options, stream: true })
        .finalContent(),
    ).toBe('It rains in Oslo.');
    expect(asked).toEqual(['Oslo', 'Oslo']);
  });

  test('models, page by page, and one by its name', async () => {
    const names: string[] = [];
    for await (const model of client().models.list()) names.push(model.id);
    expect(names).toContain('test');
    const character = names.find((name) => name.startsWith('character/')) ?? '';
    expect(await client().models.retrieve(character)).toMatchObject({ owned_by: 'character' });
    const plain = await fetch(`${baseURL}/models/${character}`, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(plain.status).toBe(200);
    expect(await client().models.retrieve('scripted:test')).toMatchObject({ id: 'test', object: 'model' });
  });

  test('vectors, which it asks for in base64', async () => {
    const { data, usage } = await client().embeddings.create({ model: 'vectors', input: ['one', 'two'] });
    const plain = await client().embeddings.create({ model: 'vectors', input: ['one'], encoding_format: 'float' });
    expect(data).toHaveLength(2);
    expect(data[0]?.embedding.length).toBeGreaterThan(8);
    for (const [index, value] of data[0]!.embedding.entries()) {
      expect(plain.data[0]?.embedding[index]).toBeCloseTo(value, 6);
    }
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });
});

describe('LangChain', () => {
  const chat = () => new ChatOpenAI({ model: 'test', apiKey, configuration: { baseURL }, maxRetries: 0 });

  test('a stream with what it used', async () => {
    let text = '';
    let total = 0;
    for await (const chunk of await chat().stream('Hello')) {
      text += chunk.text;
      total += (chunk.usage_metadata as { output_tokens: number } | undefined)?.output_tokens ?? 0;
    }
    expect(text).toBe('Hello, world.');
    expect(total).toBe(4);
  });

  test('tools, and the turn after them', async () => {
    const weather = langchainTool(async () => 'rain', {
      name: 'weather',
      description: 'Tells the weather.',
      schema: z.object({ city: z.string() }),
    });
    const model = chat().bindTools([weather]);
    const question = new HumanMessage('What is the weather?');
    const answer = await model.invoke([question]);
    expect(answer.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Oslo' } }]);
    const result = await weather.invoke(answer.tool_calls![0] as never);
    expect((await model.invoke([question, answer, result])).content).toBe('It rains in Oslo.');
  });

  test('answers in a form', async () => {
    const model = chat().withStructuredOutput(placeSchema, { name: 'place', method: 'jsonSchema', strict: true });
    expect(await model.invoke('Answer in JSON')).toEqual(place);
  });

  test('vectors', async () => {
    const embeddings = new OpenAIEmbeddings({ model: 'vectors', apiKey, configuration: { baseURL }, maxRetries: 0 });
    expect(await embeddings.embedDocuments(['one', 'two'])).toHaveLength(2);
  });
});

describe.each([
  [
    '@ai-sdk/openai-compatible',
    () => createOpenAICompatible({ name: 'house', baseURL, apiKey, supportsStructuredOutputs: true })('test'),
  ],
  ['@ai-sdk/openai, chat', () => createOpenAI({ baseURL, apiKey }).chat('test')],
  ['@ai-sdk/openai, responses', () => createOpenAI({ baseURL, apiKey }).responses('test')],
])('the AI SDK through %s', (_name, model) => {
  test('a stream with what it used', async () => {
    const stream = streamText({ model: model(), prompt: 'Hello', maxRetries: 0 });
    let text = '';
    for await (const delta of stream.textStream) text += delta;
    expect(text).toBe('Hello, world.');
    expect(await stream.finishReason).toBe('stop');
  });

  test('tools in several steps', async () => {
    const { text, steps } = await generateText({
      model: model(),
      prompt: 'What is the weather?',
      tools: {
        weather: tool({
          description: 'Tells the weather.',
          inputSchema: z.object({ city: z.string() }),
          execute: async () => 'rain',
        }),
      },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    expect(text).toBe('It rains in Oslo.');
    expect(steps[0]?.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: 'Oslo' } }]);
  });

  test('answers in a form', async () => {
    const { output } = await generateText({
      model: model(),
      prompt: 'Answer in JSON',
      output: Output.object({ schema: placeSchema }),
      maxRetries: 0,
    });
    expect(output).toEqual(place);
  });
});
