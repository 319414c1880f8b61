import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlatformKey, ShownKey } from '../../contract/platform-keys.ts';
import type { CallLog, UsageReport } from '../../contract/platform-books.ts';
import type { Team } from '../../contract/teams.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const HOUR_IN_MS = 3_600_000;
let ahead = 0;
let house: ChatHouse;
let people: Record<'owner' | 'admin' | 'member' | 'viewer' | 'stranger', Caller>;
let team: Team;

beforeAll(async () => {
  house = await openHouse({
    script: { rules: [{ steps: [{ type: 'tokens', tokens: ['Hello'] }] }] },
    clock: { ...systemClock, now: () => systemClock.now() + ahead, monotonic: () => systemClock.monotonic() },
  });
  people = {
    owner: house.owner,
    admin: await house.member('admin'),
    member: await house.member('member'),
    viewer: await house.member('viewer'),
    stranger: await house.member('stranger'),
  };
  team = await house.owner.call<Team>('POST', '/api/platform/teams', { name: 'Lighthouse' });
  for (const role of ['admin', 'member', 'viewer'] as const) {
    team = await house.owner.call<Team>('POST', `/api/platform/teams/${team.id}/members`, { username: role, role });
  }
});
afterAll(() => house[Symbol.asyncDispose]());

const newKey = (person: Caller, more: object = {}) =>
  person.call<ShownKey>('POST', '/api/platform/keys', { name: 'Test', ...more });
const keysOf = async (person: Caller) => (await person.call<{ keys: PlatformKey[] }>('GET', '/api/platform/keys')).keys;
const opens = async (key: string) =>
  (await new Caller(() => house.address, { authorization: `Bearer ${key}` }).fetch('/v1/models')).status;

test('a key is shown once, may use the models it names, and ends when its time is over', async () => {
  const { key, entry } = await newKey(house.owner, {
    models: ['nothing-like-it'],
    expiresAt: Date.now() + HOUR_IN_MS,
    requestsPerMinute: 30,
    tokensPerMinute: 5000,
  });
  expect(entry).toMatchObject({ scopes: ['models'], requestsPerMinute: 30, tokensPerMinute: 5000, manageable: true });
  expect(JSON.stringify(await keysOf(house.owner))).not.toContain(key.slice(0, 12));
  const caller = new Caller(() => house.address, { authorization: `Bearer ${key}` });
  expect(await caller.call('GET', '/v1/models')).toMatchObject({ data: [] });
  expect((await caller.fetch('/api/platform/keys')).status).toBe(403);
  ahead = 2 * HOUR_IN_MS;
  expect(await opens(key)).toBe(401);
  ahead = 0;
});

test('a rotated key opens by both texts for as long as was chosen, then by the new one alone', async () => {
  const before = await newKey(house.owner);
  const path = `/api/platform/keys/${before.entry.id}`;
  const after = await house.owner.call<ShownKey>('POST', `${path}/rotate`, { overlapInMs: HOUR_IN_MS });
  expect(after.key).not.toBe(before.key);
  expect([await opens(before.key), await opens(after.key)]).toEqual([200, 200]);
  ahead = HOUR_IN_MS + 1000;
  expect([await opens(before.key), await opens(after.key)]).toEqual([401, 200]);
  ahead = 0;
  const last = await house.owner.call<ShownKey>('POST', `${path}/rotate`, { overlapInMs: 0 });
  expect([await opens(after.key), await opens(last.key)]).toEqual([401, 200]);
  await house.owner.call('DELETE', path);
  expect(await opens(last.key)).toBe(401);
  expect(await house.owner.refusal('POST', `${path}/rotate`, {})).toMatchObject({ status: 409, code: 'key-revoked' });
});

test('each role may do in a team what it is for', async () => {
  const teamId = team.id;
  const own = await newKey(people.member, { teamId });
  expect(await people.viewer.refusal('POST', '/api/platform/keys', { name: 'x', teamId })).toMatchObject({
    status: 403,
    code: 'team-role',
  });
  const seen = async (person: Caller) => (await keysOf(person)).find(({ id }) => id === own.entry.id)?.manageable;
  expect(await Promise.all([people.viewer, people.admin, people.member].map(seen))).toEqual([false, true, true]);
  const path = `/api/platform/keys/${own.entry.id}`;
  expect(await people.viewer.refusal('PATCH', path, { name: 'Mine now' })).toMatchObject({ status: 403 });
  const changed = await people.admin.call<PlatformKey>('PATCH', path, { name: 'Renamed', models: ['a', 'a'] });
  expect(changed).toMatchObject({ name: 'Renamed', models: ['a'], requestsPerMinute: null });
  const members = `/api/platform/teams/${teamId}/members`;
  expect(await people.member.refusal('POST', members, { username: 'stranger', role: 'viewer' })).toMatchObject({
    status: 403,
  });
  expect(await people.admin.refusal('POST', members, { username: 'stranger', role: 'owner' })).toMatchObject({
    status: 403,
  });
  const owner = team.members.find(({ role }) => role === 'owner')!;
  expect(await people.admin.refusal('DELETE', `${members}/${owner.userId}`)).toMatchObject({ status: 403 });
  expect(await house.owner.refusal('PATCH', `${members}/${owner.userId}`, { role: 'viewer' })).toMatchObject({
    code: 'last-owner',
  });
});

test('who leaves a team takes no key along, and a team that is removed leaves none that opens', async () => {
  const teamId = team.id;
  const [first, second] = [await newKey(people.member, { teamId }), await newKey(people.admin, { teamId })];
  const { userId } = team.members.find(({ username }) => username === 'member')!;
  await people.member.call('DELETE', `/api/platform/teams/${teamId}/members/${userId}`);
  expect([await opens(first.key), await opens(second.key)]).toEqual([401, 200]);
  expect(await people.admin.refusal('DELETE', `/api/platform/teams/${teamId}`)).toMatchObject({ status: 403 });
  await house.owner.call('DELETE', `/api/platform/teams/${teamId}`);
  expect(await opens(second.key)).toBe(401);
  expect((await house.owner.call<{ teams: Team[] }>('GET', '/api/platform/teams')).teams).toEqual([]);
});

test('who belongs to a team sees what it uses, by whom, call by call; others see only their own', async () => {
  const made = await house.owner.call<Team>('POST', '/api/platform/teams', { name: 'Pier' });
  for (const username of ['member', 'viewer']) {
    const role = username === 'member' ? 'member' : 'viewer';
    await house.owner.call('POST', `/api/platform/teams/${made.id}/members`, { username, role });
  }
  const { key } = await newKey(people.member, { teamId: made.id });
  const caller = new Caller(() => house.address, { authorization: `Bearer ${key}` });
  await caller.call('POST', '/v1/chat/completions', { model: 'test', messages: [{ role: 'user', content: 'Hi' }] });
  const usage = (person: Caller, query: string) =>
    person.call<UsageReport>('GET', `/api/platform/usage?${query}`).then(({ rows }) => rows);
  const { viewer, stranger } = people;
  expect(await usage(viewer, `teamId=${made.id}&by=user`)).toMatchObject([{ label: 'member', calls: 1 }]);
  expect(await usage(viewer, 'by=user')).toEqual([]);
  expect(await usage(viewer, `teamId=${made.id}&purpose=title`)).toEqual([]);
  const { calls } = await viewer.call<CallLog>('GET', `/api/platform/calls?teamId=${made.id}`);
  expect(calls).toMatchObject([{ teamId: made.id, purpose: 'request' }]);
  expect(await viewer.call('GET', `/api/platform/calls/${calls[0]?.id}`)).toEqual(calls[0]);
  for (const path of [`usage?teamId=${made.id}`, `calls?teamId=${made.id}`, `calls/${calls[0]?.id}`]) {
    expect(await stranger.refusal('GET', `/api/platform/${path}`), path).toMatchObject({ status: 404 });
  }
  await house.owner.call('DELETE', `/api/platform/teams/${made.id}`);
});

test('to strangers neither team nor key exists', async () => {
  const made = await house.owner.call<Team>('POST', '/api/platform/teams', { name: 'Hidden' });
  const { entry } = await newKey(house.owner, { teamId: made.id });
  const { stranger } = people;
  expect(await stranger.refusal('POST', '/api/platform/teams', { name: 'Mine' })).toMatchObject({ status: 403 });
  expect((await stranger.call<{ teams: Team[] }>('GET', '/api/platform/teams')).teams).toEqual([]);
  expect(await keysOf(stranger)).toEqual([]);
  const attempts = [
    ['POST', '/api/platform/keys', { name: 'x', teamId: made.id }],
    ['PATCH', `/api/platform/keys/${entry.id}`, { name: 'x' }],
    ['POST', `/api/platform/keys/${entry.id}/rotate`, {}],
    ['DELETE', `/api/platform/keys/${entry.id}`],
    ['PATCH', `/api/platform/teams/${made.id}`, { name: 'x' }],
    ['DELETE', `/api/platform/teams/${made.id}`],
    ['POST', `/api/platform/teams/${made.id}/members`, { username: 'stranger', role: 'viewer' }],
    ['PATCH', `/api/platform/teams/${made.id}/members/${entry.userId}`, { role: 'viewer' }],
    ['DELETE', `/api/platform/teams/${made.id}/members/${entry.userId}`],
  ] as const;
  for (const [method, path, body] of attempts) {
    expect(await stranger.refusal(method, path, body), `${method} ${path}`).toMatchObject({ status: 404 });
  }
});
