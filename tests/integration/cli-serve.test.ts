import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageText } from '../../client/message-text.ts';
import { openEverwithHome } from './support/everwith-process.ts';

async function occupy(port: number): Promise<(Server & { port: number }) | null> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return null; // somebody else has it, which serves as well
  }
  return Object.assign(server, { port: (server.address() as { port: number }).port });
}

describe('starting', () => {
  test('prints the address, the data folder, the model and a link that signs in once', async () => {
    await using home = await openEverwithHome();
    const server = await home.serve();
    expect(server.stdout).toContain(`Data: ${home.data}`);
    expect(server.stdout).toContain('Model: Scripted model');
    const link = /Sign in: (\S+)/.exec(server.stdout)?.[1] ?? '';
    expect(link.startsWith(`${server.address}/enter#`)).toBe(true);
    const signIn = () =>
      fetch(`${server.address}/api/sign-in/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.address },
        body: JSON.stringify({ token: new URL(link).hash.slice(1) }),
      });
    expect((await signIn()).status).toBe(200);
    expect((await signIn()).status).toBeGreaterThanOrEqual(400);
    expect(server.stdout).not.toContain('{"level"');
    expect((await stat(join(home.data, 'logs', 'everwith.log'))).mode & 0o777).toBe(0o600);
  });

  test('a second start opens the one that runs, and a relative folder is the caller’s', async () => {
    await using home = await openEverwithHome();
    const server = await home.serve();
    const second = await home.run(['--data', 'data', '--no-open'], { environment: { LANG: 'zh_CN.UTF-8' } });
    expect(second.code).toBe(0);
    expect(second.stdout).toContain(`常伴已在 ${server.address} 运行`);
    expect(second.stdout).toMatch(new RegExp(`${server.address}/enter#[\\w-]{43}`));
    const opened = await home.run(['open', '--data', home.data, '--no-open']);
    expect(opened.code).toBe(0);
    expect(opened.stdout.trim()).toMatch(/\/enter#[\w-]{43}$/);
    expect((await server.client.call('about')).dataDirectory).toBe(home.data);
  });

  test('of two starts at the same moment one serves and the other opens it', async () => {
    await using home = await openEverwithHome();
    const words = ['serve', '--no-open', '--port', '0', '--data', home.data];
    const starts = [home.start(words), home.start(words)];
    const first = await Promise.race(starts.map(async (start) => ({ start, end: await start.ended })));
    expect(first.end.code).toBe(0);
    expect(first.end.stdout).toContain('already runs at');
    const serving = starts.find((start) => start !== first.start);
    await serving?.waitFor(/Address: /);
    serving?.child.kill('SIGTERM');
    expect((await serving?.ended)?.code).toBe(0);
  });

  test('an asked port that is taken is an error; the default one makes way', async () => {
    await using home = await openEverwithHome();
    const taken = await occupy(0);
    const asked = await home.run(['--data', home.data, '--port', String(taken?.port)]);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain(`Port ${taken?.port} is taken`);
    taken?.close();
    const usual = await occupy(4321);
    const server = home.start(['--data', home.data, '--no-open']);
    const [, port] = await server.waitFor(/Address: http:\/\/127\.0\.0\.1:(\d+)/);
    expect(Number(port)).toBeGreaterThan(4321);
    expect(Number(port)).toBeLessThanOrEqual(4341);
    usual?.close();
  });

  test('a folder that cannot be used, other hosts without a password and wrong values are said clearly', async () => {
    await using home = await openEverwithHome();
    await writeFile(join(home.folder, 'file'), '');
    const inFile = await home.run(['--data', 'file/inside', '--no-open']);
    expect(inFile.code).toBe(1);
    expect(inFile.stderr).toMatch(/data folder .*file\/inside cannot be used/);
    const hosts = await home.run(['--data', home.data, '--host', '0.0.0.0', '--port', '0', '--no-open']);
    expect(hosts.code).toBe(1);
    expect(hosts.stderr).toContain('everwith password');
    const port = await home.run(['--data', home.data, '--port', 'many']);
    expect(port.code).toBe(2);
    expect(port.stderr).toContain('whole number');
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may only be read is said clearly', async () => {
    await using home = await openEverwithHome();
    await mkdir(home.data, { mode: 0o500 });
    const refused = await home.run(['--data', home.data, '--no-open']);
    await chmod(home.data, 0o700);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('cannot be used');
  });
});

describe('ending', () => {
  const slow = {
    rules: [{ steps: [{ type: 'tokens' as const, tokens: ['One', ' two'] }, { type: 'hang' as const }] }],
  };

  test('an interrupt stops a reply under way, which keeps its beginning', async () => {
    await using home = await openEverwithHome(slow);
    const server = await home.serve();
    const chat = home.start(['chat', 'mira', '--message', 'Count', '--new', '--json', '--data', home.data]);
    await chat.waitFor(/"text":" two"/);
    const [, conversationId = ''] = await chat.waitFor(/"conversationId":"([^"]+)"/);
    server.child.kill('SIGINT');
    expect((await server.ended).code).toBe(0);
    expect((await chat.ended).code).toBe(1);
    const again = await home.serve();
    const { messages } = await again.client.call('messages', { params: { id: conversationId } });
    const reply = messages.at(-1);
    expect(reply && messageText(reply)).toBe('One two');
    expect(reply?.state).toBe('stopped');
  });

  test('the second interrupt ends at once what the first one waits for', async () => {
    await using home = await openEverwithHome();
    const server = await home.serve();
    const { hostname, port } = new URL(server.address);
    const guest = connect({ host: hostname, port: Number(port) });
    guest.on('error', () => undefined);
    // A request that never ends: closing gives it four seconds.
    guest.write(
      `POST /api/sign-in/password HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    await once(guest, 'ready');
    await server.client.call('about');
    server.child.kill('SIGINT');
    await server.waitFor(/Stopping/);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(130);
    guest.destroy();
  });
});
