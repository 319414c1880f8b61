import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4FunctionTool, LanguageModelV4ToolCall, LanguageModelV4ToolChoice } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ModelHandle } from '../../src/models/spec/model-handle.ts';
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
  {
    type: 'function',
    name: 'set_alarm',
    description: 'Sets an alarm.',
    inputSchema: {
      type: 'object',
      properties: {
        hour: { type: 'integer' },
        days: { type: 'array', items: { enum: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] } },
        loud: { type: 'boolean' },
      },
      required: ['hour', 'days'],
    },
  },
];

/** What each tool takes. */
const INPUTS: Record<string, z.ZodType> = {
  add: z.strictObject({ a: z.number(), b: z.number() }),
  get_time: z.strictObject({ city: z.string() }),
  set_alarm: z.strictObject({
    hour: z.int(),
    days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])),
    loud: z.boolean().optional(),
  }),
};

const CITIES = ['Oslo', 'Rome', 'Cairo', 'Lima', 'Tokyo', 'Paris', 'Delhi'];
const QUESTIONS = [
  ...CITIES.map((city) => ({ text: `What time is it in ${city} now?`, tool: 'get_time', input: { city } })),
  ...CITIES.map((_, index) => {
    const [a, b] = [index * 37 + 118, index * 53 + 205];
    return { text: `How much is ${a} plus ${b}?`, tool: 'add', input: { a, b } };
  }),
  ...[5, 6, 7, 8, 9, 10].map((hour) => ({
    text: `Set a loud alarm for ${hour} o'clock on Monday and Friday.`,
    tool: 'set_alarm',
    input: { hour, days: ['mon', 'fri'], loud: true },
  })),
];

function isValid({ toolName, input }: LanguageModelV4ToolCall): boolean {
  try {
    return INPUTS[toolName]?.safeParse(JSON.parse(input)).success ?? false;
  } catch {
    return false;
  }
}

/** The one call of an answer that has to be a call, to a question that no tool answers. */
async function forcedCall(
  model: ModelHandle,
  toolChoice: LanguageModelV4ToolChoice,
): Promise<LanguageModelV4ToolCall | undefined> {
  const { stream } = await model.languageModel.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Tell me a joke.' }] }],
    tools,
    toolChoice,
    // What it puts into the call is its own affair; only a call that is whole can be judged.
    maxOutputTokens: 400,
  });
  const calls: LanguageModelV4ToolCall[] = [];
  for await (const part of stream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'tool-call') calls.push(part);
  }
  return calls[0];
}

/** The smallest model there is uses tools poorly; this says how poorly, and holds that calls come out as calls. */
test.runIf(hasFallbackModel)(
  'the fallback model calls the right tool in some of twenty tries',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'everwith-tools-model-'));
    try {
      const { host, model } = await openFallbackModel(join(folder, 'states'));
      await using _host = host;
      const counts = { called: 0, valid: 0, right: 0, leaked: 0 };
      for (const [seed, { text, tool, input }] of QUESTIONS.entries()) {
        const { stream } = await model.languageModel.doStream({
          prompt: [
            { role: 'system', content: 'You are Mira, a helpful assistant. Use the tools you have.' },
            { role: 'user', content: [{ type: 'text', text }] },
          ],
          tools,
          seed,
          temperature: 0.2,
          maxOutputTokens: 80,
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
        if (calls.length > 0 && calls.every(isValid)) counts.valid += 1;
        if (calls.some((call) => call.toolName === tool && call.input === JSON.stringify(input))) counts.right += 1;
        if (words.includes('<tool_call>') || words.includes('</tool_call>')) counts.leaked += 1;
      }
      const anyTool = await forcedCall(model, { type: 'required' });
      expect(anyTool).toSatisfy(isValid);
      const oneTool = await forcedCall(model, { type: 'tool', toolName: 'add' });
      expect(oneTool).toSatisfy(isValid);
      expect(oneTool?.toolName).toBe('add');
      process.stdout.write(`tools: ${JSON.stringify({ tries: QUESTIONS.length, ...counts })}\n`);
      expect(counts.leaked).toBe(0);
      // Whatever was begun as a call came out as one.
      expect(counts.valid).toBe(counts.called);
      expect(counts.right).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  600_000,
);
