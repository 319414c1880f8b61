import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Team, TeamRole } from '../../contract/teams.ts';
import type { CreatedWebhook, WebhookDelivery, WebhookDeliveryList } from '../../contract/webhooks.ts';
import { isPublicAddress } from '../../src/base/public-address.ts';
import { postGuarded } from '../../src/base/post-guarded.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

let house: ChatHouse;
let server: Server;
let address: string;
let key: string;
const received: Received[] = [];
/** What the receiver answers next; 200 where nothing is said. */
const answers: number[] = [];

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  received.push({ path: request.url ?? '', headers, body: await text(request) });
  response.writeHead(answers.shift() ?? 200).end();
}

beforeAll(async () => {
  server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  house = await openHouse({
    script: { rules: [{ steps: [{ type: 'tokens', tokens: ['Hello', '.'], delayInMs: 0 }] }] },
    environment: { EVERWITH_PRIVATE_LINKS: '1' },
  });
  ({ key } = await house.owner.call<{ key: string }>('POST', '/api/keys', { name: 'test', scopes: ['models'] }));
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  server?.close();
});

const client = () => new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 });
const add = (path: string, events: string[]) =>
  house.owner.call<CreatedWebhook>('POST', '/api/platform/webhooks', { url: `${address}${path}`, events });
const deliveriesOf = async (id: string) =>
  (await house.owner.call<WebhookDeliveryList>('GET', `/api/platform/webhooks/${id}/deliveries`)).deliveries;
const ended = (id: string) =>
  until('the message was tried', async () => (await deliveriesOf(id)).find(({ attempts }) => attempts > 0));
const at = (path: string) => received.filter((one) => one.path === path);

async function runBatch(): Promise<string> {
  const body = { model: 'test', messages: [{ role: 'user', content: 'Hello' }] };
  const line = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body });
  const file = await client().files.create({ purpose: 'batch', file: await toFile(Buffer.from(line), 'b.jsonl') });
  const batch = await client().batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  return batch.id;
}

test('the end of a batch is told, signed so that OpenAI’s client takes it', async () => {
  const { webhook, secret } = await add('/batches', ['batch.completed']);
  const other = await add('/others', ['batch.failed']);
  const id = await runBatch();
  expect(await ended(webhook.id)).toMatchObject({ state: 'delivered', type: 'batch.completed', lastStatus: 200 });
  const [{ body, headers } = { body: '', headers: {} }] = at('/batches');
  const event = await client().webhooks.unwrap(body, headers, secret);
  expect(event).toMatchObject({ object: 'event', type: 'batch.completed', data: { id } });
  await expect(client().webhooks.unwrap(`${body} `, headers, secret)).rejects.toThrow(/signature/iu);
  expect(await deliveriesOf(other.webhook.id)).toEqual([]);
  await house.owner.call('DELETE', `/api/platform/webhooks/${webhook.id}`);
});

test('a message that was not taken waits, and is sent again by hand with both secrets after a change', async () => {
  const { webhook, secret } = await add('/again', ['batch.completed']);
  answers.push(500);
  await runBatch();
  const refused = await ended(webhook.id);
  expect(refused).toMatchObject({ state: 'waiting', lastStatus: 500, attempts: 1 });
  expect(refused.nextAttemptAt).toBeGreaterThan(refused.createdAt);
  const rotated = await house.owner.call<CreatedWebhook>('POST', `/api/platform/webhooks/${webhook.id}/rotate`);
  expect(rotated.secret).not.toBe(secret);
  await house.owner.call('POST', `/api/platform/webhooks/${webhook.id}/deliveries/${refused.id}/redeliver`);
  await until('it was taken', async () => (await deliveriesOf(webhook.id))[0]?.state === 'delivered');
  const [first, second] = at('/again');
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  for (const known of [secret, rotated.secret]) {
    await client().webhooks.unwrap(second?.body ?? '', second?.headers ?? {}, known);
  }
  await house.owner.call('DELETE', `/api/platform/webhooks/${webhook.id}`);
});

test('an address that says it is gone is told nothing more', async () => {
  const { webhook } = await add('/gone', ['batch.completed']);
  answers.push(410);
  await runBatch();
  await ended(webhook.id);
  const { webhooks } = await house.owner.call<{ webhooks: { id: string; enabled: boolean; disabledReason: string }[] }>(
    'GET',
    '/api/platform/webhooks',
  );
  expect(webhooks.find(({ id }) => id === webhook.id)).toMatchObject({ enabled: false, disabledReason: 'gone' });
});

test('a response in the background is told of when it ends', async () => {
  const { webhook, secret } = await add('/responses', ['response.completed']);
  const { id } = await client().responses.create({ model: 'test', input: 'Hello', background: true });
  expect(await ended(webhook.id)).toMatchObject({ state: 'delivered', type: 'response.completed' });
  const [{ body, headers } = { body: '', headers: {} }] = at('/responses');
  expect(await client().webhooks.unwrap(body, headers, secret)).toMatchObject({ data: { id } });
});

test('limits that are reached are told', async () => {
  const { webhook } = await add('/limits', ['limit.soft', 'limit.hard']);
  await house.app.ledger.setPrices({ ref: '*', prices: { outputPerMillion: 1_000_000_000 }, actorId: null });
  const limits = { softLimit: 1000, hardLimit: 1_000_000_000 };
  await house.owner.call('POST', '/api/platform/budgets', { scope: 'all', subject: null, period: 'day', ...limits });
  await client().chat.completions.create({ model: 'test', messages: [{ role: 'user', content: 'Hello' }] });
  const told = await until('it is told', async () =>
    (await deliveriesOf(webhook.id)).find(({ state }) => state === 'delivered'),
  );
  expect(told.type).toBe('limit.soft');
  expect(JSON.parse((told satisfies WebhookDelivery).payload)).toMatchObject({
    data: { scope: 'all', softLimit: 1000 },
  });
});

test('who owns a team is told of its limits, and a member is not', async () => {
  const team = await house.owner.call<Team>('POST', '/api/platform/teams', { name: 'Lighthouse' });
  const hooks = new Map<TeamRole, string>();
  let key = '';
  for (const role of ['owner', 'member'] as const) {
    const person = await house.member(`team-${role}`);
    await house.owner.call('POST', `/api/platform/teams/${team.id}/members`, { username: `team-${role}`, role });
    const hook = { url: `${address}/team-${role}`, events: ['limit.soft'] };
    hooks.set(role, (await person.call<CreatedWebhook>('POST', '/api/platform/webhooks', hook)).webhook.id);
    const made = { name: role, teamId: team.id };
    ({ key } = await person.call<{ key: string }>('POST', '/api/platform/keys', made));
  }
  const limits = { softLimit: 1000, hardLimit: null };
  const budget = { scope: 'team', subject: team.id, period: 'day', ...limits };
  await house.owner.call('POST', '/api/platform/budgets', budget);
  await new OpenAI({ apiKey: key, baseURL: `${house.address}/v1`, maxRetries: 0 }).chat.completions.create({
    model: 'test',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  await until('the owner is told', () => at('/team-owner').length > 0);
  expect(
    await house.app.storage.db
      .selectFrom('webhookDelivery')
      .select('webhookId')
      .where('webhookId', 'in', Array.from(hooks.values()))
      .execute(),
  ).toEqual([{ webhookId: hooks.get('owner') }]);
});

test('addresses inside are refused unless the owner allows them', async () => {
  const post = {
    url: `${address}/inside`,
    headers: {},
    body: '{}',
    timeoutMs: 1000,
    signal: AbortSignal.timeout(5000),
  };
  await expect(postGuarded({ ...post, isAllowed: isPublicAddress })).rejects.toMatchObject({ code: 'link-private' });
  expect(at('/inside')).toEqual([]);
});
