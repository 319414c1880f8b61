import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/base/errors.ts';
import { loadCatalog } from '../../src/models/catalog/catalog.ts';
import { createDownloads, type Downloads } from '../../src/models/catalog/downloads.ts';

const never = new AbortController().signal;
let folder: string;
let downloads: Downloads;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-files-'));
  downloads = createDownloads({ catalog: await loadCatalog(), cacheDirectory: join(folder, 'cache'), environment: {} });
});
afterEach(async () => {
  await downloads[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const uint32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const uint64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string) => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
const textEntry = (key: string, value: string) => Buffer.concat([text(key), uint32(8), text(value)]);
const numberEntry = (key: string, value: number) => Buffer.concat([text(key), uint32(4), uint32(value)]);
const textsEntry = (key: string, values: string[]) =>
  Buffer.concat([text(key), uint32(9), uint32(8), uint64(values.length), ...values.map(text)]);

/** The smallest file that is a GGUF: three metadata entries and more, one tensor of 64 bytes. */
function gguf({ salt = 0, more = [] as Buffer[], dataBytes = 64 } = {}): Buffer {
  const entries = [
    textEntry('general.architecture', 'llama'),
    textEntry('general.name', 'Tiny'),
    textsEntry('tokenizer.ggml.tokens', ['a', 'bc', '常']),
    numberEntry('llama.context_length', 2048),
    ...more,
  ];
  const tensor = Buffer.concat([text('token_embd.weight'), uint32(1), uint64(16), uint32(0), uint64(0)]);
  const head = Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(1), uint64(entries.length), ...entries, tensor]);
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
  return Buffer.concat([head, padding, Buffer.alloc(dataBytes, salt)]);
}

async function put(name: string, contents: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('adding a file', () => {
  test('registers what the file says of itself, without using its space twice', async () => {
    const path = await put('My Model (v2).gguf', gguf());
    const added = await downloads.addFile(path, never);
    expect(added).toMatchObject({
      id: 'file:My-Model-v2',
      label: 'My Model (v2)',
      family: 'llama',
      contextLength: 2048,
    });
    const located = await downloads.locate(added.id, never);
    expect(await readFile(located)).toEqual(gguf());
    expect((await stat(located)).ino).toBe((await stat(path)).ino);
    expect((await downloads.statusOf(added.id)).state).toBe('installed');
  });

  test('the same contents are one model, the same name with other contents another', async () => {
    const first = await downloads.addFile(await put('m.gguf', gguf()), never);
    const again = await downloads.addFile(await put('copy.gguf', gguf()), never);
    expect(again.id).toBe(first.id);
    await mkdir(join(folder, 'b'));
    const other = await downloads.addFile(await put('b/m.gguf', gguf({ salt: 1 })), never);
    expect(other.id).toBe(`file:m-${other.sha256.slice(0, 8)}`);
    const named = await downloads.addFile(await put('模型.gguf', gguf({ salt: 2 })), never);
    expect(named).toMatchObject({ id: `file:${named.sha256.slice(0, 8)}`, label: '模型' });
  });

  test('parallel additions all stay', async () => {
    const paths = await Promise.all([1, 2, 3, 4].map((salt) => put(`m${salt}.gguf`, gguf({ salt }))));
    await Promise.all(paths.map((path) => downloads.addFile(path, never)));
    const own = (await downloads.entries()).filter((entry) => entry.use === 'own-file');
    expect(own.map(({ id }) => id).toSorted()).toEqual(['file:m1', 'file:m2', 'file:m3', 'file:m4']);
  });

  test('another process sees it; removing forgets it and leaves the original', async () => {
    const path = await put('m.gguf', gguf());
    const { id, sha256 } = await downloads.addFile(path, never);
    const options = { catalog: await loadCatalog(), cacheDirectory: join(folder, 'cache'), environment: {} };
    await using other = createDownloads(options);
    expect((await other.statusOf(id)).state).toBe('installed');
    await other.remove(id);
    expect((await failure(downloads.statusOf(id))).code).toBe('model-unknown');
    expect((await readdir(join(folder, 'cache', 'weights'))).filter((name) => name === `${sha256}.gguf`)).toEqual([]);
    expect(await readFile(path)).toEqual(gguf());
  });

  test('changed in place, it is refused until it is added again', async () => {
    const path = await put('m.gguf', gguf());
    const { id } = await downloads.addFile(path, never);
    await writeFile(path, gguf({ salt: 9 }));
    expect(await failure(downloads.locate(id, never))).toMatchObject({ code: 'weights-damaged' });
  });

  test('an own file is never downloaded', async () => {
    const { id } = await downloads.addFile(await put('m.gguf', gguf()), never);
    await rm(join(folder, 'cache', 'weights', `${createHash('sha256').update(gguf()).digest('hex')}.gguf`));
    expect(await failure(downloads.start(id))).toMatchObject({ code: 'model-absent' });
  });
});

describe('a file that is no model', () => {
  const whole = gguf();
  test.each<[string, Buffer, string]>([
    ['text', Buffer.from('hello there, this is not a model'), 'not a GGUF file'],
    ['empty', Buffer.alloc(0), 'header'],
    ['old version', Buffer.concat([Buffer.from('GGUF'), uint32(1), whole.subarray(8)]), 'GGUF version 1'],
    ['no data', whole.subarray(0, whole.length - 64), 'header demands'],
    ['half a header', whole.subarray(0, 60), 'middle of its header'],
    ['too many entries', Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(1), uint64(1e12)]), 'claims'],
    ['no tensors', Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(0), uint64(0)]), 'no weights'],
    ['a huge text', Buffer.concat([whole.subarray(0, 24), uint64(1e15), Buffer.alloc(64)]), 'claims'],
  ])('%s', async (_name, contents, reason) => {
    const path = await put('bad.gguf', contents);
    const error = await failure(downloads.addFile(path, never));
    expect(error).toMatchObject({ code: 'not-a-model', field: 'path' });
    expect(error.message).toContain(reason);
    expect((await downloads.entries()).some((entry) => entry.use === 'own-file')).toBe(false);
  });

  test('nothing there, or one part of a split model', async () => {
    expect(await failure(downloads.addFile(join(folder, 'none.gguf'), never))).toMatchObject({ code: 'no-such-file' });
    const split = await put('a-00001-of-00002.gguf', gguf({ more: [numberEntry('split.count', 2)] }));
    expect(await failure(downloads.addFile(split, never))).toMatchObject({ code: 'split-model' });
  });

  test('whatever bytes are flipped, the file is added or clearly refused', async () => {
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 65), fc.nat(255)), { minLength: 1, maxLength: 6 });
    const path = join(folder, 'fuzz.gguf');
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const contents = Buffer.from(whole);
        for (const [at, value] of changes) contents[at] = value;
        await writeFile(path, contents);
        const outcome = await downloads.addFile(path, never).then(
          async (added) => downloads.remove(added.id).then(() => true),
          (error: unknown) => error instanceof AppError && /^(not-a-model|split-model)$/.test(error.code),
        );
        expect(outcome).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
