import { describe, expect, test } from 'vitest';
import { installedBytes, lastingFiles, transferBytes } from './file-set.ts';
import { loadSpeechCatalog, parseSpeechCatalog } from './speech-catalog.ts';

const sha = (letter: string) => letter.repeat(64);
const source = { kind: 'hub', url: 'https://example.org/file' };
const file = (more: object = {}) => ({
  name: 'model',
  form: 'file',
  sizeBytes: 10,
  sha256: sha('a'),
  sources: [source],
  ...more,
});
const entry = (files: object[], more: object = {}) => ({
  id: 'one',
  role: 'speech',
  engine: 'sherpa-vits',
  use: 'starter',
  label: 'One',
  licence: 'MIT',
  languages: ['en'],
  forCalls: true,
  files,
  ...more,
});
const parse = (...models: object[]) => parseSpeechCatalog({ version: 1, models });

describe('the catalog of speech models', () => {
  test('that ships is right, and has what a first call in each language needs', async () => {
    const { entries } = await loadSpeechCatalog();
    const starters = entries.filter(({ use }) => use === 'starter');
    for (const language of ['en', 'zh']) {
      const roles = new Set(starters.filter(({ languages }) => languages.includes(language)).map(({ role }) => role));
      expect([...roles]).toEqual(expect.arrayContaining(['speech', 'activity', 'turn']));
    }
    for (const { role, voices } of entries) expect(voices.length > 0).toBe(role === 'speech');
  });

  test('counts what is fetched and what stays apart', () => {
    const { entries } = parse(
      entry([
        file({ name: 'input', sizeBytes: 40 }),
        file({ name: 'other', sha256: sha('b'), sizeBytes: 3 }),
        file({
          form: 'converted',
          sizeBytes: 20,
          sha256: sha('c'),
          sources: [],
          from: ['input'],
          converter: 'ctranslate2-whisper',
        }),
      ]),
    );
    const [one] = entries;
    if (!one) throw new Error('the entry is missing');
    expect(lastingFiles(one).map(({ name }) => name)).toEqual(['other', 'model']);
    expect([transferBytes(one), installedBytes(one)]).toEqual([43, 23]);
  });

  test.each([
    ['two models of one id', [entry([file()]), entry([file()])], 'occurs twice'],
    ['two files of one name', [entry([file(), file({ sha256: sha('b') })])], 'occurs twice'],
    ['a file from nowhere', [entry([file({ sources: [] })])], 'has no sources'],
    ['a conversion of nothing', [entry([file({ form: 'converted', sources: [] })])], 'converted from'],
    [
      'a conversion of what is not there',
      [entry([file({ form: 'converted', sources: [], from: ['x'], converter: 'ctranslate2-whisper' })])],
      'not there',
    ],
    [
      'the same contents in two places',
      [entry([file()]), entry([file({ extension: 'onnx' })], { id: 'two' })],
      'described twice',
    ],
    ['an extension that the folder needs itself', [entry([file({ extension: 'json' })])], 'extension'],
    [
      'a package name that is an option',
      [entry([file({ sources: [{ kind: 'npm-package', package: '--x', version: '1.0.0', member: 'a' }] })])],
      'package',
    ],
  ])('refuses %s', (_name, models, message) => {
    expect(() => parse(...models)).toThrow(message);
  });
});
