import { expect, test } from 'vitest';
import { DeliveredWords } from './delivered-words.ts';

const progress = {
  type: 'raw' as const,
  rawValue: { type: 'prompt-progress', evaluated: 100, reused: 48, total: 151 },
};
const call = { type: 'tool-call' as const, toolCallId: 'one', toolName: 'weather', input: '{"city":"Oslo"}' };

test('a prompt takes what its model says while it reads it, not what was reckoned', () => {
  const words = new DeliveredWords({ inputTokens: 64, isCounted: true });
  expect(words.prompt).toMatchObject({ inputTokens: 64, cachedInputTokens: 0 });
  expect(words.take(progress)).toBe(false);
  expect(words.prompt).toMatchObject({ inputTokens: 151, cachedInputTokens: 48 });
});

test('a prompt that counts with another answer stays uncounted', () => {
  const words = new DeliveredWords({ inputTokens: 0, isCounted: false });
  words.take(progress);
  expect(words.prompt).toMatchObject({ inputTokens: 0, cachedInputTokens: 0 });
});

test('a call that comes whole counts, one whose input came in pieces counts once', () => {
  const whole = new DeliveredWords({ inputTokens: 1, isCounted: true });
  expect(whole.take(call)).toBe(true);
  expect(JSON.parse(whole.text)).toEqual({ name: 'weather', arguments: { city: 'Oslo' } });
  expect(whole.soFar.outputTokens).toBe(1);

  const pieces = new DeliveredWords({ inputTokens: 1, isCounted: true });
  for (const delta of ['{"city":', '"Oslo"}']) pieces.take({ type: 'tool-input-delta', id: 'one', delta });
  expect(pieces.take(call)).toBe(false);
  expect(pieces.text).toBe('{"city":"Oslo"}');
});
