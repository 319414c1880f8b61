import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { MemberRequest } from './member-writer.ts';
import { unpackTarball } from './unpack-tarball.ts';
import { unpackWheel } from './unpack-wheel.ts';

let folder: string;
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-members-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Member = Partial<Header> & { name: string; text?: string };

async function tarball(members: Member[]): Promise<string> {
  const path = join(folder, 'package.tgz');
  const archive = pack();
  for (const { text, ...header } of members) archive.entry(header, text ?? '');
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
  return path;
}

async function wheel(members: Member[]): Promise<string> {
  const path = join(folder, 'package.whl');
  const zip = new ZipFile();
  for (const { name, text } of members) zip.addBuffer(Buffer.from(text ?? ''), name.replace('package/', ''));
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const files: Member[] = [
  { name: 'package/voices/a.bin', text: 'aa' },
  { name: 'package/voices/deep/b.bin', text: 'bbb' },
  { name: 'package/voices.txt', text: 'no' },
  { name: 'package/index.js', text: 'no' },
];
const kinds = [
  ['a tarball', tarball, unpackTarball],
  ['a wheel', wheel, unpackWheel],
] as const;

describe.each(kinds)('%s', (_kind, make, unpack) => {
  const take = async (members: Member[], more: Partial<MemberRequest> = {}) =>
    unpack({
      archive: await make(members),
      form: 'folder',
      member: 'voices',
      target: join(folder, 'taken'),
      mostBytes: 100,
      signal,
      ...more,
    });

  test('gives one folder and nothing else', async () => {
    expect(await take(files)).toBe(5);
    expect((await readdir(join(folder, 'taken'), { recursive: true })).toSorted()).toEqual([
      'a.bin',
      'deep',
      join('deep', 'b.bin'),
    ]);
  });

  test('gives one file, appended to what is there', async () => {
    await writeFile(join(folder, 'taken'), 'begun ');
    expect(await take(files, { form: 'file', member: 'voices/a.bin' })).toBe(2);
    expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('begun aa');
  });

  test('says what is missing', async () => {
    await expect(take(files, { member: 'other' })).rejects.toThrow('has no other');
  });

  test('is refused when it holds more than was said', async () => {
    await expect(take(files, { mostBytes: 4 })).rejects.toThrow('larger than the model');
  });

  test('is refused when it is damaged', async () => {
    const archive = await make(files);
    await writeFile(archive, 'not an archive');
    await expect(
      unpack({ archive, form: 'folder', member: 'voices', target: join(folder, 'taken'), mostBytes: 100, signal }),
    ).rejects.toThrow('not a readable archive');
  });
});

describe('a hostile tarball', () => {
  test.each([
    ['a path that leads out', { name: 'package/voices/../../out', text: 'x' }, /not allowed/],
    ['a backslash', { name: 'package/voices/a\\b', text: 'x' }, /not allowed/],
    ['a link', { name: 'package/voices/link', type: 'symlink', linkname: '/etc/passwd' }, /has no voices/],
  ] satisfies [string, Member, RegExp][])('with %s writes nothing', async (_name, member, message) => {
    const archive = await tarball([member]);
    const target = join(folder, 'taken');
    await expect(
      unpackTarball({ archive, form: 'folder', member: 'voices', target, mostBytes: 100, signal }),
    ).rejects.toThrow(message);
    expect(await readdir(folder, { recursive: true })).toEqual(['package.tgz']);
  });
});
