import { expect, test } from 'vitest';
import { stringRule } from './string-grammar.ts';

test.each([
  ['^[A-Z]{2}-\\d+$', String.raw`"\"" [A-Z]{2,2} "-" [0-9]+ "\""`],
  ['^(?:foo|ba[rz])?$', String.raw`"\"" ("f" "o" "o" | "b" "a" [rz])? "\""`],
  ['\\d{3}', String.raw`"\"" char* [0-9]{3,3} char* "\""`],
  ['^a.\\.$', String.raw`"\"" "a" char "." "\""`],
  ['^[\\w.-]+$', String.raw`"\"" [A-Za-z0-9_.\x2D]+ "\""`],
  ['^a$|^b$', String.raw`"\"" ("a" | "b") "\""`],
  ['^"$', String.raw`"\"" "\\\"" "\""`],
  ['^x{2,}$', String.raw`"\"" "x"{2,} "\""`],
])('%s', (pattern, rule) => {
  expect(stringRule({ pattern })).toBe(rule);
});

test.each(['^(?=a)', '(a)\\1', '^[^a]$', '\\bword', '^a{900}$', '(', '^["]$', 'x'.repeat(400)])(
  'what a grammar cannot hold to is left out: %s',
  (pattern) => {
    expect(stringRule({ pattern })).toBeNull();
  },
);

test('formats and lengths', () => {
  expect(stringRule({ format: 'date' })).toContain('"-" ("0" [1-9] | "1" [0-2]) "-"');
  expect(stringRule({ format: 'haiku' })).toBeNull();
  expect(stringRule({ format: 'toString' })).toBeNull();
  expect(stringRule({ minLength: 2, maxLength: 5 })).toBe(String.raw`"\"" char{2,5} "\""`);
  expect(stringRule({ minLength: 1 })).toBe(String.raw`"\"" char{1,} "\""`);
  expect(stringRule({ maxLength: 100_000 })).toBe(String.raw`"\"" char* "\""`);
  expect(stringRule({})).toBeNull();
});
