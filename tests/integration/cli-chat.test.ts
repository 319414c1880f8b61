import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEverwithHome } from './support/everwith-process.ts';

interface Part {
  type: string;
  text?: string;
  state?: string;
  conversationId?: string;
  failure?: { code: string } | null;
}

function partsOf(stdout: string): Part[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Part);
}

const endOf = (stdout: string) => partsOf(stdout).at(-1);

describe('one message', () => {
  test('prints each part as a line of JSON, ends with the reply, and goes on in the same conversation', async () => {
    await using home = await openEverwithHome({
      rules: [
        {
          when: { equals: 'Hello' },
          steps: [
            { type: 'progress', slice: 400 },
            { type: 'reasoning', tokens: ['Hm.'] },
            { type: 'tokens', tokens: ['Good', ' evening', '.'] },
          ],
        },
      ],
      otherwise: 'echo',
    });
    const first = await home.run(['chat', 'mira', '--message', 'Hello', '--new', '--json', '--data', 'data']);
    expect(first.code).toBe(0);
    const parts = partsOf(first.stdout);
    expect(parts[0]?.type).toBe('reply-start');
    expect(parts.map(({ type }) => type)).toContain('prompt-progress');
    expect(parts.filter(({ type }) => type === 'reasoning-delta').map(({ text }) => text)).toEqual(['Hm.']);
    expect(
      parts
        .filter(({ type }) => type === 'text-delta')
        .map(({ text }) => text)
        .join(''),
    ).toBe('Good evening.');
    expect(parts.at(-1)).toMatchObject({ type: 'reply-end', state: 'done', text: 'Good evening.', failure: null });
    expect(existsSync(join(home.data, 'everwith.sqlite')) || home.environment['EVERWITH_POSTGRES']).toBeTruthy();

    const second = await home.run(['chat', 'mira', '--message', 'And then?', '--json', '--data', home.data]);
    expect(endOf(second.stdout)?.conversationId).toBe(parts.at(-1)?.conversationId);
    const plain = await home.run(['chat', 'Mira', '--message', '我在', '--new', '--data', home.data]);
    expect(plain).toMatchObject({ code: 0, stdout: '我在\n' });
  });

  test('a reply that fails ends with a reply-end and exit code 1', async () => {
    await using home = await openEverwithHome({
      rules: [
        {
          steps: [
            { type: 'tokens', tokens: ['Half'] },
            { type: 'error', message: 'Gone.', retryable: false },
          ],
        },
      ],
    });
    const failed = await home.run(['chat', 'mira', '--message', 'Hi', '--new', '--json', '--data', home.data]);
    expect(failed.code).toBe(1);
    expect(endOf(failed.stdout)).toMatchObject({ type: 'reply-end', state: 'failed', text: 'Half' });
    const nobody = await home.run(['chat', 'nobody', '--message', 'Hi', '--json', '--data', home.data]);
    expect(nobody.code).toBe(1);
    expect(endOf(nobody.stdout)).toMatchObject({ type: 'reply-end', failure: { code: 'character-unknown' } });
    expect(nobody.stderr).toContain('mira');
    const empty = await home.run(['chat', 'mira', '--message', ' ', '--data', home.data]);
    expect(empty.code).toBe(2);
    const model = await home.run(['chat', 'mira', '--message', 'Hi', '--model', 'nope', '--data', home.data]);
    expect(model.code).toBe(2);
    expect(model.stderr).toContain('scripted:test');
  });

  test('several at once in a house that does not run are all answered', async () => {
    await using home = await openEverwithHome();
    const texts = ['one', 'two', 'three'];
    const say = (text: string) => home.run(['chat', 'mira', '--message', text, '--new', '--data', home.data]);
    const [said, key] = await Promise.all([
      Promise.all(texts.map(say)),
      home.run(['keys', 'create', '--name', 'meanwhile', '--json', '--data', home.data]),
    ]);
    expect(said.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      texts.map((text) => ({ code: 0, stdout: `${text}\n` })),
    );
    expect(key.code).toBe(0);
  });

  test('without any model it says why and does not hang', async () => {
    await using home = await openEverwithHome();
    const environment = { EVERWITH_SCRIPTED_MODEL: '' };
    const stuck = await home.run(['chat', 'mira', '--message', 'Hi', '--json', '--data', 'data'], { environment });
    expect(stuck.code).toBe(1);
    expect(endOf(stuck.stdout)).toMatchObject({ type: 'reply-end', state: 'failed', failure: { code: 'offline' } });
  });
});

describe('a conversation line by line', () => {
  test('answers each line of the input, begins anew and writes again', async () => {
    await using home = await openEverwithHome({
      rules: [
        { when: { equals: 'first' }, times: 1, steps: [{ type: 'tokens', tokens: ['one'] }] },
        { when: { equals: 'first' }, steps: [{ type: 'tokens', tokens: ['two'] }] },
      ],
      otherwise: 'echo',
    });
    const input = 'first\n/regenerate\n/new\nsecond\n/frob\n/quit\nnever\n';
    const talked = await home.run(['chat', 'mira', '--data', home.data], { input });
    expect(talked.stdout).toBe('one\ntwo\nsecond\n');
    expect(talked.stderr).toContain('/frob');
    const listed = await home.run(['chat', '--data', home.data, '--locale', 'zh-CN']);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/yanzi +燕子/);
  });
});

describe('an interrupt', () => {
  const hanging = { rules: [{ steps: [{ type: 'tokens' as const, tokens: ['Once'] }, { type: 'hang' as const }] }] };

  test('stops the reply of one message, on the running server too', async () => {
    await using home = await openEverwithHome(hanging);
    const words = ['chat', 'mira', '--message', 'Tell', '--new', '--json', '--data', home.data];
    const own = home.start(words);
    await own.waitFor(/"text":"Once"/);
    own.child.kill('SIGINT');
    const ended = await own.ended;
    expect(ended.code).toBe(130);
    expect(endOf(ended.stdout)).toMatchObject({ type: 'reply-end', state: 'stopped', text: 'Once' });

    const server = await home.serve();
    const guest = home.start(words);
    await guest.waitFor(/"text":"Once"/);
    guest.child.kill('SIGINT');
    expect((await guest.ended).code).toBe(130);
    expect((await server.client.call('conversations')).conversations.map(({ replying }) => replying)).toEqual([
      false,
      false,
    ]);
  });
});
