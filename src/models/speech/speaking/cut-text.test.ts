import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText } from './cut-text.ts';

const limits = { first: 60, most: 120 };
const texts = (text: string, given = limits) => cutText(text, given).map((piece) => piece.text);

describe('cutting a text for an engine', () => {
  test('a clause stays whole', () => {
    expect(texts('Well, I never saw such a thing.')).toEqual(['Well, I never saw such a thing.']);
  });

  test('sentences become pieces, with their quotes, in both scripts', () => {
    expect(texts('She said: "Go!" He went. Then it rained… And then?')).toEqual([
      'She said: "Go!"',
      'He went.',
      'Then it rained…',
      'And then?',
    ]);
    expect(texts('“走吧！”他说。天黑了。真的吗？！')).toEqual(['“走吧！”', '他说。', '天黑了。', '真的吗？！']);
  });

  test('points inside of numbers and after abbreviations end nothing', () => {
    expect(texts('Dr. Smith paid 3.50 to J. Miller, etc. Then he left.')).toEqual([
      'Dr. Smith paid 3.50 to J. Miller, etc. Then he left.',
    ]);
  });

  test('a long sentence is cut at clauses, the first one early', () => {
    const text =
      'When the storm had passed over the northern rocks, the keeper climbed the stairs of the tower, counting each of them, and lit the lamp, which had stood cold since the war; nobody saw it.';
    const pieces = texts(text);
    expect(pieces[0]).toBe('When the storm had passed over the northern rocks,');
    expect(pieces.join(' ')).toBe(text);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(120);
    expect(texts('今天晚上我们一起去河边散步，然后在老地方喝茶，好不好？', { first: 15, most: 30 })).toEqual([
      '今天晚上我们一起去河边散步，',
      '然后在老地方喝茶，好不好？',
    ]);
  });

  test('pauses are longer after a sentence than after a clause, and longest after a paragraph', () => {
    const pauses = cutText('One two three, four five six. Seven!\n\nEight.', { first: 16, most: 16 });
    expect(pauses.map(({ pauseInMs }) => pauseInMs)).toEqual([150, 320, 550, 550]);
  });

  test('every character but spaces is kept once, in order, within the limits', () => {
    const part = fc.constantFrom(
      'word',
      '，',
      '。',
      '. ',
      ', ',
      ' ',
      '\n\n',
      '汉字',
      '😀',
      '! ',
      '…',
      '"',
      'aaaaaaaaaaaaaaaaaaaa',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const pieces = texts(text, { first: 12, most: 24 });
        expect(pieces.join('').replaceAll(/\s/gu, '')).toBe(text.replaceAll(/\s/gu, ''));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(24);
      }),
    );
  });
});
