import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { fetchPublic } from './fetch-public.ts';

const asked: string[] = [];
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const path = request.url ?? '';
  asked.push(path);
  const hop = /^\/hop\/(\d+)/.exec(path)?.[1];
  if (hop !== undefined && hop !== '0') response.writeHead(302, { location: `/hop/${Number(hop) - 1}` }).end();
  else if (path === '/inside') response.writeHead(302, { location: `http://127.0.0.2:${port()}/secret` }).end();
  else if (path === '/to-file') response.writeHead(307, { location: 'file:///etc/passwd' }).end();
  else if (path === '/page') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>');
  else if (path === '/big') response.writeHead(200, { 'content-length': '5000' }).end(Buffer.alloc(5000));
  else if (path === '/growing') Readable.from(Array.from({ length: 9 }, () => Buffer.alloc(500))).pipe(response);
  else if (path === '/slow') response.write('x');
  else if (path === '/gone') response.writeHead(404).end();
  else if (path === '/named')
    response
      .writeHead(200, { 'content-disposition': `attachment; filename="a.png"; filename*=UTF-8''%E5%8C%97.png` })
      .end('card');
  else response.end('card');
});
const port = () => (server.address() as AddressInfo).port;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = async (path: string, options: Partial<Parameters<typeof fetchPublic>[0]> = {}) => {
  const file = await fetchPublic({
    url: path.startsWith('/') ? `http://127.0.0.1:${port()}${path}` : path,
    isAllowed: (address) => address === '127.0.0.1',
    limitBytes: 1000,
    timeoutMs: 5000,
    signal: new AbortController().signal,
    ...options,
  });
  return { fileName: file.fileName, text: (await buffer(file.body)).toString() };
};

async function refusal(path: string, options = {}): Promise<string> {
  try {
    await get(path, options);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  throw new Error('The link was followed.');
}

describe('a link', () => {
  test('is followed, also around corners, and names its file', async () => {
    expect(await get('/folder/ada%20b.png?x=1')).toEqual({ fileName: 'ada b.png', text: 'card' });
    expect(await get('/hop/5')).toEqual({ fileName: '0', text: 'card' });
    expect((await get('/named')).fileName).toBe('北.png');
  });

  test.each([
    ['link-redirects', '/hop/6'],
    ['link-private', '/inside'],
    ['link-invalid', '/to-file'],
    ['link-page', '/page'],
    ['link-too-large', '/big'],
    ['link-too-large', '/growing'],
    ['link-status', '/gone'],
    ['link-invalid', 'nonsense'],
    ['link-private', 'http://127.0.0.3/x'],
    ['link-private', 'http://[::1]/x'],
  ])('is refused with %s: %s', async (code, path) => {
    expect(await refusal(path)).toBe(code);
    expect(asked).not.toContain('/secret');
  });

  test('to a name is checked by every address the name leads to', async () => {
    expect(await refusal(`http://localhost:${port()}/x`, { isAllowed: () => false })).toBe('link-private');
    expect((await get(`http://localhost:${port()}/x`, { isAllowed: () => true })).text).toBe('card');
  });

  test('that nobody answers, or answers too slowly, says so', async () => {
    expect(await refusal('http://127.0.0.1:1/x')).toBe('link-unreachable');
    expect(await refusal('/slow', { timeoutMs: 200 })).toBe('link-timeout');
  });

  test('ends when the reader goes away', async () => {
    const controller = new AbortController();
    const reading = get('/slow', { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
