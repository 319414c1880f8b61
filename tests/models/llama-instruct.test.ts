import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instructMarksSchema } from '../../contract/prompts.ts';
import type { LlamaHost } from '../../src/models/llama/llama-host.ts';
import { converse, openHost, persona, say, system } from './llama-fixtures.ts';

let statesDir: string;
let host: LlamaHost;

beforeAll(async () => {
  statesDir = await mkdtemp(join(tmpdir(), 'everwith-states-'));
  host = openHost({ statesDir });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await rm(statesDir, { recursive: true, force: true });
});

/** The template the model was trained with, as SillyTavern writes it. */
const chatMl = instructMarksSchema.parse({
  name: 'ChatML',
  system_sequence: '<|im_start|>system',
  system_suffix: '<|im_end|>\n',
  input_sequence: '<|im_start|>user',
  input_suffix: '<|im_end|>\n',
  output_sequence: '<|im_start|>assistant',
  output_suffix: '<|im_end|>\n',
  stop_sequence: '<|im_end|>',
  wrap: true,
});
const plain = instructMarksSchema.parse({
  input_sequence: '### Question:',
  input_suffix: '\n\n',
  output_sequence: '### Answer:',
  output_suffix: '\n\n',
  wrap: true,
});

describe('an instruct template', () => {
  const opening = [system(persona('Mira', 14)), say('user', 'Who are you?')];

  test.each([
    ['special marks', chatMl],
    ['plain marks', plain],
  ])('with %s is heard, and a reply ends where somebody else would speak', async (_, template) => {
    const told = await converse(host, opening, { engine: { template } });
    expect(told.text.trim()).not.toBe('');
    expect(told.text).not.toMatch(/###|<\|im_/);
  });

  test.each([
    ['special marks', chatMl],
    ['plain marks', plain],
  ])('with %s keeps what was read for the next turn', async (name, template) => {
    const engine = { template, affinity: name };
    const talk = [system(persona('Odo', 14)), say('assistant', 'Evening.'), say('user', 'What is the weather?')];
    const first = await converse(host, talk, { engine });
    expect(first.report.evaluatedPromptTokens).toBeGreaterThan(300);
    const next = [...talk, say('assistant', first.text), say('user', 'And tomorrow?')];
    const second = await converse(host, next, { engine });
    expect(second.report.evaluatedPromptTokens).toBeLessThanOrEqual(16 + 20 + 64);
    expect(second.report.reusedPromptTokens).toBeGreaterThan(250);
  });
});
