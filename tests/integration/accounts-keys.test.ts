import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { idSchema } from '../../contract/common.ts';
import type { Area } from '../../src/http/http-app.ts';
import { openTestHouse, type TestHouse } from './http-house.ts';

/** Routes as the other areas have them, one for each scope. */
const things: Area = (app) => {
  const response = { 200: z.object({ who: idSchema }) };
  app.get('/api/things/chat', { schema: { response }, config: { access: 'user', scope: 'chat' } }, ({ actor }) => ({
    who: actor.userId,
  }));
  app.get('/api/things/models', { schema: { response }, config: { access: 'user', scope: 'models' } }, ({ actor }) => ({
    who: actor.userId,
  }));
  app.get('/api/things/other', { schema: { response }, config: { access: 'user' } }, ({ actor }) => ({
    who: actor.userId,
  }));
  app.get('/api/things/owner', { schema: { response }, config: { access: 'owner' } }, ({ actor }) => ({
    who: actor.userId,
  }));
};

let house: TestHouse;
let member: string;

beforeAll(async () => {
  house = await openTestHouse({ areas: [things] });
  member = await house.invite('member');
});

afterAll(() => house[Symbol.asyncDispose]());

async function createKey(scopes: string[], cookie?: string): Promise<{ id: string; key: string }> {
  const request = { method: 'POST' as const, url: '/api/keys', payload: { name: 'test', scopes } };
  const response = cookie
    ? await house.app.inject({ ...request, headers: { cookie } })
    : await house.asTerminal(request);
  expect(response.statusCode).toBe(200);
  return response.json();
}

const statusWith = async (key: string, url: string, method: 'GET' | 'POST' | 'PATCH' = 'GET') =>
  (
    await house.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${key}` },
      ...(method === 'GET' ? {} : { payload: {} }),
    })
  ).statusCode;

test('a key has 256 random bits, is shown once and stored as a hash', async () => {
  const { key, id } = await createKey(['all']);
  expect(key).toMatch(/^ew_[\w-]{43}$/);
  const list = (await house.asTerminal({ url: '/api/keys' })).body;
  expect(list).toContain(id);
  expect(list).toContain(key.slice(0, 8));
  expect(list).not.toContain(key.slice(0, 12));
  const rows = await house.test.storage.db.selectFrom('apiKey').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(key.slice(0, 12));
});

test.each([
  { scopes: ['chat'], open: ['chat'] },
  { scopes: ['models'], open: ['models'] },
  { scopes: ['chat', 'models'], open: ['chat', 'models'] },
  { scopes: ['all'], open: ['chat', 'models', 'other', 'owner'] },
])('a key with $scopes reaches $open and nothing else', async ({ scopes, open }) => {
  const { key } = await createKey(scopes);
  for (const name of ['chat', 'models', 'other', 'owner']) {
    expect([name, await statusWith(key, `/api/things/${name}`)]).toEqual([name, open.includes(name) ? 200 : 403]);
  }
});

test('no key manages accounts, not even one with all scopes', async () => {
  const { key } = await createKey(['all']);
  expect(await statusWith(key, '/api/me')).toBe(200);
  for (const [method, url] of [
    ['PATCH', '/api/me'],
    ['POST', '/api/me/password'],
    ['POST', '/api/me/links'],
    ['GET', '/api/me/sessions'],
    ['GET', '/api/keys'],
    ['POST', '/api/keys'],
    ['GET', '/api/house/users'],
    ['PATCH', '/api/house/settings'],
    ['POST', '/api/house/invitations'],
    ['POST', '/api/house/open-link'],
  ] as const) {
    expect([url, await statusWith(key, url, method)]).toEqual([url, 403]);
  }
});

test("a member's key speaks for the member only", async () => {
  const { key } = await createKey(['all'], member);
  const who = (await house.app.inject({ url: '/api/things/chat', headers: { authorization: `Bearer ${key}` } })).json();
  const me = (await house.app.inject({ url: '/api/me', headers: { cookie: member } })).json();
  expect(who).toEqual({ who: me.id });
  expect(await statusWith(key, '/api/things/owner')).toBe(403);
});

test('a revoked key opens nothing from then on, and others cannot revoke it', async () => {
  const { id, key } = await createKey(['chat']);
  expect(
    (await house.app.inject({ method: 'DELETE', url: `/api/keys/${id}`, headers: { cookie: member } })).statusCode,
  ).toBe(404);
  expect(await statusWith(key, '/api/things/chat')).toBe(200);
  expect((await house.asTerminal({ method: 'DELETE', url: `/api/keys/${id}` })).statusCode).toBe(200);
  expect(await statusWith(key, '/api/things/chat')).toBe(401);
  const { keys } = (await house.asTerminal({ url: '/api/keys' })).json();
  expect(keys.find((entry: { id: string }) => entry.id === id)).toMatchObject({ revokedAt: expect.any(Number) });
});

test('its last use is noted, at most once a minute', async () => {
  const { id, key } = await createKey(['chat']);
  const lastUsedAt = async () => {
    await house.accounts.keys.close();
    const { keys } = (await house.asTerminal({ url: '/api/keys' })).json();
    return keys.find((entry: { id: string }) => entry.id === id).lastUsedAt as number | null;
  };
  expect(await lastUsedAt()).toBeNull();
  await statusWith(key, '/api/things/chat');
  const first = await lastUsedAt();
  expect(first).not.toBeNull();
  house.clock.advance(30_000);
  await statusWith(key, '/api/things/chat');
  expect(await lastUsedAt()).toBe(first);
  house.clock.advance(31_000);
  await statusWith(key, '/api/things/chat');
  expect(await lastUsedAt()).toBeGreaterThan(first ?? 0);
});

test('a person sees neither the keys, sessions, links nor people of others', async () => {
  const ownerKey = await createKey(['all']);
  const seen = (await house.app.inject({ url: '/api/keys', headers: { cookie: member } })).body;
  expect(seen).not.toContain(ownerKey.id);
  const ownerCookie = await house.openBrowser();
  const ownerSession = (await house.app.inject({ url: '/api/me', headers: { cookie: ownerCookie } })).json().sessionId;
  const ended = await house.app.inject({
    method: 'DELETE',
    url: `/api/me/sessions/${ownerSession}`,
    headers: { cookie: member },
  });
  expect(ended.statusCode).toBe(404);
  expect((await house.app.inject({ url: '/api/me', headers: { cookie: ownerCookie } })).statusCode).toBe(200);
  for (const url of ['/api/house/users', '/api/house/invitations', '/api/house/settings', '/api/about']) {
    const response = await house.app.inject({ url, headers: { cookie: member } });
    expect(response.json()).toMatchObject({ error: { code: 'owner-only' } });
  }
});

test('removing a person locks them out, runs the clean-up of the other rooms, and spares the owner', async () => {
  const cookie = await house.invite('leaving');
  const { id } = (await house.app.inject({ url: '/api/me', headers: { cookie } })).json();
  const { key } = await createKey(['chat'], cookie);
  const cleaned: string[] = [];
  house.accounts.people.onDelete(async (userId) => {
    cleaned.push(userId);
    expect((await house.app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401);
  });
  expect((await house.asTerminal({ method: 'DELETE', url: `/api/house/users/${id}` })).statusCode).toBe(200);
  expect(cleaned).toEqual([id]);
  expect(await statusWith(key, '/api/things/chat')).toBe(401);
  expect((await house.asTerminal({ url: '/api/house/users' })).body).not.toContain(id);
  expect((await house.asTerminal({ method: 'DELETE', url: `/api/house/users/${id}` })).statusCode).toBe(404);
  const ownerId = house.accounts.terminalActor.userId;
  expect((await house.asTerminal({ method: 'DELETE', url: `/api/house/users/${ownerId}` })).statusCode).toBe(403);
});
