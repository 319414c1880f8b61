import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { Interrupts } from '../interrupts.ts';
import { runCli } from '../run-cli.ts';
import { textsFor } from '../terminal-locale.ts';
import { Terminal } from '../terminal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-lore-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const BOOK = {
  entries: {
    3: { uid: 3, key: ['lantern'], content: 'It belongs to {{char}}.', order: 10 },
    5: { uid: 5, key: ['belongs'], content: 'By recursion.', order: 20, position: 1 },
    7: { uid: 7, key: ['灯塔'], content: '灯塔很高。', position: 4, depth: 2, role: 1 },
    9: { uid: 9, key: ['recursion'], content: 'word '.repeat(3000), order: 0 },
  },
};
const MESSAGES = [
  { name: 'Mira', text: 'Hello.' },
  { name: 'Ann', text: 'The lantern! 在灯塔那里。' },
];

async function lore(files: Record<string, unknown>, words: readonly string[], locale: 'en' | 'zh-CN' = 'en') {
  for (const [name, value] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  }
  const written = { output: '', notes: '' };
  const output = new PassThrough().on('data', (text: Buffer) => (written.output += text.toString()));
  const notes = new PassThrough().on('data', (text: Buffer) => (written.notes += text.toString()));
  const refuse = () => Promise.reject(new Error('Nothing may be started here.'));
  const code = await runCli(
    {
      environment: {},
      platform: 'linux',
      callerDirectory: folder,
      stdin: process.stdin,
      terminal: new Terminal({ output, notes }),
      interrupts: new Interrupts(() => undefined),
      texts: textsFor(locale),
      locale,
      clock: systemClock,
      webDirectory: '/nowhere',
      serve: refuse,
      openBrowser: refuse,
    },
    ['lore', 'test', ...words],
  );
  return { code, ...written };
}

const files = { 'b.json': BOOK, 'm.json': MESSAGES };
const words = ['--book', 'b.json', '--messages', 'm.json'];

describe('lore test', () => {
  test('prints what fired, what was cut, and the text of each place', async () => {
    const { code, output } = await lore(files, [...words, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({
      fired: [
        { index: 3, position: 'before', depth: null, order: 10, reason: 'key' },
        { index: 5, position: 'after', depth: null, order: 20, reason: 'recursion' },
        { index: 7, position: 'at-depth', depth: 2, order: 100, reason: 'key' },
      ],
      cut: [{ index: 9, order: 0, reason: 'budget' }],
      text: { before: 'It belongs to Mira.', after: 'By recursion.', 'at-depth 2 user': '灯塔很高。' },
    });
  });

  test('takes SillyTavern’s settings, alone or in its settings.json', async () => {
    const quiet = { world_info_recursive: false };
    for (const settings of [quiet, { world_info_settings: quiet, max_context: 16_384, other: 1 }]) {
      const { output } = await lore({ ...files, 's.json': settings }, [...words, '--settings', 's.json', '--json']);
      expect(JSON.parse(output)).toMatchObject({ fired: [{ index: 3 }, { index: 7 }] });
    }
    const older = { world_info_recursive: false, world_info_depth: '1', world_info_budget: 400 };
    const { output } = await lore({ ...files, 's.json': older }, [...words, '--settings', 's.json', '--json']);
    expect(JSON.parse(output)).toMatchObject({ fired: [{ index: 3 }, { index: 7 }] });
    const wrong = await lore({ ...files, 's.json': { world_info_depth: 'deep' } }, [...words, '--settings', 's.json']);
    expect(wrong).toMatchObject({ code: 1, output: '' });
    expect(wrong.notes).toContain('s.json is not as it should be at world_info_depth');
  });

  test('the same seed gives the same chances', async () => {
    const entries = Object.fromEntries(
      Array.from({ length: 40 }, (_, uid) => [uid, { uid, constant: true, content: 'x', probability: 50 }]),
    );
    const fired = async (seed: string) =>
      (await lore({ ...files, 'b.json': { entries } }, [...words, '--seed', seed, '--json'])).output;
    expect(await fired('7')).toBe(await fired('7'));
    expect(await fired('7')).not.toBe(await fired('8'));
  });

  test('the mode is the file’s, or the one asked for', async () => {
    const data = { entries: [{ keys: ['lantern'], content: '@@depth 1\nX' }] };
    const spec = await lore({ ...files, 'b.json': { spec: 'lorebook_v3', data } }, [...words, '--json']);
    expect(JSON.parse(spec.output)).toMatchObject({ fired: [{ index: 0, position: 'at-depth', depth: 1 }] });
    // SillyTavern takes an entry that does not say `enabled` for disabled.
    const st = await lore({ ...files, 'b.json': { spec: 'lorebook_v3', data } }, [...words, '--mode', 'st', '--json']);
    expect(JSON.parse(st.output)).toMatchObject({ fired: [] });
  });

  test('knows who speaks by role, by name, or by who wrote last', async () => {
    const data = { entries: [{ keys: [], constant: true, content: '@@activate_only_after 2\nX' }] };
    const spoken = async (...messages: { name: string; role?: string }[]) => {
      const written = messages.map((message) => ({ text: 'x', ...message }));
      const { output } = await lore({ 'b.json': { entries: data.entries }, 'm.json': written }, [...words, '--json']);
      return (JSON.parse(output) as { fired: unknown[] }).fired.length > 0;
    };
    const [mira, ann] = [{ name: 'Mira' }, { name: 'Ann' }];
    expect(await spoken(mira, ann, mira, ann)).toBe(true);
    expect(await spoken(ann, mira, ann)).toBe(false);
    expect(await spoken(mira, { name: 'User' }, mira)).toBe(true);
    expect(await spoken({ name: 'Bot' }, ann, { name: 'Bot' })).toBe(true);
    expect(await spoken({ name: 'Mira', role: 'assistant' }, { name: 'Ann', role: 'assistant' })).toBe(true);
  });

  test('says it in words without --json, in both languages', async () => {
    const english = await lore(files, words);
    expect(english.output).toContain('key “lantern”');
    expect(english.output).toContain('over the budget');
    expect((await lore(files, words, 'zh-CN')).output).toContain('超出预算');
  });

  test('says what is wrong with a file', async () => {
    const without = await lore(files, ['--book', 'none.json', '--messages', 'm.json']);
    expect(without).toMatchObject({ code: 1, notes: 'error: There is no file none.json, or it cannot be read.\n' });
    const notJson = await lore({ ...files, 'm.json': '{' }, words);
    expect(notJson).toMatchObject({ code: 1, notes: 'error: m.json is not valid JSON.\n' });
    const wrongShape = await lore({ ...files, 'm.json': [{ name: 'a' }] }, words, 'zh-CN');
    expect(wrongShape.notes).toContain('m.json 的内容不对(0.text)');
    const noBook = await lore({ ...files, 'b.json': { a: 1 } }, words, 'zh-CN');
    expect(noBook.notes).toContain('不是常伴认识的世界书');
  });
});
