import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OwnNameFilter } from './own-name-filter.ts';

const shown = (pieces: readonly string[], options?: { begun: boolean }) => {
  const filter = new OwnNameFilter(['Mira', '燕子'], options);
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
};

test.each([
  ['Mira: Hello', 'Hello'],
  ['  mira :  Hello', 'Hello'],
  ['燕子：你好', '你好'],
  ['**Mira:** Hello', 'Hello'],
  ['**燕子**： 你好', '你好'],
  ['**Mira** waves.', '**Mira** waves.'],
  ['**Mira: waves**', '**Mira: waves**'],
  ['*Mira: waves.*', '*Mira: waves.*'],
  ['*Mira waves.*', '*Mira waves.*'],
  ['**', '**'],
  ['Mira waves.', 'Mira waves.'],
  ['Miracle: yes', 'Miracle: yes'],
  ['Mir', 'Mir'],
  ['Mira', 'Mira'],
  ['\n Hello: Mira: you', 'Hello: Mira: you'],
  ['Mira: Mira: twice', 'Mira: twice'],
  ['', ''],
])('“%s” is shown as “%s”, however it is cut into tokens', (text, expected) => {
  expect(shown([text])).toBe(expected);
  expect(shown(text.split(''))).toBe(expected);
});

test('words that go on with earlier ones keep their first space and a name', () => {
  expect(shown([' and', ' then'], { begun: true })).toBe(' and then');
  expect(shown(['Mira: no'], { begun: true })).toBe('Mira: no');
});

test('nothing but the name and the space before it is ever lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('M', 'i', 'Mira', ':', ' ', 'x', '：', '燕子')), (pieces) => {
      const text = pieces.join('');
      const expected = text.trimStart().replace(/^(?:mira|燕子)\s*[:：]\s*/i, '');
      expect(shown(pieces)).toBe(expected);
    }),
  );
});
