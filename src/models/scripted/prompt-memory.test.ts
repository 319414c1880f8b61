import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PromptMemory } from './prompt-memory.ts';
import { promptTokens } from './scripted-tokens.ts';

const message = fc
  .record({ isUser: fc.boolean(), words: fc.array(fc.constantFrom('tea', 'rain', '雨', 'bridge'), { maxLength: 4 }) })
  .map(({ isUser, words }): LanguageModelV4Prompt[number] => ({
    role: isUser ? 'user' : 'assistant',
    content: [{ type: 'text', text: words.join(' ') }],
  }));
const prompts = fc.array(fc.array(message, { maxLength: 5 }), { minLength: 1, maxLength: 4 });

test('counts what comparing all tokens with those of the last prompt counts', () => {
  fc.assert(
    fc.property(prompts, (series) => {
      const memory = new PromptMemory();
      let known: string[] = [];
      for (const prompt of series) {
        const tokens = promptTokens(prompt);
        const different = tokens.findIndex((token, index) => token !== known[index]);
        const reused = different === -1 ? tokens.length : different;
        expect(memory.remember('one', prompt)).toEqual({ total: tokens.length, reused });
        known = tokens;
      }
    }),
  );
});

test('keeps affinities apart, and reuses nothing without one', () => {
  const memory = new PromptMemory();
  const prompt: LanguageModelV4Prompt = [{ role: 'system', content: 'Be kind.' }];
  memory.remember('one', prompt);
  expect(memory.remember('two', prompt)).toEqual({ total: 3, reused: 0 });
  expect(memory.remember(undefined, prompt)).toEqual({ total: 3, reused: 0 });
  expect(memory.remember('one', prompt)).toEqual({ total: 3, reused: 3 });
});
