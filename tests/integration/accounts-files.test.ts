import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAccounts, type Accounts } from '../../src/accounts/accounts.ts';
import { assertMayListen } from '../../src/accounts/may-listen.ts';
import { readTerminalToken } from '../../src/accounts/terminal-token.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';

let opened: TestStorage;

beforeEach(async () => {
  opened = await openTestStorage();
});

afterEach(() => opened[Symbol.asyncDispose]());

const open = (): Promise<Accounts> =>
  openAccounts({
    storage: opened.storage,
    clock: systemClock,
    newId: createIdGenerator(systemClock),
    logger: silentLogger(),
    dataDirectory: opened.dataDirectory,
  });

const path = (name: string) => join(opened.dataDirectory, name);
const modeOf = async (name: string) => (await stat(path(name))).mode & 0o777;
const letIn = (accounts: Accounts, token: string | undefined) =>
  accounts.authenticate({ authorization: `Bearer ${token}`, cookie: undefined });

describe('the terminal token', () => {
  test('is made for its owner only, stays over restarts, and lets in as the owner', async () => {
    const first = await open();
    expect(await modeOf('terminal-token')).toBe(0o600);
    const token = await readTerminalToken(opened.dataDirectory);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await letIn(first, token))?.actor).toMatchObject({ role: 'owner', via: 'terminal', scopes: ['all'] });
    const second = await open();
    expect((await letIn(second, token))?.actor.userId).toBe(first.terminalActor.userId);
    await expect(letIn(second, `${token}x`)).rejects.toMatchObject({ code: 'key-unknown' });
  });

  test('that others could read is replaced, so what they read is worth nothing', async () => {
    await open();
    const before = await readTerminalToken(opened.dataDirectory);
    await chmod(path('terminal-token'), 0o644);
    const accounts = await open();
    const after = await readTerminalToken(opened.dataDirectory);
    expect(after).not.toBe(before);
    expect(await modeOf('terminal-token')).toBe(0o600);
    await expect(letIn(accounts, before)).rejects.toMatchObject({ code: 'key-unknown' });
    expect((await letIn(accounts, after))?.actor.via).toBe('terminal');
  });

  test('that is empty or cut off is replaced', async () => {
    await writeFile(path('terminal-token'), 'short\n', { mode: 0o600 });
    await open();
    expect(await readTerminalToken(opened.dataDirectory)).toMatch(/^[\w-]{43}$/);
  });
});

describe('the key file', () => {
  test('keeps sealed secrets readable over restarts and is closed again when it was opened', async () => {
    const sealed = (await open()).secrets.seal('sk-很秘密');
    expect(sealed).not.toContain('sk-');
    expect(await modeOf('secret.key')).toBe(0o600);
    await chmod(path('secret.key'), 0o640);
    const { secrets } = await open();
    expect(secrets.open(sealed)).toBe('sk-很秘密');
    expect(await modeOf('secret.key')).toBe(0o600);
  });

  test('that is another one, or a sealed text that was changed, is a clear error', async () => {
    const sealed = (await open()).secrets.seal('secret');
    await writeFile(path('secret.key'), Buffer.alloc(32, 7).toString('base64url'));
    const { secrets } = await open();
    expect(() => secrets.open(sealed)).toThrow(/secret\.key/);
    const own = secrets.seal('secret');
    expect(() => secrets.open(`${own.slice(0, -2)}AA`)).toThrow(/cannot be opened/);
    expect(() => secrets.open('')).toThrow(/cannot be opened/);
  });

  test('that is damaged stops the start and is left as it is', async () => {
    await writeFile(path('secret.key'), 'damaged', { mode: 0o600 });
    await expect(open()).rejects.toMatchObject({ code: 'private-file' });
    expect(await readFile(path('secret.key'), 'utf8')).toBe('damaged');
  });
});

test('two that open a new house at once agree on its owner and its secrets', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  expect(one.terminalActor.userId).toBe(two.terminalActor.userId);
  expect(two.secrets.open(one.secrets.seal('shared'))).toBe('shared');
  const token = await readTerminalToken(opened.dataDirectory);
  expect((await letIn(one, token))?.actor).toEqual((await letIn(two, token))?.actor);
  const users = await opened.storage.db.selectFrom('user').select('role').execute();
  expect(users).toEqual([{ role: 'owner' }]);
  const leftOver = (await readdir(opened.dataDirectory)).filter((name) =>
    /^(?:secret\.key|terminal-token)\./.test(name),
  );
  expect(leftOver).toEqual([]);
});

test('a house listens beyond its machine only once the owner has a password', async () => {
  const accounts = await open();
  for (const host of ['127.0.0.1', '::1', 'localhost', '127.0.0.53']) {
    await assertMayListen({ config: { host }, accounts });
  }
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'house.example']) {
    await expect(assertMayListen({ config: { host }, accounts })).rejects.toThrow(/\.\/everwith password/);
  }
  await accounts.people.setPassword(accounts.terminalActor, { username: 'owner', password: 'long enough' });
  await assertMayListen({ config: { host: '0.0.0.0' }, accounts });
});
