import { describe, expect, test } from 'vitest';
import { texts as english } from './en/index.ts';
import { texts as chinese } from './zh-CN/index.ts';

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
  );
  return new Map(entries);
}

/** English has two plural forms, Chinese one: `key_one` and `key_other` stand for the same text. */
function withoutForms(texts: Map<string, string>): Map<string, string> {
  return new Map([...texts].filter(([key]) => !key.endsWith('_one')));
}
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}|<(\/?\w+)>/g)].map(([whole]) => whole).sort();

const en = withoutForms(flatten(english));
const zh = withoutForms(flatten(chinese));

describe('the two languages', () => {
  test('have the same texts', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  test('put the same values into each', () => {
    for (const [key, text] of en) {
      const counted = key.endsWith('_other');
      const expected = placeholders(text).filter((name) => !counted || name !== '{{count}}');
      const found = placeholders(zh.get(key) ?? '').filter((name) => !counted || name !== '{{count}}');
      expect(found, key).toEqual(expected);
    }
  });

  test('are written, not left over', () => {
    for (const [key, text] of [...en, ...zh]) expect(text.trim(), key).not.toBe('');
    const same = [...zh].filter(
      ([key, text]) => en.get(key) === text && /[a-z]{3}/i.test(text.replace(/\{\{\w+\}\}/g, '')),
    );
    const names =
      /^(?:common:?\.?|settings\.providers\.kinds|settings\.about\.licenceName|books\.modes\.st$|moving\.export\.markdown$|welcome\.languages|common\.(?:app|language))/;
    expect(same.map(([key]) => key).filter((key) => !names.test(key))).toEqual([]);
  });

  test('both forms of every English plural exist', () => {
    const all = flatten(english);
    const singular = [...all.keys()].filter((key) => key.endsWith('_one'));
    expect(singular.filter((key) => !all.has(key.replace(/_one$/, '_other')))).toEqual([]);
  });
});

test('no text stands in the components themselves', () => {
  const sources = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true });
  const chineseText = /[\u3400-\u9fff]/u;
  const found = Object.entries(sources).filter(([path, text]) => !path.endsWith('.test.tsx') && chineseText.test(text));
  expect(Object.keys(sources).length).toBeGreaterThan(30);
  expect(found.map(([path]) => path)).toEqual([]);
});

test('every text is used, and every text asked for exists', () => {
  const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!../locales/**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const asked = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/\bt\(\s*(['`])([^'`]+)\1/g)].map(([, , key]) => key ?? ''),
  );
  const patterns = asked.map((key) => {
    const escaped = key.split(/\$\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    // A key without a namespace may be of any: which one depends on the hook that gave `t`.
    return new RegExp(`^${key.includes(':') ? '' : '\\w+:'}${escaped.join('[\\w-]+')}$`);
  });
  const keys = [...en.keys()].map((key) => key.replace('.', ':').replace(/_(?:other|zero)$/, ''));
  expect(keys.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
  expect(asked.filter((_, index) => !keys.some((key) => patterns[index]?.test(key)))).toEqual([]);
});
