import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallLog } from '../../contract/platform-books.ts';
import type { LoggedRequest } from '../../contract/request-log.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const DAY_IN_MS = 86_400_000;
let ahead = 0;
let house: ChatHouse;
let member: Caller;
let model: string;

beforeAll(async () => {
  house = await openHouse({
    script: { rules: [{ steps: [{ type: 'tokens', tokens: ['Mail ', 'ann@', 'mail.example', ' soon.'] }] }] },
    clock: { ...systemClock, now: () => systemClock.now() + ahead, monotonic: () => systemClock.monotonic() },
  });
  member = await house.member('member');
  const { data } = await house.owner.call<{ data: { id: string }[] }>('GET', '/v1/models');
  model = data[0]!.id;
});
afterAll(() => house[Symbol.asyncDispose]());

const switchLog = (enabled: boolean, days = 7) =>
  house.owner.call('PUT', '/api/platform/request-log', { enabled, days });

async function ask(person: Caller, body: object = {}): Promise<string> {
  const response = await person.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: 'I am bob@mail.example, call +44 20 7946 0958' }],
      ...body,
    }),
  });
  await response.text();
  return response.headers.get('x-request-id')!;
}
const read = (person: Caller, id: string) => person.call<LoggedRequest>('GET', `/api/platform/requests/${id}`);
const isKept = async (id: string) => (await house.owner.fetch(`/api/platform/requests/${id}`)).status === 200;

test('nothing is kept until the owner says so, and only the owner may', async () => {
  expect(await isKept(await ask(house.owner))).toBe(false);
  expect(await member.refusal('PUT', '/api/platform/request-log', { enabled: true, days: 1 })).toMatchObject({
    status: 403,
  });
});

test('a request is kept without what names people, whole or streamed, under the id of its call', async () => {
  await switchLog(true);
  for (const body of [{}, { stream: true }]) {
    const id = await ask(member, body);
    const kept = await read(member, id);
    expect(kept).toMatchObject({ id, method: 'POST', path: '/v1/chat/completions', status: 200, truncated: false });
    expect(kept.requestBody).toContain('I am [e-mail], call [phone]');
    expect(kept.responseBody).toContain('Mail [e-mail] soon.');
    const { calls } = await member.call<CallLog>('GET', '/api/platform/calls');
    expect(calls.map(({ requestId }) => requestId)).toContain(id);
  }
});

test('what was refused is kept as well', async () => {
  const kept = await read(member, await ask(member, { model: 'no-such-model' }));
  expect(kept.status).toBe(404);
  expect(kept.responseBody).toContain('model_not_found');
});

test('strangers find nothing; the owner finds all', async () => {
  const other = await house.member('other');
  const id = await ask(member);
  expect(await other.refusal('GET', `/api/platform/requests/${id}`)).toMatchObject({ status: 404 });
  expect(await isKept(id)).toBe(true);
});

test('what is older than the owner wants is forgotten, and so is everything when asked', async () => {
  const old = await ask(member);
  expect(await isKept(old)).toBe(true);
  ahead = 3 * DAY_IN_MS;
  const young = await ask(member);
  await switchLog(true, 2);
  expect([await isKept(old), await isKept(young)]).toEqual([false, true]);
  await house.owner.call('DELETE', '/api/platform/request-log');
  expect(await isKept(young)).toBe(false);
});
