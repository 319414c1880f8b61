import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoutesView } from '../../contract/routes.ts';
import { sendJson, startFakeProvider, type FakeProvider } from './support/fake-provider.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };

let house: ChatHouse;
let providers: { a: FakeProvider; b: FakeProvider };
let refs: { a: string; b: string };
let key: string;
beforeAll(async () => {
  providers = { a: await startFakeProvider(answerAs('a')), b: await startFakeProvider(answerAs('b')) };
  house = await openHouse({ script: { rules: [{ steps: [{ type: 'tokens', tokens: ['local'], delayInMs: 0 }] }] } });
  refs = { a: await addProvider('a'), b: await addProvider('b') };
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await providers?.a[Symbol.asyncDispose]();
  await providers?.b[Symbol.asyncDispose]();
});

test('a route falls back before anything was delivered, says so, and stops asking who is ill', async () => {
  await save({ name: 'both', targets: [{ ref: refs.a }, { ref: refs.b, priority: 1 }], retries: 0 });
  expect(await ask({ model: 'both' })).toMatchObject({ from: 'a', attempts: '1', model: 'both' });
  providers.a.answer = (_, response) => sendJson(response, { error: { message: 'down' } }, 500);
  for (let call = 0; call < 5; call += 1) {
    expect(await ask({ model: 'both' })).toMatchObject({ from: 'b', attempts: '2', target: refs.b });
  }
  expect(await lastCall()).toMatchObject({ model: 'both', ref: refs.b, attempts: 2, outcome: 'done' });
  const { routes } = await house.owner.call<RoutesView>('GET', '/api/platform/routes');
  expect(routes[0]?.targets[0]).toMatchObject({
    state: 'open',
    consecutiveFaults: 5,
    lastErrorCode: 'provider-failed',
  });
  const before = providers.a.seen.length;
  expect(await ask({ model: 'both' })).toMatchObject({ from: 'b', attempts: '1' });
  expect(providers.a.seen).toHaveLength(before);
  providers.a.answer = answerAs('a');
});

test('what is wrong with the request is wrong everywhere', async () => {
  await save({ name: 'pair', targets: [{ ref: refs.b }, { ref: refs.a, priority: 1 }], retries: 0 });
  providers.b.answer = (_, response) => sendJson(response, { error: { message: 'bad n', param: 'n' } }, 400);
  const before = providers.a.seen.length;
  expect((await post({ model: 'pair', messages: [{ role: 'user', content: 'x' }] })).status).toBe(400);
  expect(providers.a.seen).toHaveLength(before);
  providers.b.answer = answerAs('b');
});

test('what runs here stands in for a provider', async () => {
  await save({ name: 'mixed', targets: [{ ref: refs.b }, { ref: 'scripted:test', priority: 1 }], retries: 0 });
  providers.b.answer = (_, response) => sendJson(response, { error: { message: 'no such model' } }, 404);
  const response = await post({ model: 'mixed', messages: [{ role: 'user', content: 'x' }] });
  expect(await response.json()).toMatchObject({ model: 'mixed', choices: [{ message: { content: 'local' } }] });
  expect(await lastCall()).toMatchObject({ ref: 'scripted:test', attempts: 2 });
  providers.b.answer = answerAs('b');
});

test('one beginning keeps to one target', async () => {
  await save({ name: 'sticky', targets: [{ ref: refs.b }, { ref: 'scripted:test', weight: 1, priority: 9 }] });
  await save({ name: 'spread', targets: [{ ref: refs.b }, { ref: refs.a }] });
  // The first test left `a` ill: it heals by a probe.
  for (const begin of ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']) {
    const first = await ask({ model: 'spread', content: begin });
    expect(await ask({ model: 'spread', content: begin })).toMatchObject({ from: first.from });
  }
});

test('routes in a file count at once, and a wrong file leaves the last good one', async () => {
  const path = join(house.dataDirectory, 'routes.yaml');
  await writeFile(path, `routes:\n  - name: filed\n    targets:\n      - ref: "${refs.b}"\n`);
  await until('the file is taken over', async () => (await listed()).routes.some(({ source }) => source === 'file'));
  expect(await ask({ model: 'filed' })).toMatchObject({ from: 'b', model: 'filed' });
  expect((await models()).includes('filed')).toBe(true);
  await expect(save({ name: 'filed', targets: [{ ref: refs.a }] })).rejects.toThrow(/change it there/);
  await writeFile(path, 'routes:\n  - name: filed\n    targets: []\n');
  await until('the file is refused', async () => (await listed()).fileError !== null);
  expect((await listed()).fileError).toContain('targets');
  expect(await ask({ model: 'filed' })).toMatchObject({ from: 'b' });
  await rm(path);
  await until('the file is gone', async () => !(await listed()).routes.some(({ source }) => source === 'file'));
  expect((await post({ model: 'filed', messages: [{ role: 'user', content: 'x' }] })).status).toBe(404);
});

test('only the owner sets routes, only to models that are there, and a key only uses what it may', async () => {
  await expect(save({ name: 'lost', targets: [{ ref: 'nobody:nothing' }] })).rejects.toThrow(/targets.0.ref|no model/);
  const member = await house.member('mira');
  await expect(member.call('GET', '/api/platform/routes')).rejects.toThrow(/owner/);
  const { key: narrow } = await house.owner.call<{ key: string }>('POST', '/api/platform/keys', {
    name: 'narrow',
    scopes: ['models'],
    models: ['else'],
  });
  const response = await post({ model: 'pair', messages: [{ role: 'user', content: 'x' }] }, narrow);
  expect(response.status).toBe(403);
  await house.owner.call('DELETE', '/api/platform/routes?name=pair');
  expect((await models()).includes('pair')).toBe(false);
});

function answerAs(name: string): FakeProvider['answer'] {
  return (_, response) =>
    sendJson(response, {
      model: `model-of-${name}`,
      choices: [{ index: 0, message: { role: 'assistant', content: name }, finish_reason: 'stop' }],
      usage,
    });
}

async function addProvider(name: 'a' | 'b'): Promise<string> {
  const { id } = await house.owner.call<{ id: string }>('POST', '/api/providers', {
    kind: 'openai-compatible',
    name,
    baseUrl: providers[name].address,
    models: [`model-of-${name}`],
  });
  return `${id}:model-of-${name}`;
}

function save(route: object): Promise<RoutesView> {
  return house.owner.call('PUT', '/api/platform/routes', route);
}

function listed(): Promise<RoutesView> {
  return house.owner.call('GET', '/api/platform/routes');
}

async function models(): Promise<string[]> {
  const { data } = await house.owner.call<{ data: { id: string }[] }>('GET', '/v1/models');
  return data.map(({ id }) => id);
}

async function ask({ model, content = 'hi' }: { model: string; content?: string }) {
  const response = await post({ model, messages: [{ role: 'user', content }] });
  const body = (await response.json()) as { model: string; choices: { message: { content: string } }[] };
  return {
    from: body.choices[0]?.message.content,
    model: body.model,
    attempts: response.headers.get('x-everwith-attempts'),
    target: response.headers.get('x-everwith-target'),
  };
}

function post(body: object, bearer = key): Promise<Response> {
  return fetch(`${house.address}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function lastCall() {
  return house.app.storage.db.selectFrom('meteredCall').selectAll().orderBy('id', 'desc').executeTakeFirst();
}
