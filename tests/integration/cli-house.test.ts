import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../client/create-client.ts';
import { openEverwithHome } from './support/everwith-process.ts';

describe('keys', () => {
  test('are created once, work, are listed and revoked, with and without a running server', async () => {
    await using home = await openEverwithHome();
    const created = await home.run(['keys', 'create', '--name', 'script', '--json', '--data', home.data]);
    expect(created.code).toBe(0);
    const { id, name, key } = JSON.parse(created.stdout) as { id: string; name: string; key: string };
    expect(name).toBe('script');
    const server = await home.serve();
    const asScript = createClient({ baseUrl: server.address, token: key });
    expect((await asScript.call('characters')).characters.length).toBeGreaterThan(0);
    const limited = await home.run([
      'keys',
      'create',
      '--name',
      'talk',
      '--scope',
      'chat',
      '--scope',
      'models',
      '--data',
      home.data,
    ]);
    expect(limited.stdout).toMatch(/^ew_\S+$/m);
    expect((await home.run(['keys', 'revoke', id, '--data', home.data])).code).toBe(0);
    await expect(asScript.call('characters')).rejects.toMatchObject({ status: 401 });
    const listed = await home.run(['keys', 'list', '--json', '--data', home.data]);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      keys: expect.arrayContaining([
        expect.objectContaining({ name: 'talk', scopes: ['chat', 'models'], revokedAt: null }),
      ]),
    });
    expect((await home.run(['keys', 'revoke', 'nothing', '--data', home.data])).code).toBe(1);
    expect((await home.run(['keys', 'create', '--name', '', '--data', home.data])).code).toBe(2);
    expect((await home.run(['keys', 'create', '--name', 'x', '--scope', 'all-of-it', '--data', home.data])).code).toBe(
      2,
    );
  });
});

describe('password', () => {
  test('opens the house to other hosts and signs the owner in', async () => {
    await using home = await openEverwithHome();
    const words = ['password', '--username', 'Anna', '--password-stdin', '--data', home.data];
    const short = await home.run(words, { input: 'short\n' });
    expect(short).toMatchObject({ code: 2 });
    expect(short.stderr).toContain('8 to 256');
    expect((await home.run(['password', '--data', home.data])).code).toBe(2);
    expect((await home.run(words, { input: 'correct horse battery\n' })).code).toBe(0);
    const server = await home.serve(['--host', '0.0.0.0']);
    const answer = await fetch(`${server.address}/api/sign-in/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.address },
      body: JSON.stringify({ username: 'anna', password: 'correct horse battery' }),
    });
    expect(answer.status).toBe(200);
  });
});

describe('models', () => {
  test('are listed, chosen, refused and damaged ones found, without a server', async () => {
    await using home = await openEverwithHome();
    const listed = await home.run(['models', 'list', '--data', home.data]);
    expect(listed.stdout).toMatch(/\* +scripted:test +Scripted model/);
    expect(listed.stdout).toContain('qwen2.5-coder-0.5b');
    const asJson = await home.run(['models', 'list', '--json', '--data', home.data]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ defaultModel: 'scripted:test' });
    expect((await home.run(['models', 'use', 'scripted:test', '--data', home.data])).code).toBe(0);
    expect((await home.run(['models', 'use', 'nothing', '--data', home.data])).code).toBe(1);
    const unknown = await home.run(['models', 'pull', 'nothing', '--data', home.data]);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    const offline = await home.run(['models', 'pull', 'smollm2-135m', '--data', home.data]);
    expect(offline.code).toBe(1);
    expect(offline.stderr).toContain('offline');
    await writeFile(join(home.folder, 'own.gguf'), 'GGUF but not really');
    const added = await home.run(['models', 'add', 'own.gguf', '--data', home.data]);
    expect(added.code).toBe(1);
    expect(added.stderr).toContain('whole GGUF file');
  });
});

describe('doctor', () => {
  test('is content with a new house and changes nothing', async () => {
    await using home = await openEverwithHome();
    const found = await home.run(['doctor', '--json', '--data', home.data]);
    expect(found.code).toBe(0);
    const { healthy, findings } = JSON.parse(found.stdout) as {
      healthy: boolean;
      findings: { name: string; state: string; remedy?: string }[];
    };
    expect(healthy).toBe(true);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'everwith',
        'node',
        'engine',
        'web',
        'data',
        'space',
        'server',
        'storage',
        'machine',
        'model',
        'pip',
      ]),
    );
    for (const { state, remedy } of findings) expect(remedy === undefined).toBe(state === 'ok');
    await expect(stat(home.data)).rejects.toThrow('ENOENT');
  });

  test('names what is broken with its remedy and fails', async () => {
    await using home = await openEverwithHome();
    await mkdir(home.data, { mode: 0o700 });
    await writeFile(join(home.data, 'everwith.sqlite'), 'this is no database, however long it may be '.repeat(200));
    await writeFile(join(home.data, 'secret.key'), 'x', { mode: 0o644 });
    await chmod(join(home.data, 'secret.key'), 0o644);
    const environment = { EVERWITH_POSTGRES: '' };
    const found = await home.run(['doctor', '--data', home.data], { environment });
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/✗ Storage +.*not a database/);
    expect(found.stdout).toContain('everwith restore');
    expect(found.stdout).toContain('chmod -R go-rwx');
    expect((await readFile(join(home.data, 'everwith.sqlite'), 'utf8')).startsWith('this is no')).toBe(true);
    const refused = await home.run(['chat', 'mira', '--message', 'x', '--data', home.data], { environment });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('damaged');
  });
});
