import { MEASUREMENT } from '../support/unbilled.ts';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EmbeddingList } from '../../contract/embeddings.ts';
import type { Provider } from '../../contract/models.ts';
import { createRemoteEmbedding, probeEmbedding } from '../../src/models/remote/remote-embedding.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

const signal = new AbortController().signal;
const KEY = 'sk-very-secret-key';
const LIST = '/api/memory/embeddings';

/** A server that speaks OpenAI's embeddings, and lists its models. */
interface EmbeddingServer extends AsyncDisposable {
  baseUrl: string;
  asked: { url: string; headers: IncomingHttpHeaders; body: { input: string[]; model: string } }[];
  /** Instead of vectors. */
  refuse: { status: number; body: unknown } | null;
  dimensions: number;
}

async function openEmbeddingServer(): Promise<EmbeddingServer> {
  const server: Server = createServer((request, response) => {
    void (async () => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.endsWith('/models')) {
        response.end(JSON.stringify({ data: ['talker', 'nomic-embed-text', 'bge-reranker'].map((id) => ({ id })) }));
        return;
      }
      const body = (await json(request)) as { input: string[]; model: string };
      state.asked.push({ url: request.url ?? '', headers: request.headers, body });
      if (state.refuse) {
        response.statusCode = state.refuse.status;
        response.end(JSON.stringify(state.refuse.body));
        return;
      }
      const data = body.input.map((text, index) => ({
        index,
        embedding: Array.from({ length: state.dimensions }, (_, place) => (place === text.length % 3 ? 5 : 0)),
      }));
      response.end(JSON.stringify({ object: 'list', model: body.model, data, usage: { prompt_tokens: 1 } }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: EmbeddingServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: [],
    refuse: null,
    dimensions: 6,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

let server: EmbeddingServer;
beforeEach(async () => {
  server = await openEmbeddingServer();
});
afterEach(() => server[Symbol.asyncDispose]());

describe('the embedding models of a house', () => {
  let house: ChatHouse;
  let owner: Caller;
  const current = () => house.app.embeddingDirectory.current(signal);

  beforeAll(async () => {
    const embeddings = [{ name: 'words' }, { name: 'wide', dimensions: 512 }];
    house = await openHouse({ script: { ...talkingScript, embeddings } });
    owner = house.owner;
  });
  afterAll(() => house[Symbol.asyncDispose]());

  test('are listed with what is here, what could be fetched, and which is in use', async () => {
    const { models, inUse } = await owner.call<EmbeddingList>('GET', LIST);
    expect(inUse).toBe('scripted:words');
    expect(models.map(({ ref, state, chosen }) => [ref, state, chosen])).toEqual([
      ['scripted:words', 'installed', true],
      ['scripted:wide', 'installed', false],
      ['local:multilingual-e5-small', 'absent', false],
      ['local:bge-m3', 'absent', false],
      ['local:multilingual-e5-small-q4', 'absent', false],
      ['local:all-minilm-l6-v2', 'absent', false],
    ]);
    expect(models[2]).toMatchObject({ recommended: true, sizeBytes: 132_439_008, licence: 'MIT' });
  });

  test('are chosen, heard of at once, and kept over a restart; none is a choice too', async () => {
    const told = vi.fn<() => void>();
    using _listening = house.app.embeddingDirectory.onChange(told);
    const { inUse } = await owner.call<EmbeddingList>('POST', `${LIST}/choose`, { ref: 'scripted:wide' });
    expect(inUse).toBe('scripted:wide');
    expect(told).toHaveBeenCalledTimes(1);
    await house.close();
    await house.reopen();
    expect((await current())?.dimensions).toBe(512);
    await owner.call('POST', `${LIST}/choose`, { ref: null });
    expect(await current()).toBeNull();
    expect((await house.app.embeddingDirectory.resolve('scripted:words', signal))?.dimensions).toBe(256);
    await owner.call('POST', `${LIST}/choose`, { ref: 'scripted:words' });
  });

  test('belong to the owner; what is wrong is named', async () => {
    const member = await house.member('mallory');
    expect(await member.refusal('GET', LIST)).toMatchObject({ status: 403 });
    expect(await member.refusal('POST', `${LIST}/choose`, { ref: null })).toMatchObject({ status: 403 });
    expect(await member.refusal('POST', `${LIST}/bge-m3/fetch`)).toMatchObject({ status: 403 });
    expect(await member.refusal('DELETE', `${LIST}/bge-m3`)).toMatchObject({ status: 403 });
    expect(await owner.refusal('POST', `${LIST}/choose`, { ref: 'local:no' })).toMatchObject({
      status: 404,
      code: 'model-unknown',
    });
    expect(await owner.refusal('POST', `${LIST}/choose`, {})).toMatchObject({ status: 400, field: 'ref' });
    expect(await owner.refusal('POST', `${LIST}/nothing/fetch`)).toMatchObject({ code: 'model-unknown' });
    expect(await owner.refusal('DELETE', `${LIST}/nothing`)).toMatchObject({ code: 'model-unknown' });
    expect(await owner.refusal('POST', `${LIST}/bge-m3/fetch`)).toMatchObject({ code: 'offline' });
  });

  test('of a provider are offered by its list, used when chosen, and gone with it', async () => {
    const provider = await owner.call<Provider>('POST', '/api/providers', {
      kind: 'openai-compatible',
      name: 'Desk',
      baseUrl: server.baseUrl,
      apiKey: KEY,
      models: ['talker'],
    });
    const ref = `provider:${provider.id}/nomic-embed-text`;
    const { models } = await owner.call<EmbeddingList>('GET', LIST);
    expect(models.filter(({ place }) => place === 'provider')).toMatchObject([{ ref, providerName: 'Desk' }]);
    await owner.call('POST', `${LIST}/choose`, { ref });
    const handle = await current();
    expect(handle).toMatchObject({ ref, place: 'provider', dimensions: 6 });
    await handle?.billed(MEASUREMENT).embed(['Where is the cat?'], { kind: 'query', signal });
    expect(server.asked.at(-1)?.body.input).toEqual(['search_query: Where is the cat?']);
    const told = vi.fn<() => void>();
    using _listening = house.app.embeddingDirectory.onChange(told);
    await owner.call('DELETE', `/api/providers/${provider.id}`);
    await vi.waitFor(() => expect(told).toHaveBeenCalled(), { timeout: 20_000 });
    expect(await current()).toBeNull();
    await owner.call('POST', `${LIST}/choose`, { ref: 'scripted:words' });
  });

  test('of a provider that refuses cannot be chosen, and the choice stays', async () => {
    server.refuse = { status: 401, body: { error: { message: `Bad key ${KEY}` } } };
    const provider = await owner.call<Provider>('POST', '/api/providers', {
      kind: 'openai-compatible',
      name: 'Shut',
      baseUrl: server.baseUrl,
      apiKey: KEY,
      models: ['talker'],
    });
    const refusal = await owner.refusal('POST', `${LIST}/choose`, { ref: `provider:${provider.id}/nomic-embed-text` });
    expect(refusal.code).toBe('provider-auth');
    expect(refusal.message).not.toContain(KEY);
    expect((await current())?.ref).toBe('scripted:words');
  });
});

describe('a provider’s embeddings', () => {
  const options = () => ({
    provider: {
      id: 'p1',
      kind: 'openai-compatible' as const,
      name: 'Fake',
      baseUrl: server.baseUrl,
      apiKey: KEY,
    },
    model: 'bge-m3',
  });
  const open = () => createRemoteEmbedding({ ...options(), dimensions: 6, queryLimitInMs: 200 });

  test('are asked for in batches, in order, normalised; empty texts are not sent', async () => {
    const texts = Array.from({ length: 150 }, (_, index) => (index === 3 ? '  ' : 'x'.repeat(1 + (index % 3))));
    const vectors = await open().embed(texts, { kind: 'passage', signal });
    expect(server.asked.map(({ body }) => body.input.length)).toEqual([64, 64, 21]);
    expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    for (const [index, text] of texts.entries()) {
      const expected = Array.from({ length: 6 }, (_, place) => Number(index !== 3 && place === text.length % 3));
      expect([...vectors[index]!]).toEqual(expected);
    }
  });

  test('of a text that is too long are those of its beginning', async () => {
    await open().embed(['深'.repeat(100_000)], { kind: 'passage', signal });
    expect(server.asked[0]?.body.input[0]).toHaveLength(512);
  });

  test('of another length than before are an error that says so', async () => {
    server.dimensions = 9;
    await expect(open().embed(['x'], { kind: 'query', signal })).rejects.toMatchObject({ code: 'embedding-wrong' });
    expect(await probeEmbedding(options(), signal)).toEqual({ dimensions: 9 });
  });

  test.each([
    [429, 'provider-rate-limited', true],
    [503, 'provider-failed', true],
    [404, 'provider-not-found', false],
  ])('a refusal with %s is %s', async (status, code, retryable) => {
    server.refuse = { status, body: { error: { message: 'No.' } } };
    await expect(open().embed(['x'], { kind: 'query', signal })).rejects.toMatchObject({ code, retryable });
    expect(server.asked).toHaveLength(1);
  });

  test('garbage, a dead server and a stop are told apart', async () => {
    server.refuse = { status: 200, body: { hello: 'there' } };
    await expect(open().embed(['x'], { kind: 'query', signal })).rejects.toMatchObject({ code: 'provider-garbage' });
    const stop = new AbortController();
    stop.abort();
    await expect(open().embed(['x'], { kind: 'query', signal: stop.signal })).rejects.toThrow(/abort/i);
    await server[Symbol.asyncDispose]();
    await expect(open().embed(['x'], { kind: 'query', signal })).rejects.toMatchObject({ code: 'provider-no-server' });
    server = await openEmbeddingServer();
  });
});
