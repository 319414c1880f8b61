import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../src/base/errors.ts';
import { parseCatalog, type Source } from '../../src/models/catalog/catalog.ts';
import { createDownloads, type Downloads, type DownloadsOptions } from '../../src/models/catalog/downloads.ts';
import type { ModelStatus } from '../../src/models/catalog/model-status.ts';
import { probeSources, reachableIds } from '../../src/models/catalog/probe-sources.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const WEIGHTS = randomBytes(600_000);
const SHA256 = createHash('sha256').update(WEIGHTS).digest('hex');
const never = new AbortController().signal;

let folder: string;
let server: Server;
let base: string;
let routes: Map<string, Handler>;
let requests: { url: string; range: string | undefined }[];
const opened: Downloads[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalog-'));
  routes = new Map();
  requests = [];
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', range: request.headers.range });
    const handler = routes.get(request.url ?? '');
    if (handler) handler(request, response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const downloads of opened.splice(0)) await downloads[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function catalogOf(sources: Source[], more: object = {}) {
  const entry = {
    id: 'small',
    role: 'chat',
    use: 'starter',
    label: 'Small',
    family: 'test',
    licence: 'Apache-2.0',
    languages: ['en'],
    sizeBytes: WEIGHTS.length,
    contextLength: 2048,
    sha256: SHA256,
    recommendedRamGiB: 1,
    sampling: {},
    sources,
    ...more,
  };
  return parseCatalog({ version: 1, models: [entry] });
}

const hub = (path: string): Source => ({ kind: 'hub', url: `${base}${path}` });

function create(sources: Source[], more: Partial<DownloadsOptions> = {}): Downloads {
  const downloads = createDownloads({
    catalog: catalogOf(sources),
    cacheDirectory: folder,
    environment: process.env,
    hubTimeouts: { answerInMs: 2_000, silenceInMs: 400, pauseInMs: 5 },
    ...more,
  });
  opened.push(downloads);
  return downloads;
}

/** An ordinary hub: whole file or range. */
const serve: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const to = Number(/-(\d+)$/.exec(request.headers.range ?? '')?.[1] ?? WEIGHTS.length - 1);
  const body = WEIGHTS.subarray(from, to + 1);
  const range = `bytes ${from}-${to}/${WEIGHTS.length}`;
  response
    .writeHead(request.headers.range ? 206 : 200, {
      'content-length': body.length,
      ...(request.headers.range ? { 'content-range': range } : {}),
    })
    .end(body);
};

/** Sends so many bytes from where it was asked; once they are on the disk it cuts the connection or stays silent. */
const cutAfter =
  (bytes: number, then: 'destroy' | 'silence' = 'destroy'): Handler =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const end = Math.min(from + bytes, WEIGHTS.length);
    const range = { 'content-range': `bytes ${from}-${WEIGHTS.length - 1}/${WEIGHTS.length}` };
    response.writeHead(request.headers.range ? 206 : 200, { 'content-length': WEIGHTS.length - from, ...range });
    response.write(WEIGHTS.subarray(from, end));
    if (then === 'silence') return;
    void vi
      .waitFor(async () => expect((await stat(partPath())).size).toBe(end), { timeout: 20_000, interval: 5 })
      .finally(() => response.destroy());
  };

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

async function fetchSmall(downloads: Downloads): Promise<void> {
  await downloads.start('small');
  await downloads.wait('small', never);
}

/** What is in the weights folder besides lock files, which are empty and stay. */
async function kept(): Promise<string[]> {
  const names = await readdir(join(folder, 'weights')).catch(() => []);
  return names
    .filter((name) => !name.endsWith('.lock'))
    .map((name) => name.replace(SHA256, 'SHA'))
    .toSorted();
}

const weightsPath = () => join(folder, 'weights', `${SHA256}.gguf`);
const partPath = () => join(folder, 'weights', `${SHA256}.part`);

describe('a hub that works', () => {
  test('fills the file, reports how far it is, and lands it under its hash', async () => {
    routes.set('/a', serve);
    const downloads = create([hub('/a')]);
    const stop = new AbortController();
    const seen: ModelStatus[] = [];
    const watching = (async () => {
      for await (const status of downloads.changes(stop.signal)) seen.push(status);
    })();
    expect((await downloads.statusOf('small')).state).toBe('absent');
    await fetchSmall(downloads);
    await vi.waitFor(() => expect(seen.at(-1)?.state).toBe('installed'), { timeout: 20_000 });
    stop.abort();
    await watching;
    expect(await readFile(weightsPath())).toEqual(WEIGHTS);
    expect(await kept()).toEqual(['SHA.gguf', 'SHA.json']);
    expect(seen.at(-1)).toMatchObject({ receivedBytes: WEIGHTS.length, totalBytes: WEIGHTS.length, error: null });
    expect(await downloads.locate('small', never)).toBe(weightsPath());
  });

  test('is not asked again once the model is there', async () => {
    routes.set('/a', serve);
    await fetchSmall(create([hub('/a')]));
    await fetchSmall(create([hub('/a')]));
    expect(requests).toHaveLength(1);
  });

  test('redirects are followed, with the range', async () => {
    routes.set('/a', (_request, response) => response.writeHead(302, { location: '/storage/x?sig=1' }).end());
    routes.set('/storage/x?sig=1', serve);
    await mkdir(join(folder, 'weights'), { recursive: true });
    await writeFile(partPath(), WEIGHTS.subarray(0, 1000));
    await fetchSmall(create([hub('/a')]));
    expect(requests.map(({ range }) => range)).toEqual(['bytes=1000-', 'bytes=1000-']);
    expect(await readFile(weightsPath())).toEqual(WEIGHTS);
  });
});

describe('a hub that fails', () => {
  test('a cut connection is gone on from where it broke', async () => {
    let cuts = 0;
    routes.set('/a', (request, response) => (cuts++ < 3 ? cutAfter(100_000) : serve)(request, response));
    await fetchSmall(create([hub('/a')]));
    expect(requests).toHaveLength(4);
    expect(requests[0]?.range).toBeUndefined();
    for (const { range } of requests.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(await readFile(weightsPath())).toEqual(WEIGHTS);
  });

  test('a silent one is left after its time and gone on from', async () => {
    let times = 0;
    routes.set('/a', (request, response) => (times++ === 0 ? cutAfter(50_000, 'silence') : serve)(request, response));
    await fetchSmall(create([hub('/a')]));
    expect(requests[1]?.range).toBe('bytes=50000-');
  });

  test('one that cannot continue begins again', async () => {
    await mkdir(join(folder, 'weights'), { recursive: true });
    await writeFile(partPath(), WEIGHTS.subarray(0, 1000));
    routes.set('/a', (_request, response) => response.writeHead(200).end(WEIGHTS));
    await fetchSmall(create([hub('/a')]));
    expect(await readFile(weightsPath())).toEqual(WEIGHTS);
  });

  test('404 and a wrong size lead to the next source', async () => {
    routes.set('/short', (_request, response) => response.writeHead(200, { 'content-length': 4 }).end('nope'));
    routes.set('/good', serve);
    const downloads = create([hub('/missing'), hub('/short'), hub('/good')]);
    await fetchSmall(downloads);
    expect(requests.map(({ url }) => url)).toEqual(['/missing', '/short', '/good']);
  });

  test('a replaced file is found out from the hub’s own hash, before it is fetched', async () => {
    const headers = { 'x-linked-etag': `"${'0'.repeat(64)}"`, location: '/storage' };
    routes.set('/a', (_request, response) => response.writeHead(302, headers).end());
    routes.set('/storage', serve);
    const error = await failure(fetchSmall(create([hub('/a')])));
    expect(error.message).toContain('another file under this name');
    expect(requests.map(({ url }) => url)).toEqual(['/a']);
  });

  test('a wrong hash keeps nothing and names the source', async () => {
    const wrong = Buffer.from(WEIGHTS);
    wrong[5] = (wrong[5] ?? 0) ^ 1;
    routes.set('/a', (_request, response) => response.writeHead(200).end(wrong));
    const downloads = create([hub('/a')]);
    const error = await failure(fetchSmall(downloads));
    expect(error).toMatchObject({ code: 'download-wrong-hash' });
    expect(error.message).toContain(new URL(base).host);
    expect(await kept()).toEqual([]);
    expect(await downloads.statusOf('small')).toMatchObject({
      state: 'failed',
      error: { code: 'download-wrong-hash' },
    });
  });

  test('a damaged beginning on the disk does not spoil a good source', async () => {
    await mkdir(join(folder, 'weights'), { recursive: true });
    await writeFile(partPath(), randomBytes(1000));
    routes.set('/a', serve);
    await fetchSmall(create([hub('/a')]));
    expect(requests.map(({ range }) => range)).toEqual(['bytes=1000-', undefined]);
    expect(await readFile(weightsPath())).toEqual(WEIGHTS);
  });

  test('nobody reachable: every source is named, what came is kept, and a later start works', async () => {
    let repaired = false;
    routes.set('/a', (request, response) => {
      if (repaired) serve(request, response);
      else if (requests.length === 1) cutAfter(30_000)(request, response);
      else response.destroy();
    });
    const downloads = create([hub('/a'), { kind: 'hub', url: 'http://no-such-host.invalid/x' }]);
    const error = await failure(fetchSmall(downloads));
    expect(error).toMatchObject({ code: 'download-unreachable', retryable: true });
    expect(error.message).toContain(new URL(base).host);
    expect(error.message).toContain('no-such-host.invalid');
    expect((await downloads.statusOf('small')).receivedBytes).toBe(30_000);
    repaired = true;
    await fetchSmall(downloads);
    expect(requests.at(-1)?.range).toBe('bytes=30000-');
  });

  test('offline means that nobody is asked', async () => {
    routes.set('/a', serve);
    const downloads = create([hub('/a')], { offline: true });
    expect(await failure(downloads.start('small'))).toMatchObject({ code: 'offline' });
    expect(requests).toEqual([]);
  });
});

describe('the disk', () => {
  test('too little space is said with numbers before anything is fetched', async () => {
    routes.set('/a', serve);
    const downloads = create([hub('/a')], { freeBytes: async () => 1_000_000 });
    const error = await failure(fetchSmall(downloads));
    expect(error).toMatchObject({ code: 'no-space', details: { freeBytes: 1_000_000 } });
    expect(requests).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  test('a disk that fills up in the middle: clear error, nothing kept', async ({ skip }) => {
    const small = mountSmallDisk() ?? skip('this process may not mount a small disk');
    routes.set('/a', serve);
    const downloads = create([hub('/a')], { cacheDirectory: small.path, freeBytes: async () => 1e12 });
    try {
      const error = await failure(fetchSmall(downloads));
      expect(error).toMatchObject({ code: 'disk-full' });
      const left = await readdir(join(small.path, 'weights'));
      expect(left.filter((name) => !name.endsWith('.lock'))).toEqual([]);
    } finally {
      await downloads[Symbol.asyncDispose]();
      small.unmount();
    }
  });

  test('a folder that is a file: clear error', async () => {
    await writeFile(join(folder, 'weights'), 'in the way');
    expect(await failure(create([hub('/a')]).start('small'))).toMatchObject({ code: 'folder-not-writable' });
  });
});

/** 256 KiB of memory as a disk; null where this process may not mount one. */
function mountSmallDisk(): { path: string; unmount: () => void } | null {
  const path = spawnSync('mktemp', ['-d']).stdout?.toString().trim();
  if (!path) return null;
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path]).status === 0;
  const unmount = () => {
    if (mounted) spawnSync('umount', [path]);
    spawnSync('rmdir', [path]);
  };
  if (mounted) return { path, unmount };
  unmount();
  return null;
}

describe('several at once', () => {
  test('ten starts of one model are one download', async () => {
    routes.set('/a', serve);
    const downloads = create([hub('/a')]);
    expect(await downloads.arrivedAt('small')).toBeNull();
    const before = Date.now();
    await Promise.all(Array.from({ length: 10 }, () => downloads.start('small')));
    await downloads.wait('small', never);
    expect(requests).toHaveLength(1);
    // Clocks of file systems are a little behind.
    expect(await downloads.arrivedAt('small')).toBeGreaterThan(before - 1000);
    expect(await downloads.arrivedAt('nobody')).toBeNull();
  });

  test('two managers of one cache folder share one download', async () => {
    const release = Promise.withResolvers<void>();
    routes.set('/a', (request, response) => void release.promise.then(() => serve(request, response)));
    const [first, second] = [create([hub('/a')]), create([hub('/a')])];
    await first.start('small');
    await vi.waitFor(() => expect(requests).toHaveLength(1), { timeout: 20_000 });
    await second.start('small');
    expect((await second.statusOf('small')).state).toMatch(/queued|downloading/);
    release.resolve();
    await Promise.all([first.wait('small', never), second.wait('small', never)]);
    expect(requests).toHaveLength(1);
  });

  test('a process killed in the middle lets go: the next one takes over and goes on', async () => {
    routes.set('/a', (request, response) =>
      (requests.length === 1 ? cutAfter(200_000, 'silence') : serve)(request, response),
    );
    const child = startChild();
    try {
      await vi.waitFor(async () => expect((await stat(partPath())).size).toBe(200_000), { timeout: 20_000 });
      const downloads = create([hub('/a')]);
      await downloads.start('small');
      // The other process holds the lock; its progress is shown.
      await vi.waitFor(async () => expect((await downloads.statusOf('small')).receivedBytes).toBe(200_000), {
        timeout: 20_000,
      });
      expect(requests).toHaveLength(1);
      child.kill('SIGKILL');
      await downloads.wait('small', never);
      expect(requests[1]?.range).toBe('bytes=200000-');
      expect(await readFile(weightsPath())).toEqual(WEIGHTS);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('a third download waits in the queue and can be cancelled there', async () => {
    const release = Promise.withResolvers<void>();
    const models = ['a', 'b', 'c'].map((id, index) => {
      const sha256 = createHash('sha256').update(id).digest('hex');
      routes.set(`/${id}`, (_request, response) => void release.promise.then(() => response.end(id)));
      return { ...catalogOf([hub(`/${id}`)]).entries[0], id, sha256, sizeBytes: 1, label: String(index) };
    });
    const downloads = create([hub('/a')], { catalog: parseCatalog({ version: 1, models }) });
    for (const id of ['a', 'b', 'c']) await downloads.start(id);
    await vi.waitFor(() => expect(requests).toHaveLength(2), { timeout: 20_000 });
    expect((await downloads.statusOf('c')).state).toBe('queued');
    expect(await downloads.cancel('c')).toBe(true);
    expect((await downloads.statusOf('c')).state).toBe('absent');
    release.resolve();
    await Promise.all([downloads.wait('a', never), downloads.wait('b', never)]);
    expect(requests).toHaveLength(2);
  });
});

/** Another process that downloads the same model into the same folder. */
function startChild(): ChildProcess {
  const module = new URL('../../src/models/catalog/', import.meta.url).href;
  const [entry] = catalogOf([hub('/a')]).entries;
  const code = `
    import { createDownloads } from '${module}downloads.ts';
    import { parseCatalog } from '${module}catalog.ts';
    const catalog = parseCatalog({ version: 1, models: [${JSON.stringify(entry)}] });
    const downloads = createDownloads({ catalog, cacheDirectory: ${JSON.stringify(folder)}, environment: process.env });
    await downloads.start('small');
    await downloads.wait('small', new AbortController().signal);
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'inherit' });
}

describe('a person changes their mind', () => {
  test('cancel stops the transfer, keeps the part, and a new start goes on', async () => {
    const closed = Promise.withResolvers<void>();
    routes.set('/a', (request, response) => {
      response.on('close', () => closed.resolve());
      (requests.length === 1 ? cutAfter(70_000, 'silence') : serve)(request, response);
    });
    const downloads = create([hub('/a')], { hubTimeouts: { answerInMs: 5_000, silenceInMs: 30_000, pauseInMs: 5 } });
    await downloads.start('small');
    const waiting = failure(downloads.wait('small', never));
    await vi.waitFor(async () => expect((await stat(partPath())).size).toBe(70_000), { timeout: 20_000 });
    expect(await downloads.cancel('small')).toBe(true);
    await closed.promise;
    expect(await waiting).toMatchObject({ code: 'aborted' });
    expect(await downloads.statusOf('small')).toMatchObject({ state: 'absent', receivedBytes: 70_000, error: null });
    expect(await downloads.cancel('small')).toBe(false);
    await fetchSmall(downloads);
    expect(requests[1]?.range).toBe('bytes=70000-');
  });

  test('remove deletes the weights and what was half fetched', async () => {
    routes.set('/a', serve);
    const downloads = create([hub('/a')]);
    await fetchSmall(downloads);
    await downloads.remove('small');
    expect(await kept()).toEqual([]);
    expect((await downloads.statusOf('small')).state).toBe('absent');
    expect(await failure(downloads.locate('small', never))).toMatchObject({ code: 'model-absent' });
  });

  test('an unknown model is named', async () => {
    expect((await failure(create([hub('/a')]).start('gpt-9'))).message).toContain('gpt-9');
  });

  test('closing ends a running download', async () => {
    routes.set('/a', cutAfter(10_000, 'silence'));
    const downloads = create([hub('/a')], { hubTimeouts: { answerInMs: 5_000, silenceInMs: 30_000, pauseInMs: 5 } });
    await downloads.start('small');
    const waiting = failure(downloads.wait('small', never));
    await vi.waitFor(() => expect(requests).toHaveLength(1), { timeout: 20_000 });
    await downloads[Symbol.asyncDispose]();
    expect(await waiting).toMatchObject({ code: 'aborted' });
  });
});

describe('a file that is not what it was', () => {
  async function installed(): Promise<Downloads> {
    routes.set('/a', serve);
    const downloads = create([hub('/a')]);
    await fetchSmall(downloads);
    return downloads;
  }

  test('verify finds one flipped bit, removes the file, and a start brings a good one', async () => {
    const downloads = await installed();
    expect(await downloads.verify('small', never)).toEqual({ ok: true });
    const file = await open(weightsPath(), 'r+');
    await file.write(Buffer.from([(WEIGHTS[9] ?? 0) ^ 1]), 0, 1, 9);
    await file.close();
    expect(await downloads.verify('small', never)).toEqual({ ok: false });
    expect(await downloads.statusOf('small')).toMatchObject({ state: 'failed', error: { code: 'weights-damaged' } });
    await fetchSmall(downloads);
    expect(await downloads.verify('small', never)).toEqual({ ok: true });
  });

  test('locate checks again what was touched, and refuses what is truncated', async () => {
    const downloads = await installed();
    await truncate(weightsPath(), 1000);
    expect((await downloads.statusOf('small')).state).not.toBe('installed');
    expect(await failure(downloads.locate('small', never))).toMatchObject({ code: 'weights-damaged' });
    expect(await kept()).toEqual([]);
  });

  test('a file put there by hand is used only after its hash matched', async () => {
    await mkdir(join(folder, 'weights'), { recursive: true });
    await writeFile(weightsPath(), WEIGHTS);
    const downloads = create([hub('/a')]);
    expect(await downloads.locate('small', never)).toBe(weightsPath());
    await writeFile(weightsPath(), randomBytes(WEIGHTS.length));
    expect(await failure(downloads.locate('small', never))).toMatchObject({ code: 'weights-damaged' });
  });
});

describe('probing', () => {
  test('says who has the file, within its time, without fetching it', async () => {
    routes.set('/good', serve);
    routes.set('/slow', () => undefined);
    routes.set('/other', (_request, response) => response.writeHead(200, { 'content-length': 5 }).end('other'));
    const sources = [hub('/good'), hub('/slow'), hub('/other'), hub('/missing')];
    const entries = sources.map((source, index) => ({ ...catalogOf([source]).entries[0]!, id: `m${index}` }));
    const findPip = () => Promise.reject(new Error('not asked'));
    const options = { entries, environment: {}, findPip, findNpm: findPip, signal: never, hubLimitInMs: 300 };
    const probes = await probeSources(options);
    expect([...reachableIds(probes)]).toEqual(['m0']);
    expect(probes.every(({ reachable, reason }) => reachable === (reason === null))).toBe(true);
    expect(requests.find(({ url }) => url === '/good')?.range).toBe('bytes=0-0');
  });
});
