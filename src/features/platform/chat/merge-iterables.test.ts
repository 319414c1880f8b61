import { expect, test } from 'vitest';
import { mergeIterables } from './merge-iterables.ts';

test('hands on what comes first, no more than so many sources at once, and ends all where one fails', async () => {
  const open = new Set<number>();
  let most = 0;
  let ended = 0;
  const source = (index: number, fail = false) =>
    async function* () {
      open.add(index);
      most = Math.max(most, open.size);
      try {
        for (const value of ['a', 'b']) {
          await Promise.resolve();
          if (fail && value === 'b') throw new Error('broken');
          yield `${index}${value}`;
        }
      } finally {
        open.delete(index);
        ended += 1;
      }
    };
  const all: string[] = [];
  for await (const { value } of mergeIterables(
    [0, 1, 2, 3].map((index) => source(index)),
    2,
  ))
    all.push(value);
  expect(all.toSorted()).toEqual(['0a', '0b', '1a', '1b', '2a', '2b', '3a', '3b']);
  expect(most).toBe(2);
  ended = 0;
  const read = async () => {
    for await (const { value } of mergeIterables([source(0), source(1, true)], 2)) all.push(value);
  };
  await expect(read()).rejects.toThrow('broken');
  expect(open.size).toBe(0);
  expect(ended).toBe(2);
});
