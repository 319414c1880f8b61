import { expect, test } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

test('grows with the text, counts Chinese by the letter and never reports nothing for something', () => {
  expect(estimateTokens('')).toBe(0);
  expect(estimateTokens('a')).toBe(1);
  expect(estimateTokens('你好，世界')).toBe(5);
  expect(estimateTokens('🦊')).toBe(2);
  const english = 'The keeper of the lighthouse tells a story about the storm of ninety-one.';
  // Public tokenizers make 16 or 17 of it.
  expect(estimateTokens(english)).toBeGreaterThanOrEqual(16);
  expect(estimateTokens(english)).toBeLessThanOrEqual(24);
});
