import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OpenAiDescription } from './support/openai-description.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

/*
 * Whether what this house answers is what OpenAI's own description says. It belongs to its authors and is not kept here:
 * `EVERWITH_OPENAI_SPEC` says where the `openapi.json` of openai/openai-openapi lies.
 */
const specPath = process.env['EVERWITH_OPENAI_SPEC'];

const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });

describe.skipIf(specPath === undefined)('OpenAI’s description (EVERWITH_OPENAI_SPEC)', () => {
  let house: ChatHouse;
  let client: OpenAI;
  let description: OpenAiDescription;
  beforeAll(async () => {
    description = await OpenAiDescription.read(specPath ?? '');
    house = await openHouse({
      script: {
        rules: [
          { when: { contains: 'weather' }, steps: [{ type: 'tool-call', tool: 'weather', input: { city: 'Oslo' } }] },
          { when: { contains: 'think' }, steps: [{ type: 'reasoning', tokens: ['Hm.'], delayInMs: 0 }, said('Four.')] },
          { when: { contains: 'break' }, steps: [said('Half'), { type: 'cut' }] },
          { steps: [said('Hello', ', ', 'world', '.')] },
        ],
        embeddings: [{ name: 'vectors' }],
      },
    });
    const made = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] });
    client = new OpenAI({ apiKey: made.key, baseURL: `${house.address}/v1`, maxRetries: 0 });
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  const judge = (schema: string, value: unknown) => expect(description.faults(schema, value), schema).toEqual([]);
  const saying = (content: string) => [{ role: 'user' as const, content }];
  const tools = [
    { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
  ];

  test('the judge finds faults', () => {
    expect(description.faults('CreateChatCompletionResponse', { id: 'x', choices: [{}] })).not.toEqual([]);
    expect(description.faults('ResponseStreamEvent', { type: 'response.completed' })).not.toEqual([]);
  });

  test('chat completions, whole and every chunk', async () => {
    for (const asked of [
      { messages: saying('Hello'), n: 2, store: true, metadata: { topic: 'a' } },
      { messages: saying('What is the weather?'), tools },
      { messages: saying('think'), stop: ['never'] },
    ]) {
      judge('CreateChatCompletionResponse', await client.chat.completions.create({ model: 'test', ...asked }));
      const options = { stream: true as const, stream_options: { include_usage: true } };
      const stream = await client.chat.completions.create({ model: 'test', ...asked, ...options });
      for await (const chunk of stream) judge('CreateChatCompletionStreamResponse', chunk);
    }
  });

  test('chat completions that are kept', async () => {
    const { id } = await client.chat.completions.create({ model: 'test', messages: saying('Hello'), store: true });
    judge('ChatCompletionList', await raw('GET', '/chat/completions?limit=1'));
    judge('CreateChatCompletionResponse', await raw('GET', `/chat/completions/${id}`));
    judge('ChatCompletionDeleted', await raw('DELETE', `/chat/completions/${id}`));
  });

  test('embeddings and models', async () => {
    judge('CreateEmbeddingResponse', await raw('POST', '/embeddings', { model: 'vectors', input: ['one', 'two'] }));
    const list = await raw('GET', '/models');
    judge('ListModelsResponse', list);
    judge('Model', await raw('GET', '/models/test'));
  });

  test('refusals', async () => {
    for (const [path, body] of [
      ['/chat/completions', { model: 'gone', messages: saying('Hello') }],
      ['/chat/completions', { model: 'test', messages: [] }],
      ['/nothing', {}],
      ['/embeddings', { model: 'vectors', input: [] }],
    ] as const) {
      judge('ErrorResponse', await raw('POST', path, body));
    }
  });

  test('responses, whole and every event', async () => {
    const weather = { type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false };
    for (const asked of [
      { input: 'Hello' },
      { input: 'What is the weather?', tools: [weather] },
      { input: 'think' },
      { input: 'break' },
    ]) {
      const body = { model: 'test', ...asked };
      const whole = (await raw('POST', '/responses', body)) as { id?: string; error?: unknown };
      judge(whole.id === undefined ? 'ErrorResponse' : 'Response', whole);
      const stream = await client.responses.create({ ...body, stream: true });
      for await (const event of stream) judge('ResponseStreamEvent', event);
    }
    const { id } = await client.responses.create({ model: 'test', input: 'Hello' });
    judge('ResponseItemList', await raw('GET', `/responses/${id}/input_items`));
  });

  test('conversations', async () => {
    const conversation = (await raw('POST', '/conversations', {
      items: [{ type: 'message', role: 'user', content: 'Hello' }],
    })) as { id: string };
    judge('ConversationResource', conversation);
    judge('ConversationItemList', await raw('GET', `/conversations/${conversation.id}/items`));
    judge('DeletedConversationResource', await raw('DELETE', `/conversations/${conversation.id}`));
  });

  test('files and batches', async () => {
    const line = {
      custom_id: 'a',
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'test', messages: saying('Hello') },
    };
    const content = await toFile(Buffer.from(`${JSON.stringify(line)}\n`), 'batch.jsonl');
    const { id: fileId } = await client.files.create({ file: content, purpose: 'batch' });
    judge('OpenAIFile', await raw('GET', `/files/${fileId}`));
    judge('ListFilesResponse', await raw('GET', '/files'));
    const batch = (await raw('POST', '/batches', {
      input_file_id: fileId,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })) as { id: string };
    judge('Batch', batch);
    judge('ListBatchesResponse', await raw('GET', '/batches'));
    judge('DeleteFileResponse', await raw('DELETE', `/files/${fileId}`));
  });

  async function raw(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${house.address}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${client.apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json();
  }
});
