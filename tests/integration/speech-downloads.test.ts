import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../src/base/errors.ts';
import type { Converter } from '../../src/models/catalog/fetch-file-set.ts';
import { parseSpeechCatalog, type SpeechDownloads, type SpeechEntry } from '../../src/models/catalog/speech-catalog.ts';
import { createFileSetDownloads, type FileSetDownloadsOptions } from '../../src/models/catalog/file-set-downloads.ts';

/**
 * Models of several files, with a hub served here and a stand-in for npm that copies a package made here. The real
 * clients and packages are in `tests/models`.
 */
const MODEL = randomBytes(300_000);
const TOKENS = randomBytes(2_000);
const VOICES = { 'a.bin': randomBytes(4_000), 'deep/b.bin': randomBytes(1_000) };
const CONVERTED = Buffer.from(MODEL).reverse();
const never = new AbortController().signal;

const sha = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
/** As `hash-folder.ts` describes it. */
const treeSha = sha(
  Object.entries(VOICES)
    .map(([path, data]) => `${sha(data)}  ${path}\n`)
    .join(''),
);

let folder: string;
let programs: string;
let server: Server;
let hub: string;
let served: Map<string, Buffer | ((response: ServerResponse) => void)>;
let asked: string[];
const opened: SpeechDownloads[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-speech-'));
  programs = join(folder, 'bin');
  await mkdir(programs);
  served = new Map<string, Buffer>([
    ['/model', MODEL],
    ['/tokens', TOKENS],
  ]);
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = served.get(request.url ?? '');
    if (typeof answer === 'function') return answer(response);
    if (!answer) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-length': answer.length }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await putNpm(`cp '${await putPackage(VOICES)}' "$dest/"`);
});

afterEach(async () => {
  for (const downloads of opened.splice(0)) await downloads[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function putPackage(files: Record<string, Buffer>): Promise<string> {
  const path = join(folder, 'voices-1.0.0.tgz');
  const archive = pack();
  for (const [name, data] of Object.entries(files)) archive.entry({ name: `package/voices/${name}` }, data);
  archive.entry({ name: 'package/install.js' }, 'throw new Error()');
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
  return path;
}

/** Writes the stand-in. `body` runs for `pack` with `$dest` set. */
async function putNpm(body: string): Promise<void> {
  const script = `#!/bin/sh
echo "$@" >> '${folder}/calls'
if [ "$1" = --version ]; then echo 99; exit 0; fi
while [ $# -gt 0 ]; do
  case "$1" in --pack-destination) dest="$2"; shift ;; esac
  shift
done
${body}
`;
  await writeFile(join(programs, 'npm'), script);
  await chmod(join(programs, 'npm'), 0o755);
}

const fromHub = (path: string) => [{ kind: 'hub', url: `${hub}${path}` }];
const modelFile = () => ({
  name: 'model',
  form: 'file',
  extension: 'onnx',
  sizeBytes: MODEL.length,
  sha256: sha(MODEL),
  sources: fromHub('/model'),
});
const tokensFile = () => ({
  name: 'tokens',
  form: 'file',
  sizeBytes: TOKENS.length,
  sha256: sha(TOKENS),
  sources: fromHub('/tokens'),
});
const voicesFolder = () => ({
  name: 'voices',
  form: 'folder',
  sizeBytes: 5_000,
  sha256: treeSha,
  sources: [{ kind: 'npm-package', package: 'voices', version: '1.0.0', member: 'voices' }],
});
const convertedFile = () => ({
  name: 'ready',
  form: 'converted',
  sizeBytes: CONVERTED.length,
  sha256: sha(CONVERTED),
  sources: [],
  from: ['model', 'tokens'],
  converter: 'ctranslate2-whisper',
});

function entry(id: string, files: object[]): object {
  return {
    id,
    role: 'transcription',
    engine: 'sherpa-whisper',
    use: 'starter',
    label: id,
    licence: 'MIT',
    languages: ['en'],
    forCalls: true,
    files,
  };
}

const reverse: Converter = async ({ inputs, target }) => {
  await writeFile(target, (await readFile(inputs['model'] ?? '')).reverse());
};

function create(
  models: object[],
  { converter = reverse, ...more }: Partial<FileSetDownloadsOptions<SpeechEntry>> & { converter?: Converter } = {},
): SpeechDownloads {
  const downloads = createFileSetDownloads({
    catalog: parseSpeechCatalog({ version: 1, models }),
    cacheDirectory: join(folder, 'cache'),
    environment: { ...process.env, PATH: [programs, process.env['PATH']].join(delimiter) },
    converters: { 'ctranslate2-whisper': converter },
    hubTimeouts: { answerInMs: 2_000, silenceInMs: 2_000, pauseInMs: 5 },
    ...more,
  });
  opened.push(downloads);
  return downloads;
}

async function fetchAll(downloads: SpeechDownloads, id = 'whole'): Promise<void> {
  await downloads.start(id);
  await downloads.wait(id, never);
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

async function kept(): Promise<string[]> {
  const names = await readdir(join(folder, 'cache', 'weights')).catch(() => []);
  const known = { [sha(MODEL)]: 'model', [sha(TOKENS)]: 'tokens', [treeSha]: 'voices', [sha(CONVERTED)]: 'ready' };
  return names
    .filter((name) => !/\.(lock|json)$/.test(name))
    .map((name) => name.replace(/^[0-9a-f]{64}/, (hash) => known[hash] ?? hash))
    .toSorted();
}

describe('a model of several files', () => {
  test('comes whole: files, a folder out of a package, progress of all of it together', async () => {
    const downloads = create([entry('whole', [modelFile(), tokensFile(), voicesFolder()])]);
    const stop = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { receivedBytes, totalBytes } of downloads.changes(stop.signal)) {
        expect(totalBytes).toBe(307_000);
        seen.push(receivedBytes);
      }
    })();
    expect(await downloads.arrivedAt('whole')).toBeNull();
    await fetchAll(downloads);
    expect(await downloads.arrivedAt('whole')).toBeGreaterThan(Date.now() - 3_600_000);
    stop.abort();
    await watching;
    const files = await downloads.locate('whole', never);
    expect(await readFile(files['model'] ?? '')).toEqual(MODEL);
    expect(await readFile(join(files['voices'] ?? '', 'deep', 'b.bin'))).toEqual(VOICES['deep/b.bin']);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(seen.at(-1)).toBe(307_000);
    expect(await kept()).toEqual(['model.onnx', 'tokens.bin', 'voices.d']);
    // Scripts of a package are never run.
    expect(await readFile(join(folder, 'calls'), 'utf8')).toMatch(/pack --ignore-scripts .*voices@1\.0\.0/);
  });

  test('goes on after a failure with the file that is missing', async () => {
    served.delete('/tokens');
    const downloads = create([entry('whole', [modelFile(), tokensFile()])]);
    expect((await failure(fetchAll(downloads))).message).toContain('404');
    expect(await downloads.statusOf('whole')).toMatchObject({ state: 'failed', receivedBytes: MODEL.length });
    served.set('/tokens', TOKENS);
    await fetchAll(downloads);
    expect(asked.filter((path) => path === '/model')).toHaveLength(1);
    expect((await downloads.statusOf('whole')).state).toBe('installed');
  });

  test('is removed without what another one needs', async () => {
    const downloads = create([entry('whole', [modelFile(), voicesFolder()]), entry('other', [voicesFolder()])]);
    await fetchAll(downloads);
    await fetchAll(downloads, 'other');
    await downloads.remove('whole');
    expect(await kept()).toEqual(['voices.d']);
    expect((await downloads.statusOf('other')).state).toBe('installed');
    await downloads.remove('other');
    expect(await kept()).toEqual([]);
  });

  test('is cancelled: nothing half written counts as installed', async () => {
    served.set('/model', (response) => {
      response.writeHead(200, { 'content-length': MODEL.length }).write(MODEL.subarray(0, 1000));
    });
    const downloads = create([entry('whole', [tokensFile(), modelFile()])]);
    await downloads.start('whole');
    const waiting = failure(downloads.wait('whole', never));
    await vi.waitFor(async () => expect(await kept()).toContain('model.part'), { timeout: 20_000 });
    expect(await downloads.cancel('whole')).toBe(true);
    expect(await waiting).toMatchObject({ code: 'aborted' });
    expect((await downloads.statusOf('whole')).state).toBe('absent');
    expect(await failure(downloads.locate('whole', never))).toMatchObject({ code: 'model-absent' });
  });

  test('is not fetched where the house is offline, or the disk is full', async () => {
    const offline = create([entry('whole', [modelFile()])], { offline: true });
    expect(await failure(offline.start('whole'))).toMatchObject({ code: 'offline' });
    const full = create([entry('whole', [voicesFolder()])], { freeBytes: async () => 1_000 });
    expect(await failure(fetchAll(full))).toMatchObject({ code: 'no-space' });
    expect(await kept()).toEqual([]);
  });

  test('damaged in one of its files is found out and fetched again', async () => {
    const downloads = create([entry('whole', [modelFile(), voicesFolder()])]);
    await fetchAll(downloads);
    const { voices = '' } = await downloads.locate('whole', never);
    await writeFile(join(voices, 'a.bin'), randomBytes(4_000));
    expect(await failure(downloads.locate('whole', never))).toMatchObject({ code: 'weights-damaged' });
    expect(await kept()).toEqual(['model.onnx']);
    await fetchAll(downloads);
    expect(await downloads.verify('whole', never)).toEqual({ ok: true });
  });
});

describe('a folder out of a package', () => {
  test('of other contents than expected is refused and not kept', async () => {
    await putPackage({ ...VOICES, 'a.bin': randomBytes(4_000) });
    const downloads = create([entry('whole', [voicesFolder()])]);
    expect(await failure(fetchAll(downloads))).toMatchObject({ code: 'download-wrong-hash' });
    expect(await kept()).toEqual([]);
  });

  test.each([
    ['no network', 'npm error code ENOTFOUND', 'download-unreachable'],
    ['no such version', 'npm error code ETARGET', 'download-failed'],
    ['no room', 'npm error code ENOSPC', 'disk-full'],
  ])('%s', async (_name, stderr, code) => {
    await putNpm(`echo '${stderr}' >&2; exit 1`);
    const error = await failure(fetchAll(create([entry('whole', [voicesFolder()])])));
    expect(error).toMatchObject({ code });
  });

  test('without a client says what to install', async () => {
    const error = await failure(
      fetchAll(create([entry('whole', [voicesFolder()])], { environment: { PATH: join(folder, 'none') } })),
    );
    expect(error.message).toContain('npm was not found');
  });
});

describe('a model that is converted', () => {
  const models = () => [entry('whole', [modelFile(), tokensFile(), convertedFile()])];

  test('leaves only the result, and is not made twice', async () => {
    const converter = vi.fn<Converter>(reverse);
    const downloads = create(models(), { converter });
    await fetchAll(downloads);
    expect(await kept()).toEqual(['ready.bin']);
    expect(await downloads.locate('whole', never)).toEqual({ ready: expect.stringMatching(/\.bin$/) });
    await fetchAll(downloads);
    expect(converter).toHaveBeenCalledTimes(1);
    expect((await downloads.statusOf('whole')).state).toBe('installed');
  });

  test('into something else is refused; the inputs stay for another try', async () => {
    const converter: Converter = ({ target }) => writeFile(target, 'wrong');
    const error = await failure(fetchAll(create(models(), { converter })));
    expect(error).toMatchObject({ code: 'conversion-wrong-hash' });
    expect(await kept()).toEqual(['model.onnx', 'tokens.bin']);
  });
});
