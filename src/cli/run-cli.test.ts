import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import type { CliContext } from './cli-context.ts';
import { Interrupts } from './interrupts.ts';
import { en } from './locales/en.ts';
import { zhCN } from './locales/zh-cn.ts';
import { runCli } from './run-cli.ts';
import { Terminal } from './terminal.ts';
import { terminalLocale, textsFor } from './terminal-locale.ts';

/** A terminal on which nothing may be started. */
function openCli(environment: Record<string, string> = {}) {
  const written = { output: '', notes: '' };
  const output = new PassThrough().on('data', (text: Buffer) => (written.output += text.toString()));
  const notes = new PassThrough().on('data', (text: Buffer) => (written.notes += text.toString()));
  const locale = terminalLocale(environment);
  const refuse = () => Promise.reject(new Error('Nothing may be started here.'));
  const context: CliContext = {
    environment,
    platform: 'linux',
    callerDirectory: '/nowhere',
    stdin: process.stdin,
    terminal: new Terminal({ output, notes }),
    interrupts: new Interrupts(() => undefined),
    texts: textsFor(locale),
    locale,
    clock: systemClock,
    webDirectory: '/nowhere',
    serve: refuse,
    openBrowser: refuse,
  };
  return { written, run: (...words: string[]) => runCli(context, words) };
}

const WORDS: [string, string[]][] = [
  ['serve', ['--host', '--port', '--roles', '--no-open']],
  ['chat', ['[character]', '--message', '--json', '--new', '--model', '--locale', '/regenerate']],
  ['models', ['list', 'pull', 'add', 'remove', 'verify', 'use']],
  ['models list', ['--json']],
  ['models pull', ['<id>']],
  ['models add', ['<file>']],
  ['models remove', ['<id>']],
  ['models verify', ['[id]']],
  ['models use', ['<ref>']],
  ['keys', ['create', 'list', 'revoke']],
  ['keys create', ['--name', '--scope', '--json']],
  ['keys list', ['--json']],
  ['keys revoke', ['<id>']],
  ['lore', ['test']],
  ['lore test', ['--book', '--messages', '--mode', '--settings', '--seed', '--json']],
  ['eval', ['openbox']],
  [
    'eval openbox',
    [
      '--model',
      '--base-url',
      '--key',
      '--sample',
      '--seed',
      '--categories',
      '--concurrency',
      '--why',
      '--no-keep',
      '--json',
    ],
  ],
  ['card', ['inspect', 'convert']],
  ['card inspect', ['<file>', '--json']],
  ['card convert', ['<file>', '<out>', '--spec', '--force']],
  ['macro', ['render']],
  ['macro render', ['<text>', '--char', '--user', '--seed', '--mode']],
  ['password', ['--username', '--password-stdin']],
  ['open', ['--no-open']],
  ['doctor', ['--json']],
  ['backup', ['<file>', '--force']],
  ['restore', ['<file>', '--force']],
];

describe.each([
  ['en', 'Exit codes: 0 done', 'Usage:'],
  ['zh_CN.UTF-8', '退出码:0 完成', '用法:'],
])('help in %s', (LANG, exitCodes, usage) => {
  test.each(WORDS)('of %s names its options, the data folder and the exit codes', async (word, options) => {
    const cli = openCli({ LANG });
    expect(await cli.run(...word.split(' '), '--help')).toBe(0);
    for (const part of [usage, '--data', '--config', '--help', exitCodes, ...options]) {
      expect(cli.written.output).toContain(part);
    }
    expect(cli.written.notes).toBe('');
  });

  test('of the whole names every word', async () => {
    const cli = openCli({ LANG });
    expect(await cli.run('--help')).toBe(0);
    for (const [word] of WORDS.filter(([name]) => !name.includes(' ')))
      expect(cli.written.output).toContain(`  ${word} `);
    const other = openCli({ LANG });
    expect(await other.run('help', 'chat')).toBe(0);
    expect(other.written.output).toContain('--message');
  });
});

describe('wrong words', () => {
  test.each([
    [['frobnicate'], "There is no such word: 'frobnicate'"],
    [['chat', '--mesage', 'x'], '--mesage'],
    [['chat', 'mira', 'yanzi'], 'more than this word takes'],
    [['models', 'frob'], 'There is no such word'],
    [['models', 'pull'], "'id'"],
    [['keys', 'create'], '--name'],
    [['lore', 'test', '--messages', 'm.json'], '--book'],
    [['lore', 'test', '--book', 'b', '--messages', 'm', '--mode', 'odd'], 'odd'],
    [['lore', 'test', '--book', 'b', '--messages', 'm', '--seed', 'x'], 'x'],
    [['macro', 'render', 'x', '--mode', 'odd'], 'odd'],
    [['serve', '--port'], '--port'],
    [['--roles', 'cook', '--data', '/nowhere'], 'cook'],
    [['chat', 'mira', '--locale', 'fr', '--data', '/nowhere'], 'fr'],
    [['--config', 'missing.json', '--data', '/nowhere'], '/nowhere/missing.json'],
  ])('%j end with 2 and say what is wrong', async (words, said) => {
    const cli = openCli();
    expect(await cli.run(...words)).toBe(2);
    expect(cli.written.notes).toContain(said);
    expect(cli.written.output).toBe('');
  });

  test('are answered in Chinese where the terminal is', async () => {
    const cli = openCli({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' });
    expect(await cli.run('chat', '--frob')).toBe(2);
    expect(cli.written.notes).toContain("错误: 没有这个选项: '--frob'");
  });

  test('a bare word with words of its own shows them', async () => {
    const cli = openCli();
    expect(await cli.run('models')).toBe(2);
    expect(cli.written.notes).toContain('pull');
  });
});

test('an error nobody foresaw ends with 1', async () => {
  const cli = openCli();
  expect(await cli.run('--data', '/proc/none')).toBe(1);
  expect(cli.written.notes).toContain('Nothing may be started here.');
});

test('version', async () => {
  const cli = openCli();
  expect(await cli.run('--version')).toBe(0);
  expect(cli.written.output).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('both languages have the same texts', () => {
  const keysOf = (value: object, prefix = ''): string[] =>
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' && inner !== null && key !== 'errors'
        ? keysOf(inner as object, `${prefix}${key}.`)
        : [`${prefix}${key}`],
    );
  expect(keysOf(zhCN).toSorted()).toEqual(keysOf(en).toSorted());
});

describe('macro render', () => {
  test('prints the result and nothing else, the same for the same seed', async () => {
    const render = async (...words: string[]) => {
      const cli = openCli();
      expect(await cli.run('macro', 'render', ...words)).toBe(0);
      expect(cli.written.notes).toBe('');
      return cli.written.output;
    };
    expect(await render('{{char}} & {{user}}', '--char', 'Mira', '--user', '小明')).toBe('Mira & 小明\n');
    const chance = '{{random:a,b,c}}{{roll:1000000}}{{pick:x,y,z}}';
    expect(await render(chance, '--seed', '7')).toBe(await render(chance, '--seed', '7'));
    expect(await render('\\{\\{char\\}\\}', '--mode', 'spec')).toBe('\\{\\{char\\}\\}\n');
    expect(await render('\\{\\{char\\}\\}', '--mode', 'st')).toBe('{{char}}\n');
  });
});
