import { expect, test } from 'vitest';
import { isWholeJson } from './whole-json.ts';

test.each(['{}', ' {"a": [1, "}"]}\n\n', '["a"]', '"a \\" b"'])('%s is whole', (text) => {
  expect(isWholeJson(text)).toBe(true);
});

test.each(['', '{', '{"a": {}', '{"a": "}', '["a", ]', '"a \\"', '"', '12', 'true', '{"a": 1} and'])(
  '%s is not',
  (text) => {
    expect(isWholeJson(text)).toBe(false);
  },
);
