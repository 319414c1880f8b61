import { expect, test } from 'vitest';
import { MoonshineTokens } from './moonshine-tokens.ts';

function pieceFile(pieces: readonly (string | number[])[]): Uint8Array {
  return Buffer.concat(
    pieces.map((piece) => {
      const bytes = Buffer.from(piece as string);
      const length = bytes.length < 0x80 ? [bytes.length] : [0x80 | (bytes.length & 0x7f), bytes.length >> 7];
      return Buffer.concat([Buffer.from(length), bytes]);
    }),
  );
}

const marks = ['<unk>', '<s>', '</s>'];

test('pieces become words: spaces, marks left out, letters of several bytes joined', () => {
  const tokens = new MoonshineTokens(
    pieceFile([...marks, '\u2581Caf', [0xc3], [0xa9], '\u2581au', '\u2581\u2581lait', '.']),
  );
  expect(tokens.size).toBe(9);
  expect(tokens.decode([1, 3, 4, 5, 6, 7, 8, 2])).toBe('Café au lait.');
  expect(tokens.decode([1, 2])).toBe('');
});

test('a long piece has a length of two bytes', () => {
  const long = 'x'.repeat(300);
  const tokens = new MoonshineTokens(pieceFile([...marks, long, '\u2581y']));
  expect(tokens.decode([3, 4])).toBe(`${long} y`);
});

test('a token that does not exist is a gap, not a failure', () => {
  expect(new MoonshineTokens(pieceFile([...marks, 'a', 'b'])).decode([3, 99, 4])).toBe('a b');
});

test.each([
  ['cut off', pieceFile([...marks, 'abc']).subarray(0, -1)],
  ['something else', Buffer.from('{"a":1}')],
  ['empty', Buffer.alloc(0)],
])('a file that is %s is refused with what to do', (_, file) => {
  expect(() => new MoonshineTokens(file)).toThrow('fetch it again');
});
