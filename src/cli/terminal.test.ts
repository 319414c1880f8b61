import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Terminal, fitWidth, formatBytes, padEnd, progressBar, widthOf, type Output } from './terminal.ts';

function openScreen({ isTTY }: { isTTY: boolean }) {
  const stream = (): Output & { text: string } => Object.assign(new PassThrough(), { isTTY, columns: 20, text: '' });
  const output = stream();
  const notes = stream();
  for (const one of [output, notes]) one.on('data', (text: Buffer) => (one.text += text.toString()));
  return { output, notes, terminal: new Terminal({ output, notes }) };
}

describe('progress', () => {
  test('is one line on a screen that makes way for what is said', () => {
    const { output, notes, terminal } = openScreen({ isTTY: true });
    terminal.progress('a quarter is here already', '25');
    terminal.print('result');
    terminal.endProgress();
    expect(output.text).toBe('result\n');
    const line = '\r\u001B[2Ka quarter is here …';
    expect(notes.text).toBe(`${line}\r\u001B[2K${line}\r\u001B[2K`);
  });

  test('is a line for each step elsewhere', () => {
    const { notes, terminal } = openScreen({ isTTY: false });
    for (const [text, step] of [
      ['1 %', '0'],
      ['2 %', '0'],
      ['11 %', '1'],
    ] as const) {
      terminal.progress(text, step);
    }
    expect(notes.text).toBe('1 %\n11 %\n');
  });
});

test('Chinese takes two columns', () => {
  expect(widthOf('燕子 a')).toBe(6);
  expect(padEnd('燕子', 6)).toBe('燕子  ');
  expect(fitWidth('燕子来了', 6)).toBe('燕子…');
  expect(fitWidth('燕子来', 6)).toBe('燕子来');
});

test('bytes and bars are short', () => {
  expect([0, 999, 1000, 491_400_064, 5_700_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '491 MB',
    '5.7 GB',
  ]);
  expect(progressBar(0.5, 4)).toBe('[##--]');
  expect(progressBar(7, 4)).toBe('[####]');
});
