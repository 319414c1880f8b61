import type { ServerResponse } from 'node:http';
import OpenAI from 'openai';
import type { ResponseCreateParamsNonStreaming, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { providerFrame, sendFrames, sendJson, startFakeProvider, type FakeProvider } from './support/fake-provider.ts';
import { OpenAiDescription } from './support/openai-description.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

/* What responses hold beside words and calls. With `EVERWITH_OPENAI_SPEC` every event is held to OpenAI's description. */

let house: ChatHouse;
let client: OpenAI;
let provider: FakeProvider;
let description: OpenAiDescription | null = null;
const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });
const scores = { categories: { violence: true }, category_scores: { violence: 0.9 } };

beforeAll(async () => {
  const specPath = process.env['EVERWITH_OPENAI_SPEC'];
  if (specPath !== undefined) description = await OpenAiDescription.read(specPath);
  provider = await startFakeProvider(answerAsProvider);
  house = await openHouse({
    script: {
      logprobs: true,
      rules: [
        { when: { contains: 'The conversation:' }, steps: [said('Anna has a red boat.')] },
        {
          when: { contains: 'think' },
          steps: [
            {
              type: 'reasoning',
              tokens: ['First this. And more.\n', '\nThen that', '. Also so.'],
              delayInMs: 0,
            },
            said('Done.'),
          ],
        },
        {
          when: { contains: 'query' },
          steps: [said('I look.'), { type: 'tool-call', tool: 'sql', input: { input: 'select 1' } }],
        },
        { when: { toolResult: 'one row' }, steps: [said('One.')] },
        { when: { contains: 'fight' }, steps: [said('A violent answer.')] },
        { steps: [said('Hello', '.')] },
      ],
    },
  });
  const baseUrl = provider.address;
  await house.owner.call('POST', '/api/providers', {
    kind: 'openai',
    name: 'Far',
    baseUrl,
    apiKey: 'k',
    models: ['omni-moderation-latest', 'shy'],
  });
  const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
});

function answerAsProvider({ path, body }: { path: string; body: Record<string, unknown> }, response: ServerResponse) {
  if (path.endsWith('/moderations')) {
    const flagged = /violent/u.test(String(body['input']));
    sendJson(response, { id: 'm', model: 'omni-1', results: [{ flagged, ...scores }] });
  } else if (path.endsWith('/chat/completions')) {
    sendFrames(response, [
      providerFrame({ role: 'assistant', content: '' }),
      providerFrame({ refusal: 'I will ' }),
      providerFrame({ refusal: 'not.' }),
      `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', model: 's', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
      'data: [DONE]\n\n',
    ]);
  } else sendJson(response, { data: [] });
}

type Asked = { model?: string; input: unknown } & Record<string, unknown>;

async function ask(asked: Asked) {
  const response = await client.responses.create({
    model: 'test',
    ...asked,
  } as unknown as ResponseCreateParamsNonStreaming);
  judge('Response', await client.get(`/responses/${response.id}`));
  return response;
}

async function streamed(asked: Asked): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  const body = { model: 'test', ...asked } as unknown as ResponseCreateParamsNonStreaming;
  for await (const event of await client.responses.create({ ...body, stream: true })) events.push(event);
  for (const event of events) judge('ResponseStreamEvent', event);
  return events;
}

function judge(schema: string, value: unknown): void {
  expect(description?.faults(schema, value) ?? [], JSON.stringify(value)).toEqual([]);
}

const shortOf = (events: readonly ResponseStreamEvent[]) => events.map(({ type }) => type.replace('response.', ''));

test('thoughts are summed up where that is asked for, sealed for who keeps nothing here, and shown again', async () => {
  const events = await streamed({ input: 'think', reasoning: { summary: 'concise' } });
  expect(shortOf(events).filter((type) => type.startsWith('reasoning_summary'))).toEqual(
    [1, 2].flatMap(() => [
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
    ]),
  );
  const detailed = await ask({ input: 'think', reasoning: { generate_summary: 'detailed', mode: 'standard' } });
  expect(detailed.output[0]).toMatchObject({
    summary: [{ text: 'First this. And more.' }, { text: 'Then that. Also so.' }],
  });
  const short = await ask({
    input: 'think',
    reasoning: { summary: 'auto', context: 'all_turns' },
    store: true,
    include: ['reasoning.encrypted_content'],
  });
  expect(short.output[0]).toMatchObject({ summary: [{ text: 'First this.' }, { text: 'Then that.' }] });
  const [thought] = short.output;
  if (thought?.type !== 'reasoning') throw new Error('It thought first.');
  const { content: _read, ...sealed } = thought;
  const asked = { input: [{ role: 'user', content: 'think' }, sealed, { role: 'user', content: 'And?' }] };
  const blind = await client.responses.inputTokens.count({ model: 'test', ...asked } as object);
  const seeing = await client.responses.inputTokens.count({
    model: 'test',
    ...asked,
    reasoning: { context: 'all_turns' },
  } as object);
  expect(seeing.input_tokens).toBeGreaterThanOrEqual(blind.input_tokens);
  expect((await ask({ ...asked, reasoning: { context: 'all_turns' } })).output_text).toBe('Hello.');
  await expect(ask({ input: 'think', reasoning: { mode: 'pro' } })).rejects.toMatchObject({ param: 'reasoning.mode' });
});

test('words before a call comment on it; a tool without a form takes and gives a text', async () => {
  const tools = [{ type: 'custom' as const, name: 'sql', description: 'Runs a query' }];
  const events = await streamed({ input: 'query', tools, stream_options: { include_obfuscation: true } });
  const types = shortOf(events);
  expect(types).toContain('custom_tool_call_input.done');
  for (const event of events) {
    if (event.type !== 'response.output_text.delta') continue;
    expect((event.delta.length + String((event as { obfuscation?: string }).obfuscation).length) % 16).toBe(0);
  }
  const allowed = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'custom', name: 'sql' }] };
  expect((await ask({ input: 'Hello', tools, tool_choice: allowed })).tool_choice).toEqual(allowed);
  await expect(ask({ input: 'Hello', tools, tool_choice: { ...allowed, tools: [] } })).rejects.toMatchObject({
    status: 400,
    param: 'tool_choice',
  });
  const first = await ask({ input: 'query', tools, tool_choice: { type: 'custom', name: 'sql' } });
  expect(first.output).toMatchObject([
    { type: 'message', phase: 'commentary' },
    { type: 'custom_tool_call', name: 'sql', input: 'select 1' },
  ]);
  const [, call] = first.output;
  if (call?.type !== 'custom_tool_call') throw new Error('It called.');
  const output = { type: 'custom_tool_call_output' as const, call_id: call.call_id, output: 'one row' };
  const second = await ask({ input: [output], previous_response_id: first.id, tools });
  expect(second.output).toMatchObject([{ type: 'message', phase: 'final_answer' }]);
  expect(await client.get(`/responses/${second.id}`)).toMatchObject({ output_text: 'One.' });
  const items = await client.get(
    `/responses/${second.id}/input_items?order=desc&include[]=message.output_text.logprobs`,
  );
  judge('ResponseItemList', items);
  expect(items).toMatchObject({
    data: [{ type: 'custom_tool_call_output', created_by: expect.any(String) }, {}, {}, {}],
  });
  const completion = await client.chat.completions.create({
    model: 'test',
    messages: [{ role: 'user', content: 'query' }],
    tools: [{ type: 'custom', custom: { name: 'sql' } }],
  });
  expect(completion.choices[0]?.message.tool_calls).toMatchObject([
    { type: 'custom', custom: { name: 'sql', input: 'select 1' } },
  ]);
  judge('CreateChatCompletionResponse', completion);
});

test('tokens tell how probable they were', async () => {
  const response = await ask({ input: 'Hello', top_logprobs: 2, include: ['message.output_text.logprobs'] });
  expect(response.output).toMatchObject([
    { content: [{ logprobs: [{ token: 'Hello', logprob: 0 }, { token: '.' }] }] },
  ]);
  const events = await streamed({ input: 'Hello', include: ['message.output_text.logprobs'] });
  const deltas = events.filter((event) => event.type === 'response.output_text.delta');
  expect(deltas.map(({ logprobs }) => logprobs[0]?.token)).toEqual(['Hello', '.']);
});

test('what was asked for is told with the answer', async () => {
  const asked = {
    safety_identifier: 'user-1',
    prompt_cache_key: 'talk-1',
    prompt_cache_retention: '24h' as const,
    prompt_cache_options: { mode: 'explicit' },
    max_tool_calls: 3,
    text: { verbosity: 'low' as const },
  };
  const { prompt_cache_options: _cache, ...plain } = asked;
  const response = await ask({ input: 'Hello', ...asked });
  expect(response).toMatchObject({ ...plain, prompt_cache_options: { mode: 'explicit', ttl: '30m' } });
});

test('a provider’s refusal is told as one', async () => {
  const types = shortOf(await streamed({ model: 'shy', input: 'Please' }));
  expect(types).toContain('refusal.delta');
  expect(types).toContain('refusal.done');
  const response = await ask({ model: 'shy', input: 'Please' });
  expect(response).toMatchObject({
    status: 'completed',
    output: [{ content: [{ type: 'refusal', refusal: 'I will not.' }] }],
  });
});

test('a moderation looks at what is asked and answered, and stops what it should', async () => {
  const moderation = (input: string, output: string) => ({
    model: 'omni-moderation-latest',
    policy: { input: { mode: input }, output: { mode: output } },
  });
  const scored = await ask({ input: 'a fight', moderation: moderation('score', 'score') });
  expect(scored.output_text).toBe('A violent answer.');
  expect(scored).toMatchObject({
    moderation: { input: { flagged: false }, output: { flagged: true, model: 'omni-1' } },
  });
  const before = provider.seen.length;
  const stopped = await ask({ input: 'a violent fight', moderation: moderation('block', 'score') });
  expect(provider.seen.length).toBe(before + 1);
  expect(stopped).toMatchObject({ status: 'completed', output_text: '', usage: { total_tokens: 0 } });
  const events = await streamed({ input: 'a fight', moderation: moderation('score', 'block') });
  expect(shortOf(events)).not.toContain('output_text.delta');
  expect(events.at(-1)).toMatchObject({ response: { output: [{ content: [{ type: 'refusal' }] }] } });
  await expect(ask({ input: 'Hello', moderation: { model: 'nobody' } })).rejects.toMatchObject({ status: 404 });
});

test('a long talk is compacted, on request or when it has grown, and goes on from its summary', async () => {
  const long = `Anna has a red boat. ${'It was a long story. '.repeat(300)}`;
  const first = await ask({ input: long });
  const window = await client.responses.compact({ model: 'test', previous_response_id: first.id });
  judge('CompactResource', window);
  expect(window.output.map(({ type }) => type)).toEqual(['message', 'compaction']);
  const input = [...window.output, { role: 'user', content: 'What boat?' }];
  const counted = await client.responses.inputTokens.count({ model: 'test', input: input as unknown as string });
  expect(counted.input_tokens).toBeLessThan(100);
  const managed = [{ type: 'compaction', compact_threshold: 1000 }];
  const second = await ask({ input: 'What boat?', previous_response_id: first.id, context_management: managed });
  expect(second.output.map(({ type }) => type)).toEqual(['compaction', 'message']);
  const third = await ask({ input: 'And now?', previous_response_id: second.id });
  expect(third.usage?.input_tokens).toBeLessThan(200);
  const small = await ask({ input: 'And?', previous_response_id: third.id, context_management: managed });
  expect(small.output.map(({ type }) => type)).toEqual(['message']);
  const foreign = [
    { type: 'compaction' as const, encrypted_content: 'made up' },
    { role: 'user' as const, content: 'x' },
  ];
  await expect(ask({ input: foreign })).rejects.toMatchObject({ status: 400, param: 'input' });
});

test('several answers count their prompt once', async () => {
  const messages = [{ role: 'user' as const, content: 'Hello there, all of you' }];
  const one = await client.chat.completions.create({ model: 'test', messages });
  const three = await client.chat.completions.create({ model: 'test', messages, n: 3 });
  expect(three.usage).toMatchObject({ prompt_tokens: one.usage?.prompt_tokens, completion_tokens: 6 });
});
