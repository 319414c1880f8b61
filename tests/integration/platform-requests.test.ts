import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { IdempotentRequests } from '../../src/features/platform/idempotency/idempotent-requests.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

const said = (...tokens: string[]) => ({ type: 'tokens' as const, tokens, delayInMs: 0 });

let house: ChatHouse;
let client: OpenAI;
let key: string;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'hang' }, steps: [said('Well'), { type: 'hang' }] },
        { when: { contains: 'fail' }, times: 1, steps: [{ type: 'error', code: 'unavailable' }] },
        {
          when: { contains: 'large' },
          steps: [{ type: 'tokens', tokens: Array.from({ length: 500 }, () => 'x'.repeat(10_000)), delayInMs: 0 }],
        },
        { steps: [said('Hello', ', ', 'world', '.')] },
      ],
      embeddings: [{ name: 'vectors' }],
    },
  });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
  client = new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
});
afterAll(() => house?.[Symbol.asyncDispose]());

describe('an Idempotency-Key', () => {
  test('the same request is answered once and repeated to the byte, whole and streamed', async () => {
    for (const stream of [false, true]) {
      const before = await countCalls();
      const first = await post({ content: 'Hello', stream, idempotencyKey: `once-${stream}` });
      const again = await post({ content: 'Hello', stream, idempotencyKey: `once-${stream}` });
      expect(again.text).toBe(first.text);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(await countCalls()).toBe(before + 1);
    }
  });

  test('another request with the same key is a conflict, another person has keys of their own', async () => {
    await post({ content: 'Hello', idempotencyKey: 'mine' });
    const other = await post({ content: 'Hello again', idempotencyKey: 'mine' });
    expect(other).toMatchObject({ status: 409, error: { code: 'idempotency_key_reused' } });
    expect(other.headers.get('x-should-retry')).toBe('false');
    const member = await house.member('ada');
    const body = JSON.stringify(bodyOf({ content: 'Hello again' }));
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'mine' };
    expect((await member.fetch('/v1/chat/completions', { method: 'POST', headers, body })).status).toBe(200);
  });

  test('what is in flight is asked for again later, what was left is told as interrupted and not run again', async () => {
    const leaving = new AbortController();
    // Its head is here, so it is known.
    await ask({ content: 'hang', stream: true, idempotencyKey: 'hang', signal: leaving.signal });
    const busy = await post({ content: 'hang', stream: true, idempotencyKey: 'hang' });
    expect(busy).toMatchObject({ error: { code: 'idempotency_in_flight' } });
    expect(busy.headers.get('retry-after')).toBe('1');
    leaving.abort();
    const told = await until('it is told', async () => {
      const answer = await post({ content: 'hang', stream: true, idempotencyKey: 'hang' });
      return answer.error?.code === 'idempotency_interrupted' ? answer : null;
    });
    expect(told.status).toBe(409);
  });

  test('what ran when the house died is told as interrupted by the next one', async () => {
    const { storage } = house.app;
    using dying = new IdempotentRequests({ storage, clock: systemClock, logger: silentLogger() });
    const asking = { userId: 'somebody', key: 'dead', asked: 'x' };
    expect(await dying.begin(asking)).toHaveProperty('finish');
    const later = { now: () => Date.now() + 61_000, monotonic: () => performance.now() };
    using next = new IdempotentRequests({ storage, clock: later, logger: silentLogger() });
    await next.recover();
    await expect(next.begin(asking)).rejects.toMatchObject({ code: 'idempotency-interrupted', retryable: false });
    const tomorrow = { now: () => Date.now() + 25 * 3600 * 1000, monotonic: () => performance.now() };
    using much = new IdempotentRequests({ storage, clock: tomorrow, logger: silentLogger() });
    expect(await much.begin(asking)).toHaveProperty('finish');
  });

  test('what failed without being billed may be tried again with the same key', async () => {
    expect(await post({ content: 'fail', idempotencyKey: 'fail' })).toMatchObject({ status: 503 });
    expect(await post({ content: 'fail', idempotencyKey: 'fail' })).toMatchObject({ status: 200 });
  });

  test('an answer that is too large to keep is not made twice either', async () => {
    expect((await post({ content: 'large', idempotencyKey: 'large' })).text.length).toBeGreaterThan(5_000_000);
    const again = await post({ content: 'large', idempotencyKey: 'large' });
    expect(again).toMatchObject({ status: 409, error: { code: 'idempotency_too_large' } });
  });
});

describe('completions that are kept', () => {
  const messages = [{ role: 'user' as const, content: 'Hello' }];

  test('are listed by model and metadata, read with what was sent, marked and removed', async () => {
    const ids: string[] = [];
    for (const topic of ['a', 'b', 'a']) {
      const asked = { model: 'test', messages, store: true, metadata: { topic } };
      ids.push((await client.chat.completions.create(asked)).id);
    }
    const stream = await client.chat.completions.create({ model: 'test', messages, store: true, stream: true });
    for await (const { id } of stream) if (ids.at(-1) !== id) ids.push(id);
    const all: string[] = [];
    for await (const { id } of client.chat.completions.list({ limit: 2 })) all.push(id);
    expect(all).toEqual(ids);
    const some: string[] = [];
    for await (const { id } of client.chat.completions.list({ metadata: { topic: 'a' }, limit: 1 })) some.push(id);
    expect(some).toEqual([ids[0], ids[2]]);
    expect((await client.chat.completions.list({ model: 'other' })).data).toEqual([]);
    const kept = await client.chat.completions.retrieve(ids[3]!);
    expect(kept.choices[0]?.message.content).toBe('Hello, world.');
    expect((await client.chat.completions.messages.list(ids[0]!)).data).toMatchObject(messages);
    expect(await client.chat.completions.update(ids[0]!, { metadata: { topic: 'c' } })).toMatchObject({
      metadata: { topic: 'c' },
    });
    expect(await client.chat.completions.delete(ids[0]!)).toMatchObject({ deleted: true });
    await expect(client.chat.completions.retrieve(ids[0]!)).rejects.toMatchObject({ status: 404 });
  });

  test('are nobody else’s', async () => {
    const { id } = await client.chat.completions.create({ model: 'test', messages, store: true });
    const stranger = await house.member('eve');
    for (const [method, path] of [
      ['GET', `/v1/chat/completions/${id}`],
      ['GET', `/v1/chat/completions/${id}/messages`],
      ['DELETE', `/v1/chat/completions/${id}`],
    ] as const) {
      expect((await stranger.ask(method, path)).status).toBe(404);
    }
    expect((await stranger.ask('GET', '/v1/chat/completions')).body).toMatchObject({ data: [] });
  });
});

describe('vectors', () => {
  test('texts only, of the length and the dimensions that the model has', async () => {
    const asked = { model: 'vectors', input: 'one' };
    const faults: [object, object][] = [
      [{ model: 'test' }, { status: 404, code: 'model_not_found', param: 'model' }],
      [{ input: [1, 2, 3] }, { status: 400, param: 'input', code: 'unsupported_value' }],
      [{ input: '' }, { status: 400, param: 'input' }],
      [{ input: [] }, { status: 400, param: 'input' }],
      [{ input: 'word '.repeat(5000) }, { status: 400, param: 'input', code: 'context_length_exceeded' }],
      [{ dimensions: 3 }, { status: 400, param: 'dimensions' }],
      [{ encoding_format: 'hex' }, { status: 400, param: 'encoding_format' }],
    ];
    for (const [fault, expected] of faults) {
      const refused = await client.embeddings
        .create({ ...asked, ...fault } as OpenAI.EmbeddingCreateParams)
        .catch((error: unknown) => error);
      expect(refused, JSON.stringify(fault)).toMatchObject(expected);
    }
    await client.embeddings.create({ ...asked, dimensions: 256 });
    const call = await house.app.storage.db
      .selectFrom('meteredCall')
      .selectAll()
      .where('kind', '=', 'embedding')
      .executeTakeFirstOrThrow();
    expect(call).toMatchObject({ state: 'settled', model: 'vectors', outputTokens: 0 });
    expect(call.inputTokens).toBeGreaterThan(0);
  });
});

function bodyOf({ content, stream = false }: { content: string; stream?: boolean }) {
  return { model: 'test', messages: [{ role: 'user', content }], stream };
}

interface Asked {
  content: string;
  stream?: boolean;
  idempotencyKey: string;
  signal?: AbortSignal;
}

function ask({ idempotencyKey, signal, ...asked }: Asked): Promise<Response> {
  return fetch(`${house.address}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
    body: JSON.stringify(bodyOf(asked)),
    ...(signal ? { signal } : {}),
  });
}

async function post(asked: Asked) {
  const response = await ask(asked);
  const { status, headers } = response;
  const text = await response.text();
  const error = status >= 400 ? (JSON.parse(text) as { error: { code: string } }).error : undefined;
  return { status, headers, text, error };
}

async function countCalls(): Promise<number> {
  return (await house.app.storage.db.selectFrom('meteredCall').select('id').execute()).length;
}
