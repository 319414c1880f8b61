import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cardSeeds, charxSeed } from '../../../tests/support/card-seeds.ts';
import { systemClock } from '../../base/clock.ts';
import { readCardFile } from '../../character/formats/read-card-file.ts';
import type { CliContext } from '../cli-context.ts';
import { Interrupts } from '../interrupts.ts';
import { runCli } from '../run-cli.ts';
import { textsFor } from '../terminal-locale.ts';
import { Terminal } from '../terminal.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-cards-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function everwith(words: string[], locale: 'en' | 'zh-CN' = 'en') {
  let output = '';
  let notes = '';
  const context: CliContext = {
    environment: {},
    platform: 'linux',
    callerDirectory: folder,
    stdin: process.stdin,
    terminal: new Terminal({
      output: new PassThrough().on('data', (text: Buffer) => (output += text.toString())),
      notes: new PassThrough().on('data', (text: Buffer) => (notes += text.toString())),
    }),
    interrupts: new Interrupts(() => undefined),
    texts: textsFor(locale),
    locale,
    clock: systemClock,
    webDirectory: '/nowhere',
    serve: () => Promise.reject(new Error('No house is needed.')),
    openBrowser: () => Promise.reject(new Error('No browser is needed.')),
  };
  const code = await runCli(context, words);
  await new Promise(setImmediate);
  return { code, output, notes };
}

describe('card inspect', () => {
  test('says what every kind of card is, for people and for programs', async () => {
    for (const [name, bytes] of Object.entries(await cardSeeds())) {
      const file = name.includes('YAML') ? 'card.yaml' : 'card';
      await writeFile(join(folder, file), bytes);
      const { code, output } = await everwith(['card', 'inspect', file, '--json']);
      expect(code, name).toBe(0);
      expect(JSON.parse(output), name).toMatchObject({
        name: 'Ada',
        fields: { name: 3 },
        greetings: expect.any(Number) as number,
      });
      const plain = await everwith(['card', 'inspect', file]);
      expect(plain.output, name).toMatch(/^Name: Ada\nFormat: /);
    }
  });

  test('lists assets, files and warnings', async () => {
    await writeFile(join(folder, 'ada.charx'), await charxSeed());
    const { output } = await everwith(['card', 'inspect', 'ada.charx']);
    expect(output).toContain('Format: V3 CHARX (3.0)');
    expect(output).toMatch(/Asset: emotion “joy” \(png, \d+ B\)/);
    expect(output).toContain('File: module.risum (4 B)');
    expect(output).toContain('! a file lies elsewhere on the net; its address is kept: main');
    const chinese = await everwith(['card', 'inspect', 'ada.charx'], 'zh-CN');
    expect(chinese.output).toContain('格式: V3 CHARX (3.0)');
  });

  test.each([
    ['en', /^[^\n]+photo\.jpg: there is no character in it\.\n$/],
    ['zh-CN', /^[^\n]+里面没有角色。\n$/],
  ] as const)('ends with 1 and one line for what is no card (%s)', async (locale, line) => {
    await writeFile(join(folder, 'photo.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0]));
    const { code, output, notes } = await everwith(['card', 'inspect', 'photo.jpg'], locale);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(notes).toMatch(line);
    expect((await everwith(['card', 'inspect', 'nowhere.png'])).code).toBe(1);
    expect((await everwith(['card', 'inspect', '.'])).code).toBe(1);
  });

  test('never lets a card move the cursor', async () => {
    await writeFile(join(folder, 'evil.json'), JSON.stringify({ name: 'x\u001b[2J\u202ey', first_mes: 'z' }));
    const { output } = await everwith(['card', 'inspect', 'evil.json']);
    expect(output).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});

describe('card convert', () => {
  test.each([
    ['out.png', [], 'V3 PNG'],
    ['out.png', ['--spec', 'v2'], 'V2 PNG'],
    ['out.charx', [], 'V3 CHARX'],
    ['out.json', [], 'V3 JSON'],
    ['OUT.JSON', ['--spec', 'v2'], 'V2 JSON'],
  ])('writes %s %j', async (out, flags, format) => {
    await writeFile(join(folder, 'ada.charx'), await charxSeed());
    const { code, output, notes } = await everwith(['card', 'convert', 'ada.charx', out, '--force', ...flags]);
    expect({ code, output: output.startsWith(join(folder, out)) }).toEqual({ code: 0, output: true });
    expect((await readCardFile(await readFile(join(folder, out)), out)).format).toBe(format);
    expect(notes.includes('Left out: pictures and sounds (3).')).toBe(format.startsWith('V2'));
  });

  test('replaces nothing unasked and names what it does not understand', async () => {
    await writeFile(join(folder, 'ada.charx'), await charxSeed());
    await writeFile(join(folder, 'there.json'), 'mine');
    expect((await everwith(['card', 'convert', 'ada.charx', 'there.json'])).code).toBe(1);
    expect(await readFile(join(folder, 'there.json'), 'utf8')).toBe('mine');
    expect((await everwith(['card', 'convert', 'ada.charx', 'x.webp'])).code).toBe(2);
    expect((await everwith(['card', 'convert', 'ada.charx', 'x.charx', '--spec', 'v2'])).code).toBe(2);
    expect((await everwith(['card', 'convert', 'ada.charx', 'x.png', '--spec', 'v4'])).code).toBe(2);
  });
});
