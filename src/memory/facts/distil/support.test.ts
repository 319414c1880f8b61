import { expect, test } from 'vitest';
import { isSupported } from './support.ts';

const ines = { source: 'My sister Ana lives in Lyon and works at a bank.', allowed: ['Ines'] };
const wei = { source: '我妹妹小雨去年搬到成都，在医院当护士。', allowed: ['阿伟'] };

test.each([
  ["Ines's sister Ana lives in Lyon.", ines, true],
  ["Ana, Ines's sister, works at a bank in Lyon.", ines, true],
  ["Ines's sister Ana lives in Paris.", ines, false],
  ["Ines's brother Ana lives in Lyon.", ines, false],
  ["Ines's sister Ana owns a bank with 3 floors.", ines, false],
  ["Ines's sister Ana does not live in Lyon.", ines, false],
  ["Ines's sister Maria lives in Lyon.", ines, false],
  ['阿伟的妹妹小雨去年搬到成都。', wei, true],
  ['阿伟的妹妹小雨在医院当护士。', wei, true],
  ['阿伟的妹妹小雨去年搬到重庆。', wei, false],
  ['阿伟的妹妹小雨去年没搬到成都。', wei, false],
  ['阿伟的妹妹小雨今年25岁。', wei, false],
] as const)('%s', (text, source, right) => {
  expect(isSupported(text, source)).toBe(right);
});
