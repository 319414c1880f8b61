// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '../../../testing/render-page.tsx';
import { useUsageWords } from './use-usage-words.ts';

const nothing = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  characters: 0,
  audioInMs: 0,
  images: 0,
  videoInMs: 0,
};

function Words({ usage }: { usage: typeof nothing }) {
  return <p>{useUsageWords(usage)}</p>;
}

test.each([
  [{ inputTokens: 1200, outputTokens: 40 }, '1,200 in, 40 out'],
  [{}, '0 in, 0 out'],
  [{ characters: 5 }, '5 characters'],
  [{ characters: 1 }, '1 character'],
  [{ audioInMs: 2250, inputTokens: 7 }, '7 in, 0 out · 2.3 s of sound'],
  [{ images: 2 }, '2 pictures'],
  [{ videoInMs: 8000 }, '8 s of film'],
])('%j is told as %s', async (used, words) => {
  await renderPage(<Words usage={{ ...nothing, ...used }} />);
  expect(screen.getByText(words)).toBeDefined();
});
