import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { pack } from 'tar-stream';
import { describe, expect, test, vi } from 'vitest';
import type { ApiClient } from '../../client/create-client.ts';
import { systemClock } from '../../src/base/clock.ts';
import { backupHouse } from '../../src/storage/backup/backup-house.ts';
import { backupTableNames, type PortableRow } from '../../src/storage/backup/backup-tables.ts';
import {
  openPostgresSource,
  openSqliteSource,
  type PostgresAddress,
} from '../../src/storage/backup/backup-source-store.ts';
import { restoreHouse } from '../../src/storage/backup/restore-house.ts';
import { openEverwithHome, type EverwithHome } from './support/everwith-process.ts';

const signal = new AbortController().signal;
const onPostgres = process.env['EVERWITH_TEST_STORAGE'] === 'postgres';

function postgresOf({ environment }: EverwithHome): PostgresAddress | null {
  const { EVERWITH_POSTGRES: url, EVERWITH_POSTGRES_SCHEMA: schema } = environment;
  return url ? { url, ...(schema ? { schema } : {}) } : null;
}

/** Everything a house holds, table by table. */
async function readAll(dataDirectory: string, postgres: PostgresAddress | null): Promise<Map<string, PortableRow[]>> {
  await using source = postgres
    ? await openPostgresSource(postgres)
    : openSqliteSource(join(dataDirectory, 'everwith.sqlite'));
  const tables = new Map<string, PortableRow[]>();
  for (const table of backupTableNames) {
    const rows: PortableRow[] = [];
    for await (const row of source.rows(table)) rows.push(row);
    tables.set(
      table,
      rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    );
  }
  return tables;
}

async function begin(client: ApiClient): Promise<string> {
  const { characters } = await client.call('characters');
  const characterId = characters.find(({ slug }) => slug === 'mira')?.id ?? '';
  return (await client.call('createConversation', { body: { characterId } })).id;
}

/** A conversation with a message about coffee, in a house that was closed properly. */
async function openFilledHome(): Promise<EverwithHome> {
  const home = await openEverwithHome();
  const server = await home.serve();
  const id = await begin(server.client);
  const body = { text: '我想喝咖啡 and tea', clientId: randomUUID(), reply: false };
  const { message } = await server.client.call('sendMessage', { params: { id }, body });
  const { character } = await server.client.call('conversation', { params: { id } });
  const remember = { params: { id: character.id } };
  await server.client.call('addMemoryFact', {
    ...remember,
    body: { about: 'user', text: 'Drinks tea.', pinned: true },
  });
  await server.client.call('addDiaryEntry', { ...remember, body: { text: 'We spoke of coffee.' } });
  await server.client.call('addMemoryDate', { ...remember, body: { text: 'Coffee', dueAt: 4_000_000_000_000 } });
  await server.client.call('addMemoryRule', { ...remember, body: { kind: 'message', messageId: message.id } });
  server.child.kill('SIGTERM');
  await server.ended;
  return home;
}

async function dropSchema(postgres: PostgresAddress | null, schema: string): Promise<void> {
  if (!postgres || schema === '') return;
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`drop schema ${schema} cascade`);
  await client.end();
}

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'everwith-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function listTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => !name.startsWith('server.lock')).toSorted();
}

describe('backup and restore', () => {
  test('a backup taken while messages are written is one moment of the house, and comes back whole', async () => {
    await using home = await openEverwithHome();
    const server = await home.serve();
    const id = await begin(server.client);
    const progress = { written: 0, over: false };
    const write = async () => {
      while (!progress.over) {
        const body = { text: `message ${progress.written}`, clientId: randomUUID(), reply: false };
        const { message } = await server.client.call('sendMessage', { params: { id }, body });
        const { character } = await server.client.call('conversation', { params: { id } });
        const remember = { params: { id: character.id } };
        await server.client.call('addMemoryFact', {
          ...remember,
          body: { about: 'user', text: 'Drinks tea.', pinned: true },
        });
        await server.client.call('addDiaryEntry', { ...remember, body: { text: 'We spoke of coffee.' } });
        await server.client.call('addMemoryDate', { ...remember, body: { text: 'Coffee', dueAt: 4_000_000_000_000 } });
        await server.client.call('addMemoryRule', { ...remember, body: { kind: 'message', messageId: message.id } });
        progress.written += 1;
      }
    };
    const writer = write();
    await vi.waitUntil(() => progress.written >= 20, { timeout: 30_000 });
    const before = progress.written;
    const made = await home.run(['backup', 'house.tar.gz', '--data', home.data]);
    const after = progress.written;
    progress.over = true;
    await writer;
    expect(made.code).toBe(0);
    expect(after).toBeGreaterThan(before);
    expect((await stat(join(home.folder, 'house.tar.gz'))).mode & 0o777).toBe(0o600);
    expect((await home.run(['backup', 'house.tar.gz', '--data', home.data])).code).toBe(1);
    expect((await home.run(['backup', 'house.tar.gz', '--force', '--data', home.data])).code).toBe(0);
    expect((await readdir(home.folder)).filter((name) => name.startsWith('.house'))).toEqual([]);
    const running = await home.run(['restore', 'house.tar.gz', '--force', '--data', home.data]);
    expect(running).toMatchObject({ code: 1 });
    expect(running.stderr).toContain('already runs');
    server.child.kill('SIGTERM');
    await server.ended;

    await using copy = await openEverwithHome();
    const source = join(home.folder, 'house.tar.gz');
    expect((await copy.run(['restore', source, '--data', copy.data])).code).toBe(0);
    const original = await readAll(home.data, postgresOf(home));
    const restored = await readAll(copy.data, postgresOf(copy));
    const texts = restored.get('message')?.filter(({ authorKind }) => authorKind === 'human') ?? [];
    expect(texts.length).toBeGreaterThanOrEqual(before);
    const conversation = restored.get('conversation')?.[0];
    const leaf = restored.get('message')?.find((message) => message['id'] === conversation?.['leafId']);
    expect(leaf).toBeDefined();
    expect(conversation?.['messageCount']).toBe(Number(leaf?.['depth']) + 1);
    for (const [table, rows] of restored) {
      if (['conversation', 'message', 'job'].includes(table)) continue; // these went on growing
      const known = new Set(original.get(table)?.map((row) => JSON.stringify(row)));
      for (const row of rows) expect(known).toContain(JSON.stringify(row));
    }
    const reopened = await copy.serve();
    const found = await reopened.client.call('conversations', { query: { search: 'message 3' } });
    expect(found.conversations).toHaveLength(1);
    const more = { text: 'and on', clientId: randomUUID(), reply: false };
    await reopened.client.call('sendMessage', { params: { id }, body: more });
  });

  test('data that is there is refused without --force and kept aside with it', async () => {
    await using home = await openFilledHome();
    const file = join(home.folder, 'b.tar.gz');
    expect((await home.run(['backup', file, '--data', home.data])).code).toBe(0);
    const whole = await readAll(home.data, postgresOf(home));
    const refused = await home.run(['restore', file, '--data', home.data]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--force');
    expect(await readAll(home.data, postgresOf(home))).toEqual(whole);
    await writeFile(join(home.data, 'config.json'), '{}');
    const forced = await home.run(['restore', file, '--force', '--data', home.data]);
    expect(forced.code).toBe(0);
    expect(await readAll(home.data, postgresOf(home))).toEqual(whole);
    expect(existsSync(join(home.data, 'config.json'))).toBe(true);
    const folder = /\S+before-restore-\d+/.exec(forced.stdout)?.[0] ?? '';
    expect(existsSync(join(folder, 'secret.key'))).toBe(true);
    expect((await readdir(home.data)).filter((name) => name.startsWith('.restore'))).toEqual([]);
    const schema = /everwith_before_restore_\d+/.exec(forced.stdout)?.[0] ?? '';
    const postgres = postgresOf(home);
    await using _schema = { [Symbol.asyncDispose]: () => dropSchema(postgres, schema) };
    expect(await readAll(folder, postgres && { ...postgres, schema })).toEqual(whole);
  });

  test.skipIf(!onPostgres)('goes to the other dialect and back without a change', async () => {
    await using home = await openFilledHome();
    const postgres = postgresOf(home);
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'sqlite');
    const options = { force: false, clock: systemClock, signal };
    const first = join(folder.path, 'first.tar.gz');
    await backupHouse({ ...options, dataDirectory: home.data, postgres, target: first });
    await restoreHouse({ ...options, dataDirectory: data, postgres: null, source: first });
    expect(await readAll(data, null)).toEqual(await readAll(home.data, postgres));
    const second = join(folder.path, 'second.tar.gz');
    await backupHouse({ ...options, dataDirectory: data, postgres: null, target: second });
    await using other = await openEverwithHome();
    const restored = await other.run(['restore', second, '--data', other.data]);
    expect(restored.code).toBe(0);
    expect(await readAll(other.data, postgresOf(other))).toEqual(await readAll(data, null));
    const server = await other.serve();
    expect((await server.client.call('conversations', { query: { search: '咖啡' } })).conversations).toHaveLength(1);
    await begin(server.client); // new events follow the old ones
  });
});

interface TestEntry {
  name: string;
  type?: 'file' | 'symlink';
  linkname?: string;
  body: string;
}

async function archiveOf(entries: readonly TestEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { body, ...header } of entries) {
    if (header.type === 'symlink') tar.entry(header);
    else tar.entry(header, body);
  }
  tar.finalize();
  return gzipSync(await buffer(tar));
}

function manifestOf(parts: { path: string; body: string }[], changes: Record<string, unknown> = {}): TestEntry {
  const manifest = {
    format: 'everwith-backup',
    version: 1,
    everwith: '0.1.0',
    createdAt: 1,
    dialect: 'sqlite',
    migrations: [
      '0001-conversations',
      '0002-accounts',
      '0003-characters-in-depth',
      '0005-version-content',
      '0006-move-records',
      '0007-library-index',
      '0009-lorebook-descriptions',
      '0010-voice',
    ],
    counts: {},
    parts: parts.map(({ path, body }) => ({
      path,
      size: Buffer.byteLength(body),
      sha256: createHash('sha256').update(body).digest('hex'),
    })),
    ...changes,
  };
  return { name: 'manifest.json', body: JSON.stringify(manifest) };
}

describe('a damaged or hostile file', () => {
  const settings = { path: 'tables/setting.jsonl', body: '{"scope":"house","key":"a","value":"1"}\n' };
  const bad = (path: string, body: string) => [manifestOf([{ path, body }]), { name: path, body }];
  const cases: [string, TestEntry[]][] = [
    ['a path that leads out', bad('../../evil', 'x')],
    ['a name beside the tables', bad('tables/../secret.key', 'x')],
    ['a table that is none', bad('tables/sqlite_master.jsonl', '{}\n')],
    ['a link', [manifestOf([settings]), { name: settings.path, type: 'symlink', linkname: '/etc/passwd', body: '' }]],
    ['a part that the manifest does not name', [manifestOf([]), { name: settings.path, body: settings.body }]],
    ['a part twice', [manifestOf([settings]), ...[1, 2].map(() => ({ name: settings.path, body: settings.body }))]],
    ['a part that is missing', [manifestOf([settings])]],
    ['changed words', [manifestOf([settings]), { name: settings.path, body: settings.body.replace('1', '2') }]],
    ['a blob under a wrong name', bad(`blobs/${'0'.repeat(64)}`, 'x')],
    [
      'a size that cannot be',
      [manifestOf([], { parts: [{ path: 'secret.key', size: 1e15, sha256: '0'.repeat(64) }] })],
    ],
    [
      'another number of rows',
      [manifestOf([settings], { counts: { setting: 5 } }), { name: settings.path, body: settings.body }],
    ],
    ['a row that is none', bad('tables/setting.jsonl', 'not json\n')],
    [
      'a column that is none',
      bad('tables/setting.jsonl', '{"scope":"a","key":"b","value":"c","x\\"; drop table user; --":1}\n'),
    ],
    [
      'a row that refers to nothing',
      bad(
        'tables/participant.jsonl',
        '{"id":"1","conversationId":"2","kind":"k","subjectId":"s","name":"n","createdAt":1}\n',
      ),
    ],
    ['a key that is none', bad('secret.key', 'short')],
    ['a newer backup', [manifestOf([], { version: 2 })]],
    ['newer data', [manifestOf([], { migrations: ['9999-future'] })]],
    ['no manifest', [{ name: 'hello.txt', body: 'x' }]],
    ['a manifest that is no JSON', [{ name: 'manifest.json', body: '{' }]],
    ['nothing', []],
  ];

  test('is refused with its reason and changes nothing', async () => {
    await using home = await openFilledHome();
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'bad.tar.gz');
    const postgres = postgresOf(home);
    const whole = await readAll(home.data, postgres);
    const tree = await listTree(home.data);
    const attempt = () =>
      restoreHouse({ dataDirectory: home.data, postgres, source: file, force: true, clock: systemClock, signal });
    for (const [name, entries] of cases) {
      await writeFile(file, await archiveOf(entries));
      await expect(attempt(), name).rejects.toMatchObject({
        code: expect.stringMatching(/^(backup-damaged|backup-newer|no-space)$/),
        message: expect.stringContaining('Nothing was changed'),
      });
      expect(await listTree(home.data), name).toEqual(tree);
    }
    const good = join(folder.path, 'good.tar.gz');
    await backupHouse({ dataDirectory: home.data, postgres, target: good, force: false, clock: systemClock, signal });
    const bytes = await readFile(good);
    const unpacked = gunzipSync(bytes);
    const broken = [
      ...[10, 100, Math.floor(bytes.length / 2), bytes.length - 9].map((end) => bytes.subarray(0, end)),
      gzipSync(unpacked.subarray(0, unpacked.length - 4096)),
      Buffer.concat([bytes.subarray(0, 3000), Buffer.from('????'), bytes.subarray(3004)]),
      Buffer.from('not an archive'),
      Buffer.alloc(0),
    ];
    for (const [index, damaged] of broken.entries()) {
      await writeFile(file, damaged);
      await expect(attempt(), `damage ${index}`).rejects.toMatchObject({ code: 'backup-damaged' });
    }
    await expect(
      restoreHouse({
        dataDirectory: home.data,
        postgres,
        source: join(folder.path, 'none'),
        force: true,
        clock: systemClock,
        signal,
      }),
    ).rejects.toMatchObject({ code: 'backup-missing' });
    expect(await readAll(home.data, postgres)).toEqual(whole);
    expect(await listTree(home.data)).toEqual(tree);
    const absent = join(folder.path, 'absent');
    await expect(
      restoreHouse({ dataDirectory: absent, postgres: null, source: file, force: false, clock: systemClock, signal }),
    ).rejects.toMatchObject({ code: 'backup-damaged' });
    expect(existsSync(absent)).toBe(false);
  });
});
