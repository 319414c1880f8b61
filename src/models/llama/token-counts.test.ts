import { expect, test, vi } from 'vitest';
import { TokenCounts } from './token-counts.ts';
import { TokenizationCache } from './tokenization-cache.ts';

test('a text is counted once, and the order follows the input', async () => {
  const counts = new TokenCounts();
  const ask = vi.fn(async (texts: string[]) => texts.map((text) => text.length));
  expect(await counts.count(['aa', 'b', 'aa'], ask)).toEqual([2, 1, 2]);
  expect(await counts.count(['ccc', 'b', ''], ask)).toEqual([3, 1, 0]);
  expect(ask.mock.calls).toEqual([[['aa', 'b']], [['ccc', '']]]);
});

test('a failed count is not remembered', async () => {
  const counts = new TokenCounts();
  await expect(counts.count(['a'], () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await counts.count(['a'], async () => [7])).toEqual([7]);
});

test('tokenization is remembered per form, oldest texts leave, and replies keep their own tokens', () => {
  const tokenize = vi.fn((text: string) => [text.length]);
  const cache = new TokenizationCache(tokenize, 30);
  const plain = { special: false, trim: true };
  cache.get({ ...plain, text: 'hello' });
  cache.get({ ...plain, text: 'hello' });
  cache.get({ special: true, trim: true, text: 'hello' });
  expect(tokenize).toHaveBeenCalledTimes(2);
  cache.set({ ...plain, text: 'reply' }, [41, 42]);
  expect(cache.get({ ...plain, text: 'reply' })).toEqual([41, 42]);
  cache.get({ ...plain, text: 'x'.repeat(20) });
  cache.get({ ...plain, text: 'hello' });
  expect(tokenize).toHaveBeenCalledTimes(4);
});
