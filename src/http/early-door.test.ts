import { once } from 'node:events';
import { createServer, get, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { EarlyDoor, type FirstTaker } from './early-door.ts';

const HANDSHAKE = 'GET /talk HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
const config = { host: '127.0.0.1', allowedHosts: [] };

async function openDoor(first: FirstTaker | null = null) {
  const door = new EarlyDoor({ config, clock: systemClock, version: '1.2.3', first });
  onTestFinished(() => door[Symbol.asyncDispose]());
  const port = await door.listen({ host: '127.0.0.1', port: 0 });
  const seen: string[] = [];
  const app: RequestListener = ({ url = '' }, response) => {
    seen.push(url);
    response.end(`app ${url}`);
  };
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return { door, port, seen, app, ask };
}

/** True once the server has got so many requests. */
function untilAsked(door: EarlyDoor, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let got = 0;
  door.server.on('request', () => (got += 1) === count && resolve());
  return promise;
}

test('says that it lives, and lets the rest wait until the app is there, in its order', async () => {
  const { door, port, seen, app, ask } = await openDoor();
  expect(JSON.parse(await ask('/healthz'))).toEqual({
    status: 'ok',
    version: '1.2.3',
    uptimeInSeconds: expect.any(Number),
  });
  const answers: Promise<string>[] = [];
  for (const path of ['/one', '/two']) {
    const asked = untilAsked(door, 1);
    answers.push(ask(path));
    await asked;
  }
  // A page of elsewhere whose name suddenly points here learns nothing, not even that.
  const foreign = untilAsked(door, 1);
  const strange = get({ port, path: '/healthz', headers: { host: 'evil.example' } });
  await foreign;
  expect(door.lead(app)).toBe(door.server);
  expect(seen).toEqual([]);
  door.open();
  expect(await Promise.all(answers)).toEqual(['app /one', 'app /two']);
  await once(strange, 'response');
  expect(seen).toEqual(['/one', '/two', '/healthz']);
  expect(await ask('/healthz')).toBe('app /healthz');
});

test('who has left is not let in, and a handshake that came early is told of when somebody listens', async () => {
  const { door, port, seen, app } = await openDoor();
  const asked = untilAsked(door, 1);
  const leaving = get({ port, path: '/left' }).on('error', () => undefined);
  await asked;
  leaving.destroy();
  const socket = connect(port, '127.0.0.1');
  const early = once(door.server, 'upgrade');
  socket.write(HANDSHAKE);
  await early;
  await vi.waitUntil(async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    door.server.getConnections((_error, count) => resolve(count));
    return (await promise) === 1;
  });
  door.lead(app);
  const heard = once(door.server, 'upgrade');
  door.open();
  const [{ url }, taken] = (await heard) as [{ url: string }, Socket];
  taken.destroy();
  expect(url).toBe('/talk');
  expect(seen).toEqual([]);
});

test('asks the one who answers first from the beginning, and hands on what they leave', async () => {
  const first: FirstTaker = {
    take: (request, response, handOn) =>
      request.url === '/mine' ? void response.end('first') : handOn(request, response),
  };
  const { door, app, ask } = await openDoor(first);
  expect(await ask('/mine')).toBe('first');
  const asked = untilAsked(door, 1);
  const other = ask('/other');
  await asked;
  door.lead(app);
  door.open();
  expect(await other).toBe('app /other');
  expect(await ask('/mine')).toBe('first');
});

test('closing before anything was ready cuts off who waited; a taken port is an error', async () => {
  const { door, port, ask } = await openDoor();
  const asked = untilAsked(door, 1);
  const waiting = ask('/never');
  waiting.catch(() => undefined);
  await asked;
  const early = once(door.server, 'upgrade');
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write(HANDSHAKE);
  await early;
  const second = new EarlyDoor({ config, clock: systemClock, version: '', first: null });
  await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await door[Symbol.asyncDispose]();
  await expect(waiting).rejects.toThrow('fetch failed');
  const next = createServer().listen(port, '127.0.0.1');
  await once(next, 'listening');
  next.close();
});
