import { expect, test } from 'vitest';
import { isDrawn } from './draw-lot.ts';
import { readEvalOptions } from './eval-options.ts';

test('options have defaults, and wrong ones are named', () => {
  expect(readEvalOptions(['--format', 'own', '--path', 'x'])).toMatchObject({ mode: 'lexical', part: 100, seed: 1 });
  expect(readEvalOptions(['--help'])).toBe('help');
  expect(() => readEvalOptions(['--path', 'x'])).toThrow('--format is locomo, longmemeval or own');
  expect(() => readEvalOptions(['--format', 'own'])).toThrow('--path names the file or folder to read');
  expect(() => readEvalOptions(['--format', 'own', '--path', 'x', '--part', '0'])).toThrow('--part');
  expect(() => readEvalOptions(['--fromat', 'own'])).toThrow('--fromat');
});

test('a part is about its share, the same for the same lot, and another for another', () => {
  const ids = Array.from({ length: 2000 }, (_, id) => `q${id}`);
  const drawn = (seed: number) => ids.filter((id) => isDrawn(id, { part: 20, seed }));
  expect(drawn(1).length).toBeGreaterThan(320);
  expect(drawn(1).length).toBeLessThan(480);
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
  expect(ids.every((id) => isDrawn(id, { part: 100, seed: 1 }))).toBe(true);
});
