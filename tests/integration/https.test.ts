import { X509Certificate } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { HttpsStatus } from '../../contract/house.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, PASSWORD, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript, environment: { EVERWITH_HTTPS_PORT: '0' } });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const status = () => owner.call<HttpsStatus>('GET', '/api/house/https');
const set = (enabled: boolean) => owner.call<HttpsStatus>('PUT', '/api/house/https', { enabled });
const authority = async () => (await owner.fetch('/api/house/certificate')).text();
const portOf = ({ addresses }: HttpsStatus) => Number(new URL(addresses[0] ?? 'https://none').port);

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Question {
  path: string;
  ca?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: object;
}

/** A TLS client that trusts nothing but `ca`, as a device does that installed the certificate. */
async function ask({ path, ca, method = 'GET', headers = {}, body }: Question): Promise<Answer> {
  const port = portOf(await status());
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        path,
        method,
        ca: ca === undefined ? [] : [ca],
        agent: false,
        headers: { host: `localhost:${port}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

describe('HTTPS for other devices', () => {
  test('is off until its owner asks, and needs a password', async () => {
    expect(await status()).toMatchObject({ enabled: false, addresses: [], fingerprint: null, error: null });
    expect(await owner.refusal('GET', '/api/house/certificate')).toMatchObject({ code: 'https-off' });
    expect(await owner.refusal('PUT', '/api/house/https', { enabled: true })).toMatchObject({
      code: 'password-needed',
    });
    await owner.call('POST', '/api/me/password', { password: PASSWORD, username: 'keeper' });
    const on = await set(true);
    expect(on.addresses.every((address) => address.startsWith('https://'))).toBe(true);
    expect(on.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  test('serves the house to a device that trusts its certificate, and to no other', async () => {
    const ca = await authority();
    expect(new X509Certificate(ca).fingerprint256).toBe((await status()).fingerprint);
    expect(new X509Certificate(ca).ca).toBe(true);
    expect(await ask({ path: '/healthz', ca })).toMatchObject({ status: 200 });
    await expect(ask({ path: '/healthz' })).rejects.toThrow(/certificate/);
  });

  test('keeps the sign-in of a device in a cookie that never leaves TLS', async () => {
    const ca = await authority();
    const origin = `https://localhost:${portOf(await status())}`;
    const body = { username: 'keeper', password: PASSWORD };
    const entered = await ask({ path: '/api/sign-in/password', ca, method: 'POST', headers: { origin }, body });
    expect(entered.status).toBe(200);
    const [cookie = ''] = entered.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-everwith-/);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; Path=\//i);
    const pair = cookie.split(';', 1)[0] ?? '';
    expect(await ask({ path: '/api/me', ca, headers: { cookie: pair } })).toMatchObject({ status: 200 });
    // The same session under the plain name could have been put there by somebody between.
    const plain = pair.replace('__Host-', '');
    expect(await ask({ path: '/api/me', ca, headers: { cookie: plain } })).toMatchObject({ status: 401 });
  });

  test('refuses foreign names and foreign pages', async () => {
    const ca = await authority();
    expect(await ask({ path: '/healthz', ca, headers: { host: 'evil.example' } })).toMatchObject({ status: 421 });
    const foreign = { origin: 'https://evil.example' };
    const body = { username: 'keeper', password: PASSWORD };
    expect(await ask({ path: '/api/sign-in/password', ca, method: 'POST', headers: foreign, body })).toMatchObject({
      status: 403,
    });
  });

  test('carries web sockets through the same guards', async () => {
    const ca = await authority();
    const port = portOf(await status());
    const socket = new WebSocket(`wss://localhost:${port}/v1/realtime`, { ca, host: '127.0.0.1' });
    const answer = await new Promise<number | undefined>((resolve) => {
      socket.on('unexpected-response', (_sent, response) => resolve(response.statusCode));
      socket.on('open', () => resolve(101));
      socket.on('error', () => resolve(undefined));
    });
    socket.terminate();
    expect(answer).toBe(401);
  });

  test('keeps keys to itself and its certificate through a restart', async () => {
    const ca = await authority();
    const folder = join(house.dataDirectory, 'tls');
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    await house.close();
    await house.reopen();
    expect(await authority()).toBe(ca);
    expect(await ask({ path: '/healthz', ca })).toMatchObject({ status: 200 });
  });

  test('asks devices anew after a new authority was made', async () => {
    const old = await authority();
    const renewed = await owner.call<HttpsStatus>('POST', '/api/house/https/renew');
    const ca = await authority();
    expect(new X509Certificate(ca).fingerprint256).toBe(renewed.fingerprint);
    await expect(ask({ path: '/healthz', ca: old })).rejects.toThrow(/certificate/);
    expect(await ask({ path: '/healthz', ca })).toMatchObject({ status: 200 });
  });

  test('is for the owner alone to switch, and ends when it is switched off', async () => {
    const member = await house.member('mallory');
    expect(await member.refusal('PUT', '/api/house/https', { enabled: false })).toMatchObject({ code: 'owner-only' });
    expect(await member.refusal('GET', '/api/house/https')).toMatchObject({ code: 'owner-only' });
    const port = portOf(await status());
    expect(await set(false)).toMatchObject({ enabled: false, addresses: [] });
    const refused = await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.on('secureConnect', () => resolve('connected'));
    });
    expect(refused).toBe('ECONNREFUSED');
  });
});
