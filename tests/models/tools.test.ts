import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4FunctionTool, LanguageModelV4ToolCall } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { hasFallbackModel, openFallbackModel } from './llama-fixtures.ts';

const number = { type: 'number' } as const;
const tools: LanguageModelV4FunctionTool[] = [
  {
    type: 'function',
    name: 'add',
    description: 'Adds a and b and returns the sum.',
    inputSchema: { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'] },
  },
  {
    type: 'function',
    name: 'get_time',
    description: 'Returns the current local time in a city.',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

const CITIES = ['Oslo', 'Rome', 'Cairo', 'Lima', 'Tokyo', 'Paris', 'Delhi', 'Quito', 'Seoul', 'Berlin'];
const QUESTIONS = [
  ...CITIES.map((city) => ({ text: `What time is it in ${city} now?`, tool: 'get_time', input: { city } })),
  ...CITIES.map((_, index) => {
    const [a, b] = [index * 37 + 118, index * 53 + 205];
    return { text: `How much is ${a} plus ${b}?`, tool: 'add', input: { a, b } };
  }),
];

/** The smallest model there is uses tools poorly; this says how poorly, and holds that calls come out as calls. */
test.runIf(hasFallbackModel)(
  'the fallback model calls the right tool in some of twenty tries',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'everwith-tools-model-'));
    try {
      const { host, model } = await openFallbackModel(join(folder, 'states'));
      await using _host = host;
      const counts = { called: 0, right: 0, leaked: 0 };
      for (const [seed, { text, tool, input }] of QUESTIONS.entries()) {
        const { stream } = await model.languageModel.doStream({
          prompt: [
            { role: 'system', content: 'You are Mira, a helpful assistant. Use the tools you have.' },
            { role: 'user', content: [{ type: 'text', text }] },
          ],
          tools,
          seed,
          temperature: 0.2,
          maxOutputTokens: 60,
          // What never changes is read once.
          providerOptions: { everwith: { affinity: 'tools', stableMessages: 1 } },
        });
        const calls: LanguageModelV4ToolCall[] = [];
        let words = '';
        for await (const part of stream) {
          if (part.type === 'tool-call') calls.push(part);
          if (part.type === 'text-delta') words += part.delta;
          if (part.type === 'error') throw part.error;
        }
        if (calls.length > 0) counts.called += 1;
        if (calls.some((call) => call.toolName === tool && call.input === JSON.stringify(input))) counts.right += 1;
        if (words.includes('<tool_call>') || words.includes('</tool_call>')) counts.leaked += 1;
      }
      process.stdout.write(`tools: ${JSON.stringify({ tries: QUESTIONS.length, ...counts })}\n`);
      expect(counts.leaked).toBe(0);
      expect(counts.right).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  600_000,
);
