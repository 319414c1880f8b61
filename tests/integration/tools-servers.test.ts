import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { errorMessage } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { ToolHost, type ToolHostOptions } from '../../src/models/tools/tool-host.ts';
import type { ToolList, ToolServerTarget } from '../../src/models/tools/tool-server.ts';
import { startFirstRevisionServer } from '../support/tool-servers/first-revision-server.ts';
import { createHonestServer } from '../support/tool-servers/honest-tools.ts';

const SERVERS = join(import.meta.dirname, '..', 'support', 'tool-servers');
const signal = new AbortController().signal;

let folder: string;
let host: ToolHost;
let lists: ToolList[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-tools-'));
  lists = [];
  host = openHost();
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function openHost({ times, folder: own = join(folder, 'servers'), ...some }: Partial<ToolHostOptions> = {}): ToolHost {
  return new ToolHost({
    folder: own,
    searchPath: '/usr/bin:/bin',
    clock: systemClock,
    logger: silentLogger(),
    onList: async (_id, list) => void lists.push(list),
    times: { graceInMs: 50, ...times },
    ...some,
  });
}

function program(file: string, args: string[] = [], secrets: Record<string, string> = {}): ToolServerTarget {
  const address = { transport: 'stdio', command: process.execPath, args: [join(SERVERS, file), ...args] } as const;
  return { id: 'server', name: 'Workshop', address, secrets };
}
const hostile = (mode: string, secrets: Record<string, string> = {}) => program('hostile-server.ts', [mode], secrets);
const call = (target: ToolServerTarget, tool = 'do_it', input: Record<string, unknown> = {}, stop = signal) =>
  host.call(target, { tool, input, signal: stop });

describe('a program that keeps its promises', () => {
  // One program for all of them, as a house has.
  let target: ToolServerTarget;
  let shared: ToolHost;
  let home: string;
  let notes: string;
  const ask = (tool: string, input: Record<string, unknown> = {}, stop = signal) =>
    shared.call(target, { tool, input, signal: stop });

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'everwith-tools-'));
    notes = join(home, 'notes');
    target = { ...program('honest-server.ts', [notes], { API_KEY: 'its own' }), id: 'honest' };
    vi.stubEnv('EVERWITH_TEST_SECRET', 'of the house');
    shared = openHost({ folder: home });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await shared[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  test('lists its tools and does what it is asked, several things at once', async () => {
    const { tools } = await shared.list(target, signal);
    expect(tools.find(({ name }) => name === 'add')).toMatchObject({
      title: 'Add two numbers',
      claims: { readOnly: true, destructive: null },
      problem: null,
    });
    const sums = await Promise.all(Array.from({ length: 12 }, (_, index) => ask('add', { a: index, b: 1 })));
    expect(sums.map(({ text }) => text)).toEqual(sums.map((_, index) => String(index + 1)));
    expect(shared.status('honest')).toMatchObject({ state: 'ready', problem: '' });
    expect(lists).toHaveLength(1);
  });

  test('may say that it failed, and that a call was wrong', async () => {
    expect(await ask('fail')).toMatchObject({ text: 'There is no such file.', failed: true });
    expect(await ask('add', { a: 'one' })).toMatchObject({ failed: true });
    expect(await ask('nothing_such')).toMatchObject({ failed: true });
  });

  test('sees a folder of its own and nothing of the house but the path and its own secrets', async () => {
    const { text } = await ask('environment');
    const seen = JSON.parse(text) as { names: string[]; folder: string };
    expect(seen.names).toEqual(['API_KEY', 'HOME', 'LANG', 'PATH', 'TMPDIR']);
    expect(seen.folder).toBe(join(home, 'honest'));
  });

  test('hears that a call was stopped', async () => {
    const stop = new AbortController();
    const waiting = ask('wait', {}, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => readFile(notes, 'utf8').catch(() => ''), { interval: 50 }).toBe('cancelled');
    expect(await ask('add', { a: 1, b: 2 })).toMatchObject({ text: '3' });
  });

  test('is let go when it is quiet and comes back with the next call', async () => {
    await host[Symbol.asyncDispose]();
    host = openHost({ times: { idleInMs: 30 } });
    const quiet = program('honest-server.ts');
    await call(quiet, 'add', { a: 1, b: 1 });
    await expect.poll(() => host.status('server').state, { interval: 20 }).toBe('idle');
    expect(await call(quiet, 'add', { a: 2, b: 2 })).toMatchObject({ text: '4' });
  });
});

describe('a program that does not', () => {
  const short = { connectInMs: 400, listInMs: 400, callInMs: 400, backOffInMs: 50 };

  test.each([
    ['hang-at-start', 'tool-server-timeout'],
    ['hang-at-list', 'tool-server-timeout'],
    ['wrong-version', 'tool-server-garbage'],
    ['deaf', 'tool-server-timeout'],
  ])('%s is given up in time', async (mode, code) => {
    await host[Symbol.asyncDispose]();
    host = openHost({ times: mode === 'wrong-version' ? {} : short });
    await expect(host.list(hostile(mode), signal)).rejects.toMatchObject({ code });
    expect(host.status('server')).toMatchObject({ state: 'failed' });
  });

  test('hangs in a call, and the next call still works', async () => {
    await host[Symbol.asyncDispose]();
    host = openHost({ times: { callInMs: 300 } });
    await expect(call(hostile('hang-in-call'))).rejects.toMatchObject({ code: 'tool-server-timeout' });
  });

  test('dies at its start: what it last said is told without its secrets, and it rests longer each time', async () => {
    await host[Symbol.asyncDispose]();
    let ahead = 0;
    const clock = { ...systemClock, now: () => systemClock.now(), monotonic: () => systemClock.monotonic() + ahead };
    host = openHost({ clock, times: { backOffInMs: 10_000 } });
    const target = hostile('dies-at-start', { API_KEY: 'sk-very-secret' });
    const error = await host.list(target, signal).catch((thrown: unknown) => thrown);
    expect(errorMessage(error)).toContain('cannot open: the key is •••');
    expect(errorMessage(error)).not.toContain('sk-very-secret');
    await expect(host.list(target, signal)).rejects.toMatchObject({ code: 'tool-server-rests' });
    // What is nearly over is waited for.
    ahead = 9950;
    await expect(host.list(target, signal)).rejects.toMatchObject({ code: 'tool-server-died' });
    await expect(host.list(target, signal)).rejects.toThrow('rests for 20 seconds');
    expect(host.status('server').problem).not.toContain('sk-very-secret');
  });

  test('is no program at all', async () => {
    const address = { transport: 'stdio', command: 'no-such-program-here', args: [] } as const;
    const error = await host
      .list({ id: 'x', name: 'X', address, secrets: {} }, signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'tool-server-start', field: 'command' });
  });

  test('dies in a call, and is started again for the next one', async () => {
    const target = hostile('die-in-call');
    await expect(call(target)).rejects.toMatchObject({ code: 'tool-server-died' });
    await expect(call(target)).rejects.toMatchObject({ code: 'tool-server-died' });
    expect(lists).toHaveLength(2);
  });

  test.each(['flood-in-call', 'endless-line'])('%s is cut off', async (mode) => {
    await expect(call(hostile(mode))).rejects.toMatchObject({ code: 'tool-server-floods' });
  });

  test('is noisy on standard error and greets on standard output, and works all the same', async () => {
    expect(await call(hostile('noisy'))).toMatchObject({ text: 'done do_it', failed: false });
  });

  test('says five hundred times that its tools changed, and is read one time at a time', async () => {
    await host.list(hostile('changes'), signal);
    await expect.poll(() => lists.length, { interval: 50 }).toBeGreaterThan(1);
    expect(lists.length).toBeLessThan(200);
  });

  test('lists ten thousand tools: so many are kept, and the count is told', async () => {
    const { tools, total } = await host.list(hostile('thousands'), signal);
    expect([tools.length, total]).toEqual([200, 10_000]);
  });

  test('lists without end', async () => {
    const { tools } = await host.list(hostile('endless-list'), signal);
    expect(tools.length).toBeLessThanOrEqual(50);
  });

  test('lists schemas that are none: the tools are named and not offered', async () => {
    const { tools } = await host.list(hostile('schemas'), signal);
    expect(Object.fromEntries(tools.map(({ name, problem }) => [name, problem]))).toEqual({
      huge: 'schema-size',
      deep: 'schema',
      no_object: 'schema',
      no_schema: 'schema',
      elsewhere: 'schema',
      good: null,
    });
  });

  test('names its tools so that they mislead', async () => {
    const { tools } = await host.list(hostile('names'), signal);
    expect(tools.map(({ problem }) => problem)).toEqual(['name', 'name', 'name', 'name', null, 'duplicate', null]);
    expect(tools[0]?.name).toBe('read_file');
    expect(tools[1]?.name).toBe('ab');
    const { description } = tools[6] ?? { description: '' };
    expect(description.length).toBeLessThanOrEqual(4000);
    expect(description).not.toContain('\u200B');
  });

  test('answers with what is no result, with far too much, and with strange parts', async () => {
    await expect(call(hostile('no-result'))).rejects.toMatchObject({ code: 'tool-server-garbage' });
    const { text } = await call({ ...hostile('large'), id: 'large' });
    expect(text).toHaveLength(256 * 1024);
    expect(text).toMatch(/\[cut: \d+ characters more\]$/);
    const strange = await call({ ...hostile('strange-parts'), id: 'strange' });
    expect(strange.text).toBe(
      'words\n\n[image, image/png, 3 kB]\n\nfile:///etc/passwd\nroot\n\n[something that is no content of MCP]',
    );
  });

  test('asks for a password, for the model and for folders, and gets none of it', async () => {
    const { text, refused } = await call(hostile('ask'));
    expect(text).toBe('refused three times');
    expect(refused.map(({ kind }) => kind)).toEqual(['elicitation', 'sampling', 'roots']);
    expect(refused[0]?.text).toBe('Enter your password');
    expect(host.status('server').refused).toHaveLength(3);
  });

  test('sends results after the call was stopped, and nobody takes them', async () => {
    const target = hostile('late-result');
    await host.list(target, signal);
    const stop = new AbortController();
    const stopped = call(target, 'do_it', {}, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(await call(target)).toMatchObject({ text: 'this time' });
  });

  test('does not end when asked and left a child behind: both are ended', async () => {
    const mark = `grandchild of ${folder}`;
    await host.list(program('hostile-server.ts', ['grandchild', mark]), signal);
    await expect.poll(() => processesWith(mark), { interval: 50 }).toBe(2);
    await host[Symbol.asyncDispose]();
    await expect.poll(() => processesWith(mark), { interval: 50 }).toBe(0);
  });
});

async function processesWith(words: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(words)).length;
}

async function passOn(answer: Promise<Response>, response: ServerResponse): Promise<void> {
  const told = await answer;
  response.writeHead(told.status, Object.fromEntries(told.headers));
  if (told.body) for await (const part of told.body) response.write(part);
  response.end();
}

describe('a server over HTTP', () => {
  let server: Server;
  let seen: string[];
  let answer: ((path: string) => { status: number; headers?: Record<string, string>; body?: string } | null) | null;

  beforeEach(async () => {
    seen = [];
    answer = null;
    const tools = createHonestServer();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => crypto.randomUUID() });
    await tools.connect(transport);
    server = createServer((request, response) => {
      seen.push(request.headers['authorization'] ?? '');
      const own = answer?.(request.url ?? '');
      if (own) {
        response.writeHead(own.status, own.headers).end(own.body);
        return;
      }
      const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const body = request.method === 'POST' ? (Readable.toWeb(request) as ReadableStream) : null;
      const asked = new Request(`http://local${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers,
        ...(body ? { body, duplex: 'half' as const } : {}),
      });
      void passOn(transport.handleRequest(asked), response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await host[Symbol.asyncDispose]();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const there = (privateAddresses: boolean): ToolServerTarget => ({
    id: 'far',
    name: 'Far',
    address: {
      transport: 'http',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
      privateAddresses,
    },
    secrets: { Authorization: 'Bearer far-secret' },
  });

  test('works with its headers', async () => {
    expect(await call(there(true), 'add', { a: 20, b: 22 })).toMatchObject({ text: '42' });
    expect(new Set(seen)).toEqual(new Set(['Bearer far-secret']));
  });

  test('is not reached on a private address unless the owner says so', async () => {
    await expect(host.list(there(false), signal)).rejects.toMatchObject({ code: 'tool-server-private' });
    expect(seen).toEqual([]);
  });

  test('may not send the house and its secrets elsewhere', async () => {
    answer = () => ({ status: 307, headers: { location: 'http://127.0.0.1:9/' } });
    await expect(host.list(there(true), signal)).rejects.toMatchObject({ code: 'tool-server-redirected' });
  });

  test('says that it does not know us, or answers with garbage', async () => {
    answer = () => ({ status: 401 });
    await expect(host.list(there(true), signal)).rejects.toMatchObject({ code: 'tool-server-auth' });
    await host.forget('far');
    answer = () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '<html>' });
    await expect(host.list(there(true), signal)).rejects.toMatchObject({ code: 'tool-server-failed' });
  });
});

test('a server of MCP’s first revision is spoken to over its stream of events', async () => {
  await using old = await startFirstRevisionServer();
  const address = { transport: 'http', url: old.url, privateAddresses: true } as const;
  const target = { id: 'old', name: 'Old', address, secrets: {} };
  expect((await host.list(target, signal)).tools.map(({ name }) => name)).toContain('add');
  expect(await call(target, 'add', { a: 40, b: 2 })).toMatchObject({ text: '42', failed: false });
  expect(old.seen.slice(0, 2)).toEqual(['POST /sse', 'GET /sse']);
  // It holds its stream open until the house lets go.
  await host[Symbol.asyncDispose]();
});
