import { describe, expect, test } from 'vitest';
import { commonPrefixLength, reusableLength } from './prefix-reuse.ts';

test('the common prefix ends at the first difference or the shorter end', () => {
  expect(commonPrefixLength([1, 2, 3], [1, 2, 4])).toBe(2);
  expect(commonPrefixLength([1, 2], [1, 2, 4])).toBe(2);
  expect(commonPrefixLength([], [1])).toBe(0);
  expect(commonPrefixLength(Uint32Array.of(1, 2), [1, 2])).toBe(2);
});

describe('a state that can be cut anywhere', () => {
  test('serves the common prefix, one token always stays to be evaluated', () => {
    expect(reusableLength({ tokens: [1, 2, 3, 4], checkpoints: [] }, [1, 2, 9, 9], false)).toBe(2);
    expect(reusableLength({ tokens: [1, 2, 3], checkpoints: [] }, [1, 2, 3], false)).toBe(2);
    expect(reusableLength({ tokens: [5], checkpoints: [] }, [1, 2], false)).toBe(0);
  });
});

describe('a state with checkpoints', () => {
  const held = { tokens: [1, 2, 3, 4, 5, 6], checkpoints: [2, 4] };

  test('serves all of itself when the prompt only continues it', () => {
    expect(reusableLength(held, [1, 2, 3, 4, 5, 6, 7], true)).toBe(6);
  });

  test('else goes back to the last checkpoint before the difference', () => {
    expect(reusableLength(held, [1, 2, 3, 4, 5, 9], true)).toBe(4);
    expect(reusableLength(held, [1, 2, 3, 9], true)).toBe(2);
    expect(reusableLength(held, [1, 9], true)).toBe(0);
  });

  test('a prompt that ends where the state stands goes back too', () => {
    expect(reusableLength(held, [1, 2, 3, 4, 5, 6], true)).toBe(4);
  });
});
