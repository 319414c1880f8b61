import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StopFilter, ThoughtSplitter, TokenText } from './reply-text.ts';

describe('TokenText', () => {
  /** A tokenizer whose tokens are single bytes: every character beyond ASCII is split. */
  const bytes = (): TokenText => new TokenText((tokens) => Buffer.from(tokens).toString('utf8'), []);

  test('never shows half a character, and loses none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const reader = bytes();
        const shown = [...Buffer.from(text, 'utf8')].map((byte) => reader.push(byte));
        shown.push(reader.flush());
        expect(shown.join('')).toBe(text);
        for (const part of shown) expect(part.isWellFormed() && !part.includes('\uFFFD')).toBe(true);
      }),
    );
  });

  test('gives up on bytes that never become a character', () => {
    const reader = bytes();
    const shown = Array.from({ length: 20 }, () => reader.push(0xff)).join('');
    expect(shown).toContain('\uFFFD');
  });

  test('half a character at the end is left out', () => {
    const reader = bytes();
    const shown = [...Buffer.from('a🌊').subarray(0, 4)].map((byte) => reader.push(byte)).join('');
    expect(shown + reader.flush()).toBe('a');
  });
});

describe('StopFilter', () => {
  test('cuts at the first stop sequence, however the text was split', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 5 })), fc.array(fc.string({ maxLength: 5 })), (before, after) => {
        const text = [...before, 'Us', 'er:', ...after].join('');
        const filter = new StopFilter(['User:', 'END']);
        const shown = [...before, 'Us', 'er:', ...after].map((part) => filter.push(part)).join('');
        const end = Math.min(...['User:', 'END'].map((stop) => text.indexOf(stop)).filter((index) => index >= 0));
        expect(filter.stopped).toBe(true);
        expect(shown).toBe(text.slice(0, end));
      }),
    );
  });

  test('holds back only what may become one, and gives it at the end', () => {
    const filter = new StopFilter(['###']);
    expect(filter.push('a #')).toBe('a ');
    expect(filter.push('# b')).toBe('## b');
    expect(filter.push('##')).toBe('');
    expect(filter.flush()).toBe('##');
  });
});

describe('ThoughtSplitter', () => {
  const split = (parts: string[]): string => {
    const splitter = new ThoughtSplitter('<think>', '</think>');
    const pieces = [...parts.flatMap((part) => splitter.push(part)), ...splitter.flush()];
    const join = (type: string): string =>
      pieces
        .filter((piece) => piece.type === type)
        .map((piece) => piece.text)
        .join('');
    return `${join('reasoning')}|${join('text')}`;
  };

  test('separates a thought that opens the reply', () => {
    expect(split(['<th', 'ink>she is ', 'sad</thi', 'nk>\n\nHello', ' you'])).toBe('she is sad|Hello you');
  });

  test('leaves everything else alone', () => {
    expect(split(['Hello <think>', 'x</think>'])).toBe('|Hello <think>x</think>');
    expect(split(['<', 'b>bold'])).toBe('|<b>bold');
    expect(split(['<thi'])).toBe('|<thi');
  });

  test('an unfinished thought is never shown as speech', () => {
    expect(split(['<think>on and on'])).toBe('on and on|');
  });

  test('a template that opens the thought itself', () => {
    const splitter = new ThoughtSplitter('', '</think>');
    expect([...splitter.push('hm</think>'), ...splitter.push('Hi')]).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Hi' },
    ]);
  });
});
