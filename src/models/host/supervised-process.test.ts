import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { AbortedError, InvalidInputError, ResourceError, UnavailableError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { SupervisedProcess, type SupervisedProcessOptions } from './supervised-process.ts';

type Methods = {
  echo: { params: { text: string }; event: string; result: string };
  /** Dies as long as the counter file has fewer than `deaths` lines; emits `before` first. */
  die: { params: { deaths: number; before: string[] }; event: string; result: number };
  wait: { params: null; event: string; result: string };
  spin: { params: null; event: string; result: null };
  refuse: { params: null; event: never; result: null };
  /** Keeps so many megabytes for ever, and answers with its process id: at once, or when the counter file is there. */
  grow: { params: { megabytes: number; answer: 'now' | 'later' }; event: never; result: number };
};

const serverModule = new URL('./child-server.ts', import.meta.url).href;
const supervisorModule = new URL('./supervised-process.ts', import.meta.url).href;
const base = (name: string): string => new URL(`../../base/${name}.ts`, import.meta.url).href;

let folder: string;
let program: URL;
const open: SupervisedProcess<Methods, { pid: number }>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-host-'));
  const path = join(folder, 'program.mjs');
  program = pathToFileURL(path);
  await writeFile(path, programText());
});

afterEach(async () => {
  for (const child of open.splice(0)) await child[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A child scripted through its start options. */
function programText(): string {
  return `
import { serveChild } from ${JSON.stringify(serverModule)};
import { InvalidInputError, ResourceError } from ${JSON.stringify(base('errors'))};
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const kept = [];
serveChild(async (options) => {
  if (options.start === 'refuse') throw new ResourceError('Too little memory.', { code: 'model-does-not-fit' });
  if (options.start === 'crash') { console.error('GGML_ASSERT(buffer) failed'); process.abort(); }
  return {
    info: { pid: process.pid },
    handlers: {
      echo: async ({ text }, { emit }) => { for (const letter of text) emit(letter); return text.toUpperCase(); },
      die: async ({ deaths, before }, { emit }) => {
        const died = existsSync(options.counter) ? readFileSync(options.counter, 'utf8').length : 0;
        for (const event of before) emit(event);
        if (died < deaths) {
          appendFileSync(options.counter, 'x');
          await new Promise((resolve) => setImmediate(resolve));
          process.kill(process.pid, 'SIGKILL');
          await new Promise(() => undefined);
        }
        return died;
      },
      wait: (_, { signal, emit }) => new Promise((resolve) => {
        emit('waiting');
        signal.addEventListener('abort', () => { appendFileSync(options.counter, 'aborted'); resolve('aborted'); });
      }),
      grow: async ({ megabytes, answer }, { signal }) => {
        kept.push(Buffer.alloc(megabytes * 2 ** 20, 1));
        while (answer === 'later' && !existsSync(options.counter) && !signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return process.pid;
      },
      spin: async (_, { emit }) => { emit('on'); await new Promise((resolve) => setTimeout(resolve, 50)); for (;;); },
      refuse: async () => { throw new InvalidInputError('The prompt is too long.', { code: 'prompt-too-long', details: { tokens: 9 } }); },
    },
    stop: async () => { appendFileSync(options.counter, 'stopped'); },
  };
});
`;
}

function supervise(
  start: 'fine' | 'refuse' | 'crash' = 'fine',
  options: Partial<SupervisedProcessOptions> = {},
): SupervisedProcess<Methods, { pid: number }> {
  const child = new SupervisedProcess<Methods, { pid: number }>({
    program,
    name: 'The test engine',
    startOptions: async () => ({ start, counter: join(folder, 'counter') }),
    idleUnloadInMs: 0,
    logger: silentLogger(),
    clock: systemClock,
    backOffBaseInMs: 1,
    ...options,
  });
  open.push(child);
  return child;
}

async function counter(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(join(folder, 'counter'), 'utf8').catch(() => '');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('requests', () => {
  test('starts on demand, streams events in order, returns the result', async () => {
    const child = supervise();
    expect(child.state).toBe('unloaded');
    const events: string[] = [];
    const result = await child.request('echo', { text: 'abc' }, { onEvent: (event) => events.push(event) });
    expect(result).toBe('ABC');
    expect(events).toEqual(['a', 'b', 'c']);
    expect(child.state).toBe('ready');
  });

  test('an error keeps its class, code and details', async () => {
    const error: unknown = await supervise()
      .request('refuse', null)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ code: 'prompt-too-long', details: { tokens: 9 }, retryable: false });
  });

  test('a signal rejects at once and reaches the child', async () => {
    const child = supervise();
    const stop = new AbortController();
    const waiting = child.request('wait', null, { signal: stop.signal, onEvent: () => stop.abort() });
    await expect(waiting).rejects.toBeInstanceOf(AbortedError);
    await vi.waitFor(async () => expect(await counter()).toBe('aborted'), { timeout: 20_000 });
    await expect(child.request('echo', { text: 'x' })).resolves.toBe('X');
  });
});

describe('a child that dies', () => {
  test('is started again and the request repeated once, when nothing was shown', async () => {
    const child = supervise();
    const onRetry = vi.fn<() => void>();
    const result = await child.request('die', { deaths: 1, before: ['progress'] }, { onRetry, isShown: () => false });
    expect(result).toBe(1);
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  test('is not repeated once something was shown', async () => {
    const child = supervise();
    const events: string[] = [];
    const failing = child.request(
      'die',
      { deaths: 1, before: ['word'] },
      { onEvent: (event) => events.push(event), isShown: () => true },
    );
    await expect(failing).rejects.toMatchObject({ code: 'engine-lost', retryable: true });
    expect(events).toEqual(['word']);
    expect(await counter()).toBe('x');
    await expect(child.request('echo', { text: 'back' })).resolves.toBe('BACK');
  });

  test('twice gives a retryable error', async () => {
    const failing = supervise().request('die', { deaths: 9, before: [] });
    await expect(failing).rejects.toBeInstanceOf(UnavailableError);
    expect(await counter()).toBe('xx');
  });

  test('by kill -9 from outside is replaced', async () => {
    const child = supervise();
    const first = await child.load();
    process.kill(first.pid, 'SIGKILL');
    await vi.waitFor(() => expect(child.state).toBe('unloaded'), { timeout: 20_000 });
    const second = await child.load();
    expect(second.pid).not.toBe(first.pid);
  });

  test('many times in a row is waited for no longer than a person would', async () => {
    const child = supervise('fine', { backOffBaseInMs: 60_000 });
    await expect(child.request('die', { deaths: 9, before: [] })).rejects.toBeInstanceOf(UnavailableError);
    const error: unknown = await child.load().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ retryable: true, details: { retryAfterInSeconds: 30 } });
  });

  test('of a stuck event loop is noticed by its silence', async () => {
    const failing = supervise('fine', { heartbeatTimeoutInMs: 2_500 }).request('spin', null, { isShown: () => true });
    await expect(failing).rejects.toThrow('stopped answering');
  });
});

describe('starting', () => {
  test('passes on what the program says', async () => {
    const child = supervise('refuse');
    const error: unknown = await child.request('echo', { text: 'x' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ResourceError);
    expect(error).toMatchObject({ code: 'model-does-not-fit' });
    expect(child.state).toBe('failed');
    expect(child.lastError).toBe(error);
  });

  test('a native abort becomes an error with the remedy, and keeps what the library printed', async () => {
    const error: unknown = await supervise('crash')
      .load()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ResourceError);
    expect(error).toMatchObject({ code: 'engine-start-failed' });
    expect((error as Error).message).toContain('SIGABRT');
    expect(String((error as Error).cause)).toContain('GGML_ASSERT(buffer) failed');
  });

  test('its options may refuse, for example a damaged file', async () => {
    const refusal = new ResourceError('The model file is damaged.');
    const child = supervise('fine', { startOptions: () => Promise.reject(refusal) });
    await expect(child.load()).rejects.toBe(refusal);
  });
});

describe('a child that grows', () => {
  const recycle = { growthInBytes: 64 * 2 ** 20, notBeforeInMs: 0 };

  test('is replaced when idle, and nobody waits for the load', async () => {
    const child = supervise('fine', { recycle });
    const first = await child.load();
    expect(await child.request('grow', { megabytes: 80, answer: 'now' })).toBe(first.pid);
    const seen = new Set([first.pid]);
    await vi.waitFor(
      async () => {
        await child.request('echo', { text: 'x' });
        expect(child.state).toBe('ready');
        seen.add(child.info?.pid ?? 0);
        expect(seen.size).toBe(2);
      },
      { timeout: 20_000 },
    );
    await vi.waitFor(() => expect(isAlive(first.pid)).toBe(false), { timeout: 20_000 });
    expect(await counter()).toBe('stopped');
  });

  test('under steady work is replaced at twice the limit, and ends its work first', async () => {
    const child = supervise('fine', { recycle });
    const first = await child.load();
    const long = child.request('grow', { megabytes: 160, answer: 'later' });
    await vi.waitFor(() => expect(child.info?.pid).not.toBe(first.pid), { timeout: 15_000 });
    expect(isAlive(first.pid)).toBe(true);
    await expect(child.request('echo', { text: 'meanwhile' })).resolves.toBe('MEANWHILE');
    await writeFile(join(folder, 'counter'), 'go on');
    expect(await long).toBe(first.pid);
    await vi.waitFor(() => expect(isAlive(first.pid)).toBe(false), { timeout: 20_000 });
  });

  test('stays when the limit is not reached', async () => {
    const child = supervise('fine', { recycle });
    const first = await child.load();
    await child.request('grow', { megabytes: 16, answer: 'now' });
    expect(await child.request('grow', { megabytes: 1, answer: 'now' })).toBe(first.pid);
    expect(child.info?.pid).toBe(first.pid);
  });

  test('leaves no process when it is closed while it is replaced', async () => {
    const child = supervise('fine', { recycle });
    const first = await child.load();
    const long = child.request('grow', { megabytes: 160, answer: 'later' });
    long.catch(() => undefined);
    await vi.waitFor(() => expect(child.info?.pid).not.toBe(first.pid), { timeout: 15_000 });
    const second = child.info?.pid ?? 0;
    await child[Symbol.asyncDispose]();
    expect([isAlive(first.pid), isAlive(second)]).toEqual([false, false]);
    await expect(long).resolves.toBe(first.pid);
  });
});

describe('ending', () => {
  test('an idle child is stopped gracefully and comes back', async () => {
    const child = supervise('fine', { idleUnloadInMs: 20 });
    await child.request('echo', { text: 'a' });
    await vi.waitFor(() => expect(child.state).toBe('unloaded'), { timeout: 20_000 });
    expect(await counter()).toBe('stopped');
    await expect(child.request('echo', { text: 'b' })).resolves.toBe('B');
  });

  test('disposing leaves no process, and refuses requests', async () => {
    const child = supervise();
    const { pid } = await child.load();
    await child[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
    await expect(child.request('echo', { text: 'x' })).rejects.toBeInstanceOf(UnavailableError);
  });

  test('disposing during a request ends it as stopped', async () => {
    const child = supervise();
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const waiting = child.request('wait', null, { onEvent: () => resolve(), isShown: () => true });
    waiting.catch(() => undefined);
    await reached;
    await child[Symbol.asyncDispose]();
    await expect(waiting).resolves.toBe('aborted');
  });

  test('a killed parent leaves no orphan', async () => {
    const parentPath = join(folder, 'parent.mjs');
    await writeFile(
      parentPath,
      `
import { SupervisedProcess } from ${JSON.stringify(supervisorModule)};
import { systemClock } from ${JSON.stringify(base('clock'))};
import { silentLogger } from ${JSON.stringify(base('logger'))};
const child = new SupervisedProcess({
  program: new URL(${JSON.stringify(program.href)}), name: 'x', idleUnloadInMs: 0,
  startOptions: async () => ({ start: 'fine', counter: ${JSON.stringify(join(folder, 'counter'))} }),
  logger: silentLogger(), clock: systemClock,
});
console.log((await child.load()).pid);
`,
    );
    const parent = spawn(process.execPath, [parentPath], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { promise, resolve } = Promise.withResolvers<number>();
    parent.stdout.on('data', (data: Buffer) => resolve(Number(String(data))));
    const pid = await promise;
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
  });
});
