import { expect, test } from 'vitest';
import type { ProviderKind } from '../../../contract/models.ts';
import { seesPictures } from './sees-pictures.ts';

test.each<[ProviderKind, string, boolean]>([
  ['openai', 'gpt-4o-mini', true],
  ['openai', 'gpt-5.2', true],
  ['openai', 'gpt-3.5-turbo', false],
  ['openai', 'o3-mini', false],
  ['openai', 'o4-mini', true],
  ['anthropic', 'claude-sonnet-4-5', true],
  ['anthropic', 'claude-2.1', false],
  ['google', 'gemini-2.5-flash', true],
  ['deepseek', 'deepseek-chat', false],
  ['ollama', 'qwen2.5vl:7b', true],
  ['ollama', 'llava:13b', true],
  ['ollama', 'qwen3:4b', false],
  ['ollama', 'gemma3:4b', true],
  ['ollama', 'gemma3:1b', false],
  ['openai-compatible', 'Qwen/Qwen3-VL-8B-Instruct', true],
  ['openai-compatible', 'meta-llama/Llama-3.1-8B-Instruct', false],
])('%s %s looks at pictures: %s', (kind, model, sees) => {
  expect(seesPictures(kind, model)).toBe(sees);
});
