import { expect, test } from 'vitest';
import { hearsSound } from './hears-sound.ts';

test.each([
  ['gpt-4o-audio-preview', true],
  ['gpt-audio-mini', true],
  ['gemini-2.5-flash', true],
  ['Qwen/Qwen2.5-Omni-7B', true],
  ['mistralai/Voxtral-Mini-3B', true],
  ['gpt-4o', false],
  ['claude-sonnet-4-5', false],
  ['deepseek-chat', false],
])('%s hears: %s', (model, hears) => {
  expect(hearsSound(model)).toBe(hears);
});
