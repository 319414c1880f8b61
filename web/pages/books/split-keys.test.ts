import { expect, test } from 'vitest';
import { splitKeys } from './split-keys.ts';

test.each([
  ['light', false, [], 'light'],
  ['lighthouse, kee', false, ['lighthouse'], 'kee'],
  ['灯塔，港口、守', false, ['灯塔', '港口'], '守'],
  ['one\ntwo\n\nthree\n', false, ['one', 'two', 'three'], ''],
  ['/storm{1,2}/i', false, [], '/storm{1,2}/i'],
  ['/a{1,2}/\nplain, ', false, ['/a{1,2}/', 'plain'], ''],
  ['sto(rm|ne), x', true, [], 'sto(rm|ne), x'],
  [', ,', false, [], ''],
])('%j with patterns %s', (text, patterns, keys, rest) => {
  expect(splitKeys(text, patterns)).toEqual({ keys, rest });
});
