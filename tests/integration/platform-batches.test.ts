import { createHash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

let house: ChatHouse;
let client: OpenAI;
let key: string;
beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'slowly' }, steps: [{ type: 'tokens', tokens: Array(12).fill('so '), delayInMs: 60 }] },
        { steps: [{ type: 'tokens', tokens: ['Hello', '.'], delayInMs: 0 }] },
      ],
    },
  });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
  client = connect();
});
afterAll(() => house?.[Symbol.asyncDispose]());

const connect = () => new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
const endpoint = '/v1/chat/completions';
const request = (customId: string, body: object, url: string = endpoint) =>
  JSON.stringify({ custom_id: customId, method: 'POST', url, body });
const say = (content: string) => ({ model: 'test', messages: [{ role: 'user', content }] });

async function start(lines: readonly string[]): Promise<OpenAI.Batch> {
  const file = await client.files.create({
    purpose: 'batch',
    file: await toFile(Buffer.from(lines.join('\n')), 'b.jsonl'),
  });
  return client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h', metadata: { run: '1' } });
}
const ended = (id: string) =>
  until('the batch ends', async () => {
    const batch = await client.batches.retrieve(id);
    return ['completed', 'failed', 'cancelled', 'expired'].includes(batch.status) ? batch : null;
  });
const rows = async (id: string | undefined) =>
  (await (await client.files.content(id ?? '')).text())
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { custom_id: string; response: { status_code: number; body: OpenAI.ChatCompletion } },
    );

test('a file that comes in parts is put together in their order, and answered in a batch', async () => {
  const lines = Buffer.from([request('a', say('Hi')), request('b', say('Ho'))].join('\n'));
  const begin = (more: object = {}) =>
    client.uploads.create({
      filename: 'b.jsonl',
      purpose: 'batch',
      bytes: lines.length,
      mime_type: 'application/jsonl',
      ...more,
    });
  const part = async (id: string, bytes: Buffer) =>
    (await client.uploads.parts.create(id, { data: await toFile(bytes, 'part') })).id;
  const upload = await begin({ expires_after: { anchor: 'created_at', seconds: 3600 } });
  expect(upload).toMatchObject({ object: 'upload', status: 'pending', expires_at: upload.created_at + 3600 });
  const second = await part(upload.id, lines.subarray(50));
  await expect(client.uploads.complete(upload.id, { part_ids: [second] })).rejects.toMatchObject({
    status: 400,
    code: 'upload_size_wrong',
  });
  const first = await part(upload.id, lines.subarray(0, 50));
  await expect(part(upload.id, Buffer.from('more'))).rejects.toMatchObject({ status: 400, param: 'data' });
  const md5 = createHash('md5').update(lines).digest('hex');
  await expect(client.uploads.complete(upload.id, { part_ids: [second, first], md5 })).rejects.toMatchObject({
    status: 400,
    param: 'md5',
  });
  await expect(client.uploads.complete(upload.id, { part_ids: [first, 'part_x'] })).rejects.toMatchObject({
    status: 404,
  });
  const done = await client.uploads.complete(upload.id, { part_ids: [first, second], md5 });
  expect(done).toMatchObject({ status: 'completed', file: { bytes: lines.length, filename: 'b.jsonl' } });
  await expect(part(upload.id, lines)).rejects.toMatchObject({ status: 409 });
  const fileId = done.file?.id ?? '';
  expect(await (await client.files.content(fileId)).text()).toBe(lines.toString());
  const batch = await client.batches.create({ input_file_id: fileId, endpoint, completion_window: '24h' });
  expect(await ended(batch.id)).toMatchObject({ status: 'completed', model: 'test', request_counts: { completed: 2 } });
  const given = await begin();
  await part(given.id, lines);
  expect(await client.uploads.cancel(given.id)).toMatchObject({ status: 'cancelled' });
  await expect(client.uploads.complete(given.id, { part_ids: ['x'] })).rejects.toMatchObject({ status: 409 });
  const stranger = await house.member('bea');
  expect(await stranger.refusal('POST', `/v1/uploads/${upload.id}/cancel`)).toMatchObject({ status: 404 });
});

test('files are kept, listed by pages, handed out and deleted', async () => {
  const made: string[] = [];
  for (const name of ['eins.txt', '二.txt', 'three.txt']) {
    const file = await client.files.create({
      purpose: 'user_data',
      file: await toFile(Buffer.from(`content of ${name}`), name),
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    expect(file).toMatchObject({ object: 'file', filename: name, purpose: 'user_data', status: 'processed' });
    expect(file.expires_at).toBe(file.created_at + 3600);
    made.push(file.id);
  }
  const listed: string[] = [];
  for await (const { id } of client.files.list({ limit: 2, order: 'asc', purpose: 'user_data' })) listed.push(id);
  expect(listed).toEqual(made);
  const [first = '', second = ''] = made;
  expect(await (await client.files.content(second)).text()).toBe('content of 二.txt');
  expect(await client.files.delete(first)).toMatchObject({ id: first, deleted: true });
  await expect(client.files.retrieve(first)).rejects.toMatchObject({ status: 404, code: 'file_unknown' });
  const wrong = client.files.create({ purpose: 'poetry' as 'batch', file: await toFile(Buffer.from('x'), 'x') });
  await expect(wrong).rejects.toMatchObject({ status: 400, param: 'purpose' });
});

test('nobody reaches the files and batches of others', async () => {
  const other = await house.member('ada');
  const { key: otherKey } = await other.call<{ key: string }>('POST', '/api/keys', { name: 'x', scopes: ['models'] });
  const stranger = new OpenAI({ apiKey: otherKey, baseURL: `${house.address}/v1`, maxRetries: 0 });
  const file = await client.files.create({ purpose: 'batch', file: await toFile(Buffer.from('x'), 'x.jsonl') });
  await expect(stranger.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
  await expect(stranger.files.content(file.id)).rejects.toMatchObject({ status: 404 });
  await expect(stranger.files.delete(file.id)).rejects.toMatchObject({ status: 404 });
  const batch = stranger.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' });
  await expect(batch).rejects.toMatchObject({ status: 404, param: 'file_id' });
});

test('a batch answers every line, in one file what was answered and in the other what failed', async () => {
  const begun = await start([
    request('a', say('Say hello')),
    request('b', { ...say('x'), model: 'gone' }),
    '',
    request('c', { model: 'test', messages: 'none' }),
    request('d', say('Again')),
  ]);
  expect(begun).toMatchObject({ status: 'validating', metadata: { run: '1' }, request_counts: { total: 0 } });
  const batch = await ended(begun.id);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 4, completed: 2, failed: 2 },
    usage: { output_tokens: 4 },
  });
  // Its requests name several.
  expect(batch).not.toHaveProperty('model');
  const answers = await rows(batch.output_file_id);
  expect(answers.map(({ custom_id: id }) => id)).toEqual(['a', 'd']);
  expect(answers[0]?.response.body.choices[0]?.message.content).toBe('Hello.');
  const failures = await rows(batch.error_file_id);
  expect(failures.map(({ custom_id: id, response }) => [id, response.status_code])).toEqual([
    ['b', 404],
    ['c', 400],
  ]);
  expect((await client.batches.list()).data.map(({ id }) => id)).toContain(batch.id);
});

test.each([
  ['a form of nothing', '--x\r\n50--x--\r\n'],
  ['a file that breaks off', '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'],
  ['a field that breaks off', '--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nba'],
])('%s is refused as what it is', async (_what, body) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'multipart/form-data; boundary=x' };
  const answer = await fetch(`${house.address}/v1/files`, { method: 'POST', headers, body });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: 'form_invalid', type: 'invalid_request_error' } });
});

test('a file for what is not done here says so', async () => {
  const file = await toFile(Buffer.from('{}'), 'a.jsonl');
  const kept = await client.files.create({ purpose: 'fine-tune', file });
  expect(kept).toMatchObject({ status: 'processed', status_details: expect.stringContaining('fine-tuned') });
  expect(await client.files.create({ purpose: 'user_data', file })).not.toHaveProperty('status_details');
});

test('a line is answered as the same request asked directly, and costs what the owner says of batches', async () => {
  const prices = { outputPerMillion: 1_000_001, batchPercent: 50 };
  await house.owner.call('PUT', '/api/platform/prices', { ref: '*', prices });
  const since = Date.now();
  const body = { ...say('Say hello'), temperature: 0, max_completion_tokens: 20 };
  const direct = await client.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming);
  const batch = await ended((await start([request('same', body)])).id);
  const [line] = await rows(batch.output_file_id);
  const { id: _id, created: _created, ...answer } = line?.response.body ?? ({} as OpenAI.ChatCompletion);
  expect(direct).toMatchObject(answer);
  const calls = await house.app.storage.db
    .selectFrom('meteredCall')
    .select(['outputTokens', 'cost'])
    .where('startedAt', '>=', since)
    .orderBy('startedAt')
    .execute();
  expect(calls).toEqual([
    { outputTokens: 2, cost: 3 },
    { outputTokens: 2, cost: 2 },
  ]);
  await house.owner.call('PUT', '/api/platform/prices', { ref: '*', prices: {} });
});

test('what was not begun in time stands in the file of errors', async () => {
  const begun = await start([request('a', say('slowly')), request('b', say('slowly'))]);
  await house.app.storage.db.updateTable('apiBatch').set({ expiresAt: 1 }).where('id', '=', begun.id).execute();
  const batch = await ended(begun.id);
  expect(batch).toMatchObject({ status: 'expired', request_counts: { total: 2, completed: 0 } });
  expect(await rows(batch.error_file_id)).toMatchObject([
    { custom_id: 'a', response: null, error: { code: 'batch_expired' } },
    { custom_id: 'b', response: null, error: { code: 'batch_expired' } },
  ]);
});

test('a file with wrong lines fails as a whole and says which', async () => {
  const { id } = await start([
    request('a', say('x')),
    '{oops',
    request('a', say('y')),
    request('e', say('z'), '/v1/responses'),
  ]);
  const batch = await ended(id);
  expect(batch.status).toBe('failed');
  expect(batch.errors?.data?.map(({ code, line }) => [code, line])).toEqual([
    ['invalid_json_line', 2],
    ['duplicate_custom_id', 3],
    ['mismatched_endpoint', 4],
  ]);
});

test('what is cancelled begins nothing more', async () => {
  const { id } = await start(Array.from({ length: 40 }, (_, index) => request(`n${index}`, say('slowly'))));
  await until('it has begun', async () => (await client.batches.retrieve(id)).status === 'in_progress');
  await client.batches.cancel(id);
  const batch = await ended(id);
  expect(batch.status).toBe('cancelled');
  const { completed = 0, failed = 0, total } = batch.request_counts ?? {};
  expect(completed + failed).toBeLessThan(total ?? 0);
  const dropped = await rows(batch.error_file_id);
  expect(dropped).toHaveLength((total ?? 0) - completed);
});

test('a house that stops in the middle goes on, and no line is paid for twice', async () => {
  const output = 1_000_000_000;
  await house.app.ledger.setPrices({ ref: '*', prices: { outputPerMillion: output }, actorId: null });
  const { id } = await start([request('one', say('slowly')), request('two', say('Say hello'))]);
  const lines = house.app.storage.db.selectFrom('apiBatchLine').select('state').where('batchId', '=', id);
  await until('one is answered and the other under way', async () => {
    const states = new Set((await lines.execute()).map(({ state }) => state));
    return states.has('running') && states.has('done');
  });
  await house.close();
  await house.reopen();
  client = connect();
  const batch = await ended(id);
  expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 2, failed: 0 } });
  const calls = await house.app.storage.db
    .selectFrom('meteredCall')
    .select(['id', 'cost', 'requestId'])
    .where('requestId', 'like', `${id}.%`)
    .execute();
  const corrections = await house.app.storage.db
    .selectFrom('ledgerLine')
    .innerJoin('ledgerEntry', 'ledgerEntry.id', 'ledgerLine.entryId')
    .select('amount')
    .where('kind', '=', 'correction')
    .where('amount', '>', 0)
    .execute();
  const billed = calls.reduce((sum, { cost }) => sum + cost, 0);
  const givenBack = corrections.reduce((sum, { amount }) => sum + amount, 0);
  // Twelve tokens and two, each for a thousandth.
  expect(calls.length).toBeGreaterThan(2);
  expect(billed - givenBack).toBe((12 + 2) * (output / 1_000_000));
});
