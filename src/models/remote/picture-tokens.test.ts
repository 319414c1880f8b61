import { expect, test } from 'vitest';
import { pictureTokens } from './picture-tokens.ts';

/** Examples of the providers' own pages where they give one. */
test.each([
  ['openai', 1024, 1024, 765],
  ['openai', 2048, 4096, 1105],
  ['openai', 200, 200, 255],
  ['anthropic', 200, 200, 54],
  ['anthropic', 1000, 1000, 1334],
  ['anthropic', 1568, 1568, 1600],
  ['google', 384, 384, 258],
  ['google', 1568, 768, 774],
  ['openai-compatible', 1568, 1568, 3138],
  ['ollama', 1, 1, 3],
] as const)('%s counts %i × %i as %i tokens', (kind, width, height, tokens) => {
  expect(pictureTokens(kind, { width, height })).toBe(tokens);
});
