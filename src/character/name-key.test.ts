import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameKey } from './name-key.ts';

function ordered(names: string[], locale: 'en' | 'zh-CN'): string[] {
  return names.toSorted((a, b) => (nameKey(a, locale) < nameKey(b, locale) ? -1 : 1));
}

test('numbers come first and by value, accents and case do not count', () => {
  expect(ordered(['Zoe', 'éclair', 'Echo 10', 'Echo 9', 'apple', '7 of 9'], 'en')).toEqual([
    '7 of 9',
    'apple',
    'Echo 9',
    'Echo 10',
    'éclair',
    'Zoe',
  ]);
});

test('Chinese names stand by pinyin before others for Chinese readers, and after them for English ones', () => {
  const names = ['燕子', 'Mira', '阿明', '王小雨', '陈默'];
  expect(ordered(names, 'zh-CN')).toEqual(['阿明', '陈默', '王小雨', '燕子', 'Mira']);
  expect(ordered(names, 'en')[0]).toBe('Mira');
});

test.each(['en', 'zh-CN'] as const)('the order is that of the %s collation', (locale) => {
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true });
  const letters = Array.from('abcxyzABé019');
  const han = locale === 'zh-CN' ? Array.from('王望汪阿安陈成程张章重行') : [];
  const name = fc
    .array(fc.constantFrom(...letters, ...han), { minLength: 1, maxLength: 8 })
    .map((list) => list.join(''));
  fc.assert(
    fc.property(name, name, (a, b) => {
      const [keyA, keyB] = [nameKey(a, locale), nameKey(b, locale)];
      const byKey = keyA === keyB ? 0 : keyA < keyB ? -1 : 1;
      expect(byKey).toBe(Math.sign(compare(a, b)));
    }),
    { numRuns: 500 },
  );
});

test('whatever a name holds, its key is short and plain', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('en' as const, 'zh-CN' as const),
      (name, locale) => {
        const key = nameKey(name, locale);
        expect(key).toMatch(/^[0-9a-z]*$/);
        expect(key.length).toBeLessThanOrEqual(24 * 40);
      },
    ),
  );
});
