import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AbortedError, ConflictError, ResourceError, UnavailableError } from '../../src/base/errors.ts';
import type { Area } from '../../src/http/http-app.ts';
import { openTestHouse, type TestHouse } from './http-house.ts';

const SECRET = 'the-secret-in-the-error';

const errors: Area = (app) => {
  const config = { access: 'public' } as const;
  const thrown: Record<string, () => Error> = {
    conflict: () => new ConflictError('It changed.', { details: { revision: 4 } }),
    unavailable: () => new UnavailableError('The engine sleeps.'),
    resource: () => new ResourceError('The disk is full.'),
    aborted: () => new AbortedError(),
    unknown: () => new Error(SECRET),
  };
  app.get('/api/errors/:kind', { schema: { params: z.object({ kind: z.string() }) }, config }, ({ params }) => {
    throw thrown[params.kind]?.() ?? new Error(SECRET);
  });
  app.get('/api/wrong-answer', { schema: { response: { 200: z.object({ count: z.number() }) } }, config }, () => ({
    count: SECRET as unknown as number,
  }));
  const body = z.strictObject({
    person: z.strictObject({ name: z.string().max(5) }),
    tags: z.array(z.int()).optional(),
  });
  app.post('/api/echo', { schema: { body, response: { 200: body } }, config }, ({ body: given }) => given);
  app.post(
    '/api/upload',
    {
      bodyLimit: 3 * 1024 * 1024,
      schema: { body: z.object({ file: z.string() }), response: { 200: z.object({ size: z.int() }) } },
      config,
    },
    ({ body: { file } }) => ({ size: file.length }),
  );
};

let house: TestHouse;

beforeAll(async () => {
  house = await openTestHouse({ areas: [errors] });
});

afterAll(() => house[Symbol.asyncDispose]());

const post = (url: string, payload: string | object, headers: Record<string, string> = {}) =>
  house.app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });

describe('bad input', () => {
  test.each([
    ['{"person":', 400, 'invalid-json'],
    ['not json', 400, 'invalid-json'],
    ['{"__proto__":{"admin":true},"person":{"name":"x"}}', 400, 'invalid-json'],
    ['', 400, 'invalid-input'],
    ['[]', 400, 'invalid-input'],
    ['"text"', 400, 'invalid-input'],
    ['null', 400, 'invalid-input'],
  ])('%s is refused with %i %s', async (payload, status, code) => {
    const response = await post('/api/echo', payload);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error: { code, retryable: false } });
  });

  test.each([
    [{ person: { name: 'too long' } }, 'person.name'],
    [{ person: { name: 5 } }, 'person.name'],
    [{ person: {} }, 'person.name'],
    [{}, 'person'],
    [{ person: { name: 'a' }, tags: [1, 2, 'three'] }, 'tags.2'],
    [{ person: { name: 'a', admin: true } }, 'person.admin'],
  ])('%o names the field %s', async (payload, field) => {
    const response = await post('/api/echo', payload);
    expect(response.statusCode).toBe(400);
    expect(response.json<{ error: { message: string; field: string } }>().error).toMatchObject({ field });
  });

  test('that nests a million levels deep does not harm the server', async () => {
    const response = await post('/api/echo', `${'['.repeat(400_000)}${']'.repeat(400_000)}`);
    expect(response.statusCode).toBe(400);
  });

  test('larger than the limit of its address is refused, before it is read where the length is said', async () => {
    const large = JSON.stringify({ file: 'x'.repeat(2 * 1024 * 1024) });
    const refused = await post('/api/echo', large);
    expect(refused.statusCode).toBe(413);
    expect(refused.json()).toMatchObject({ error: { code: 'too-large' } });
    expect((await post('/api/upload', large)).json()).toEqual({ size: 2 * 1024 * 1024 });
    expect((await post('/api/upload', JSON.stringify({ file: 'x'.repeat(4 * 1024 * 1024) }))).statusCode).toBe(413);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'as %s is refused',
    async (type) => {
      const response = await post('/api/echo', '{"person":{"name":"a"}}', { 'content-type': type });
      expect(response.statusCode).toBe(415);
      expect(response.json()).toMatchObject({ error: { code: 'unsupported-media-type' } });
    },
  );

  test.each([
    ['GET', '/api/nothing'],
    ['DELETE', '/api/echo'],
    ['POST', '/nothing'],
    ['GET', '/api/'],
    ['GET', '/favicon.xyz'],
  ] as const)('%s %s is not found, in the one error shape', async (method, url) => {
    const response = await house.app.inject({ method, url });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ error: { code: 'unknown-path', retryable: false } });
  });

  test('a broken address is refused', async () => {
    const response = await house.app.inject({ url: '/api/%zz' });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: { code: 'invalid-input' } });
  });

  test.each(['../../etc/passwd', 'a b', 'x'.repeat(129), '<script>'])('the id %s is no id', async (id) => {
    const url = `/api/me/sessions/${encodeURIComponent(id)}`;
    const response = await house.asTerminal({ method: 'DELETE', url });
    expect([400, 404]).toContain(response.statusCode);
    expect(response.json()).toHaveProperty('error.code');
  });
});

describe('errors', () => {
  test.each([
    ['conflict', 409, { code: 'conflict', message: 'It changed.', details: { revision: 4 } }],
    ['unavailable', 503, { code: 'unavailable', retryable: true }],
    ['resource', 507, { code: 'resource', retryable: false }],
    ['aborted', 499, { code: 'aborted' }],
  ])('%s answers %i', async (kind, status, error) => {
    const response = await house.app.inject({ url: `/api/errors/${kind}` });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error });
  });

  test.each(['/api/errors/unknown', '/api/wrong-answer'])(
    '%s tells nothing but an id, which stands in the log',
    async (url) => {
      const response = await house.app.inject({ url });
      expect(response.statusCode).toBe(500);
      expect(response.body).not.toContain(SECRET);
      const { id } = response.json<{ error: { id: string } }>().error;
      expect(response.headers['x-request-id']).toBe(id);
      const line = house.logs.find((entry) => entry['requestId'] === id && entry['level'] === 50);
      expect(line).toMatchObject({
        msg: 'request failed',
        err: { stack: expect.stringMatching(/http-guards|expected number, received string/) },
      });
    },
  );
});

describe('foreign pages', () => {
  test.each([
    'evil.example',
    'evil.example:4321',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost:1:2',
    '[::1',
    'a@localhost',
  ])('that point the name “%s” here reach nothing', async (host) => {
    for (const url of ['/healthz', '/', '/api/me', '/api/nothing']) {
      const response = await house.app.inject({ url, headers: { host } });
      expect(response.statusCode).toBe(421);
      expect(response.json()).toMatchObject({ error: { code: 'unknown-host' } });
    }
  });

  test.each(['localhost', 'LOCALHOST:9', '127.0.0.1:4321', '127.8.8.8', '[::1]:4321', 'localhost.:80'])(
    'the own name “%s” is known',
    async (host) => {
      expect((await house.app.inject({ url: '/healthz', headers: { host } })).statusCode).toBe(200);
    },
  );

  test('configured names are known; a house open to all takes address literals but no names', async () => {
    await using open = await openTestHouse({ config: { host: '0.0.0.0', allowedHosts: ['House.Example'] } });
    const status = async (host: string) => (await open.app.inject({ url: '/healthz', headers: { host } })).statusCode;
    expect(await status('house.example')).toBe(200);
    expect(await status('192.168.1.20:4321')).toBe(200);
    expect(await status('evil.example')).toBe(421);
  });

  test.each([
    { origin: 'http://evil.example' },
    { origin: 'http://localhost:9999' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://localhost:80', 'sec-fetch-site': 'cross-site' },
  ])('with %o change nothing', async (headers) => {
    const cookie = await house.openBrowser();
    const request = { method: 'PATCH', url: '/api/me', payload: { name: 'Mallory' } } as const;
    const response = await house.app.inject({ ...request, headers: { ...headers, cookie, host: 'localhost:4321' } });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ error: { code: 'foreign-origin' } });
    const me = (await house.app.inject({ url: '/api/me', headers: { cookie } })).json();
    expect(me.name).not.toBe('Mallory');
  });

  test('cannot sign a browser in or out either', async () => {
    for (const url of ['/api/sign-in/password', '/api/sign-in/link', '/api/sign-up', '/api/sign-out']) {
      expect((await post(url, {}, { origin: 'http://evil.example' })).statusCode).toBe(403);
    }
  });

  test('the own page and programs with a key may', async () => {
    const cookie = await house.openBrowser();
    const own = { cookie, host: 'localhost:4321', origin: 'http://localhost:4321', 'sec-fetch-site': 'same-origin' };
    const request = { method: 'PATCH', url: '/api/me', payload: { name: 'Ada' } } as const;
    expect((await house.app.inject({ ...request, headers: own })).statusCode).toBe(200);
    expect((await house.asTerminal({ ...request, headers: { origin: 'http://elsewhere.example' } })).statusCode).toBe(
      200,
    );
  });

  test('are told to load, frame and read nothing', async () => {
    for (const url of ['/', '/healthz', '/api/me', '/api/nothing', '/api/openapi.json']) {
      const { headers } = await house.app.inject({ url });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
        'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});

describe('too many calls', () => {
  test('to sign in as somebody are refused with the time to wait, for that name and address only', async () => {
    await using own = await openTestHouse({ limits: { signInPerName: 3 } });
    await own.invite('victim');
    await own.invite('other');
    const attempt = (username: string) =>
      own.app.inject({ method: 'POST', url: '/api/sign-in/password', payload: { username, password: 'guess' } });
    for (let index = 0; index < 3; index += 1) expect((await attempt('victim')).statusCode).toBe(401);
    const refused = await attempt('Victim');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ error: { code: 'rate-limited', retryable: true } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attempt('other')).statusCode).toBe(401);
  });

  test('over many names from one address, to sign up, and to guess a current password are refused too', async () => {
    await using own = await openTestHouse({ limits: { signInPerAddress: 4, signUpPerAddress: 2, signInPerName: 2 } });
    const statuses = async (count: number, call: (index: number) => Promise<{ statusCode: number }>) => {
      const found: number[] = [];
      for (let index = 0; index < count; index += 1) found.push((await call(index)).statusCode);
      return found;
    };
    const signIn = (index: number) =>
      own.app.inject({
        method: 'POST',
        url: '/api/sign-in/password',
        payload: { username: `name${index}`, password: 'guess' },
      });
    expect(await statuses(5, signIn)).toEqual([401, 401, 401, 401, 429]);
    const signUp = (index: number) =>
      own.app.inject({
        method: 'POST',
        url: '/api/sign-up',
        payload: { name: 'x', username: `name${index}`, password: 'long enough' },
      });
    expect(await statuses(3, signUp)).toEqual([403, 403, 429]);
    const setPassword = () =>
      own.asTerminal({
        method: 'POST',
        url: '/api/me/password',
        payload: { username: 'owner', password: 'long enough' },
      });
    expect(await statuses(3, setPassword)).toEqual([200, 200, 429]);
  });

  test('of one person do not stop another', async () => {
    await using own = await openTestHouse({ limits: { perActor: 20 } });
    const [one, other] = [await own.invite('one'), await own.invite('other')];
    const call = async (cookie: string) => (await own.app.inject({ url: '/api/me', headers: { cookie } })).statusCode;
    const statuses = await Promise.all(Array.from({ length: 30 }, () => call(one)));
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    expect(await call(other)).toBe(200);
  });

  test('from one address are refused before anything is looked up', async () => {
    await using own = await openTestHouse({ limits: { perAddress: 5 } });
    const statuses: number[] = [];
    for (let index = 0; index < 8; index += 1) statuses.push((await own.app.inject({ url: '/healthz' })).statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  });
});

test('logs hold paths as templates and persons only under “pii”', async () => {
  const cookie = await house.invite('logged');
  const { id } = (
    await house.app.inject({ url: '/api/me', headers: { cookie, 'user-agent': 'Curious Browser' } })
  ).json();
  await house.app.inject({ method: 'DELETE', url: '/api/me/sessions/some-session', headers: { cookie } });
  const lines = house.logs.filter((entry) => (entry['pii'] as { userId?: unknown } | undefined)?.userId === id);
  expect(lines.map((entry) => entry['route'])).toEqual(['/api/me', '/api/me/sessions/:id']);
  expect(lines[0]).toMatchObject({
    msg: 'request answered',
    status: 200,
    via: 'session',
    pii: { userAgent: 'Curious Browser' },
  });
  for (const { pii, ...rest } of house.logs) {
    expect(pii === undefined || typeof pii === 'object').toBe(true);
    expect(JSON.stringify(rest)).not.toMatch(new RegExp(`${id}|Curious Browser|some-session|"127\\.0\\.0\\.1"`));
  }
});
