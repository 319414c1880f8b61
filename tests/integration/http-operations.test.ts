import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counter } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { openTestHouse, type TestHouseOptions } from './http-house.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function buildWeb(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-web-'));
  folders.push(folder);
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Everwith</title>');
  await writeFile(join(folder, 'assets', 'index-abc123.js'), 'console.log(1)');
  await writeFile(join(folder, 'manifest.webmanifest'), '{}');
  await writeFile(join(folder, '.hidden'), 'secret');
  return folder;
}

describe('the browser app', () => {
  test('is served for every page, its assets for ever', async () => {
    await using house = await openTestHouse({ webDirectory: await buildWeb() });
    for (const url of ['/', '/enter', '/conversations/0190-abc', '/settings/models?tab=1']) {
      const page = await house.app.inject({ url });
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('<title>Everwith</title>');
      expect(page.headers).toMatchObject({
        'content-type': expect.stringContaining('text/html'),
        'cache-control': 'no-cache',
      });
      expect(page.headers['content-security-policy']).toBeDefined();
    }
    const asset = await house.app.inject({ url: '/assets/index-abc123.js' });
    expect(asset.headers).toMatchObject({
      'content-type': expect.stringContaining('javascript'),
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await house.app.inject({ url: '/manifest.webmanifest' })).headers['cache-control']).toBe('no-cache');
  });

  test('gives nothing but its own files', async () => {
    await using house = await openTestHouse({ webDirectory: await buildWeb() });
    for (const url of [
      '/assets/missing.js',
      '/.hidden',
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
    ]) {
      const response = await house.app.inject({ url });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toHaveProperty('error.code');
    }
    expect((await house.app.inject({ url: '/api/nothing' })).json()).toMatchObject({ error: { code: 'unknown-path' } });
    expect((await house.app.inject({ method: 'POST', url: '/settings', payload: {} })).statusCode).toBe(404);
  });

  test('that was not built says so, while the API answers', async () => {
    await using house = await openTestHouse();
    const page = await house.app.inject({ url: '/' });
    expect(page.statusCode).toBe(503);
    expect(page.headers['content-type']).toContain('text/plain');
    expect(page.body).toContain('./everwith');
    expect((await house.app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });
});

describe('health', () => {
  test.each([
    [true, true, true, 200],
    [true, true, false, 200],
    [false, true, true, 503],
    [true, false, true, 503],
  ])('storage %s, web %s, model %s: ready answers %i', async (storage, web, model, status) => {
    const options: TestHouseOptions = {
      checks: { storage: async () => storage, model: () => model },
      ...(web ? { webDirectory: await buildWeb() } : {}),
    };
    await using house = await openTestHouse(options);
    const response = await house.app.inject({ url: '/readyz' });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ ready: status === 200, checks: { storage, web, model } });
    expect((await house.app.inject({ url: '/healthz' })).json()).toMatchObject({ status: 'ok', version: '0.0.0-test' });
  });

  test('facts about the house are for its owner', async () => {
    await using house = await openTestHouse();
    expect((await house.app.inject({ url: '/api/about' })).statusCode).toBe(401);
    await house.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = house.app.server.address() as { port: number };
    expect((await house.asTerminal({ url: '/api/about' })).json()).toEqual({
      version: '0.0.0-test',
      address: `http://127.0.0.1:${port}`,
      dataDirectory: house.config.dataDirectory,
      storage: house.config.postgres ? 'postgres' : 'sqlite',
      roles: ['web', 'worker', 'models'],
    });
  });
});

describe('figures', () => {
  const token = 'a-token-of-sixteen-or-more';

  test('count requests by template, and whatever other rooms add', async () => {
    await using house = await openTestHouse();
    new Counter({ name: 'everwith_replies_total', help: 'Replies.', registers: [house.registry] }).inc(3);
    await house.asTerminal({ method: 'DELETE', url: '/api/keys/some-key' });
    const response = await house.app.inject({ url: '/metrics' });
    expect(response.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(response.body).toContain(
      'everwith_http_request_duration_seconds_count{method="DELETE",route="/api/keys/:id",status="404"} 1',
    );
    expect(response.body).toContain('everwith_replies_total 3');
    expect(response.body).toMatch(/^everwith_event_loop_delay_p99_seconds \d/m);
    expect(response.body).toMatch(/^process_resident_memory_bytes \d{7,}/m);
    expect(response.body).not.toContain('some-key');
  });

  test.each([
    { from: '127.0.0.1', status: 200 },
    { from: '::ffff:127.0.0.1', status: 200 },
    { from: '192.168.1.9', status: 403 },
    { from: '192.168.1.9', headers: { authorization: `Bearer ${token}` }, status: 200 },
    { from: '192.168.1.9', headers: { authorization: `Bearer ${token}x` }, status: 403 },
    { from: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' }, status: 403 },
    { from: '192.168.1.9', headers: { 'x-forwarded-for': '127.0.0.1' }, status: 403 },
  ])('asked for from $from with $headers answer $status', async ({ from, headers, status }) => {
    await using house = await openTestHouse({ config: { metricsToken: token } });
    const response = await house.app.inject({ url: '/metrics', remoteAddress: from, headers: headers ?? {} });
    expect(response.statusCode).toBe(status);
  });

  test('are closed to others where no token is set', async () => {
    await using house = await openTestHouse();
    const headers = { authorization: 'Bearer ' };
    expect((await house.app.inject({ url: '/metrics', remoteAddress: '10.0.0.2', headers })).statusCode).toBe(403);
  });
});

describe('behind a proxy', () => {
  const proxied = { host: 'house.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };

  test('with TLS cookies never leave it, and links name it', async () => {
    await using house = await openTestHouse({ config: { allowedHosts: ['house.example'] } });
    const made = await house.asTerminal({ method: 'POST', url: '/api/me/links', headers: proxied });
    const { url } = made.json<{ url: string }>();
    expect(url).toMatch(/^https:\/\/house\.example\/enter#/);
    const payload = { token: new URL(url).hash.slice(1) };
    const entered = await house.app.inject({ method: 'POST', url: '/api/sign-in/link', payload, headers: proxied });
    expect(entered.cookies[0]).toMatchObject({ secure: true, httpOnly: true });
  });

  test('is not believed where none is expected', async () => {
    await using house = await openTestHouse();
    const headers = { ...proxied, host: 'localhost:1' };
    const made = await house.asTerminal({ method: 'POST', url: '/api/me/links', headers });
    expect(made.json<{ url: string }>().url).toMatch(/^http:\/\/localhost:1\//);
    const line = house.logs.find((entry) => entry['route'] === '/api/me/links');
    expect(line).toMatchObject({ pii: { ip: '127.0.0.1' } });
  });
});

interface OpenApiDocument {
  openapi: string;
  paths: Record<
    string,
    Record<string, { summary?: string; tags?: string[]; responses: Record<string, unknown>; security?: unknown[] }>
  >;
  components: { schemas: Record<string, unknown> };
}

test('the OpenAPI document has every route, and every reference in it leads somewhere', async () => {
  await using house = await openTestHouse();
  const response = await house.app.inject({ url: '/api/openapi.json' });
  const document = response.json<OpenApiDocument>();
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(
    [
      'DELETE /api/house/invitations/{id}',
      'DELETE /api/house/users/{id}',
      'DELETE /api/keys/{id}',
      'DELETE /api/me/sessions/{id}',
      'GET /api/about',
      'GET /api/door',
      'GET /api/house/invitations',
      'GET /api/house/settings',
      'GET /api/house/users',
      'GET /api/keys',
      'GET /api/me',
      'GET /api/me/sessions',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'PATCH /api/house/settings',
      'PATCH /api/me',
      'POST /api/house/invitations',
      'POST /api/house/open-link',
      'POST /api/keys',
      'POST /api/me/links',
      'POST /api/me/password',
      'POST /api/sign-in/link',
      'POST /api/sign-in/password',
      'POST /api/sign-out',
      'POST /api/sign-up',
    ].toSorted(),
  );
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, ...operation })),
  );
  for (const operation of operations) {
    expect(operation).toMatchObject({ summary: expect.stringMatching(/\w/), tags: [expect.any(String)] });
  }
  const ofApi = operations.filter(({ path }) => path.startsWith('/api/'));
  for (const { responses } of ofApi) expect(responses).toMatchObject({ 200: {}, '4XX': {}, '5XX': {} });
  const references = [...response.body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  expect(references.length).toBeGreaterThan(10);
  for (const name of references) expect(document.components.schemas).toHaveProperty([name]);
});

test('a route of the API that does not say who may call it is refused at the start', async () => {
  const opening = openTestHouse({ areas: [(app) => void app.get('/api/forgotten', () => 'open to all')] });
  await expect(opening).rejects.toThrow('GET /api/forgotten does not say who may call it');
});
