import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool, SharedV4Warning } from '@ai-sdk/provider';
import { z } from 'zod';
import { instructMarksSchema } from '../../../contract/prompts.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { EngineOptions, Sampling } from '../spec/model-handle.ts';
import { toChatTurns } from './chat-turns.ts';
import { RESPONSE_OPEN } from './tool-protocol.ts';
import type { GenerateRequest } from './engine-protocol.ts';

const samplingSchema = z.object({
  temperature: z.number().min(0).max(5).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(0).optional(),
  minP: z.number().min(0).max(1).optional(),
  repeatPenalty: z.number().positive().max(5).optional(),
  repeatLastTokens: z.int().min(0).max(4096).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  dry: z.object({ multiplier: z.number().min(0), base: z.number().min(1), allowedLength: z.int().min(1) }).optional(),
});

const engineOptionsSchema = z.object({
  affinity: z.string().max(500).optional(),
  stableMessages: z.int().min(0).optional(),
  sampling: samplingSchema.optional(),
  keepState: z.boolean().optional(),
  template: instructMarksSchema.optional(),
  topLogprobs: z.int().min(0).max(20).optional(),
});

/** Options that arrived in `providerOptions.everwith`. Throws `InvalidInputError` naming the field. */
export function parseEngineOptions(value: unknown): EngineOptions {
  const parsed = engineOptionsSchema.safeParse(value ?? {});
  if (parsed.success) return withoutUndefined(parsed.data) as EngineOptions;
  const [issue] = parsed.error.issues;
  const field = ['providerOptions', 'everwith', ...(issue?.path ?? [])].join('.');
  throw new InvalidInputError(`The engine option ${field} is wrong: ${issue?.message ?? 'unknown'}.`, { field });
}

/** Beyond 32 bits the engine's seed wraps. */
const seedRange = 2 ** 32;

export function toGenerateRequest(
  options: LanguageModelV4CallOptions,
  random: () => number,
): { request: GenerateRequest; warnings: SharedV4Warning[] } {
  const engine = parseEngineOptions(options.providerOptions?.['everwith']);
  const tools = functionTools(options);
  const { turns, stableTurns, warnings } = toChatTurns(options.prompt, engine.stableMessages ?? 0, tools);
  const format = options.responseFormat;
  return {
    warnings,
    request: {
      turns,
      stableTurns,
      template: engine.template ?? null,
      affinity: engine.affinity ?? null,
      sampling: samplingOf(options, engine.sampling ?? {}),
      seed:
        options.seed === undefined ? Math.floor(random() * seedRange) : Math.abs(Math.trunc(options.seed)) % seedRange,
      maxOutputTokens: options.maxOutputTokens ?? null,
      // A model that goes on to answer itself has called already.
      stopSequences: [...(options.stopSequences ?? []), ...(tools.length > 0 ? [RESPONSE_OPEN] : [])],
      keepState: engine.keepState ?? false,
      jsonSchema: format?.type === 'json' ? JSON.stringify(format.schema ?? {}) : null,
      tools: tools.map(({ name, inputSchema }) => ({ name, schema: JSON.stringify(inputSchema) })),
      mustCall: toolsToCall(options, tools),
      topLogprobs: engine.topLogprobs ?? null,
    },
  };
}

/** The tools a model is told of; none where it must not call any. */
export function functionTools({ tools = [], toolChoice }: LanguageModelV4CallOptions): LanguageModelV4FunctionTool[] {
  return toolChoice?.type === 'none' ? [] : tools.filter((tool) => tool.type === 'function');
}

/** Names of tools of which one has to be called; an answer in JSON is asked for by itself. */
function toolsToCall(
  { toolChoice, responseFormat }: LanguageModelV4CallOptions,
  tools: readonly LanguageModelV4FunctionTool[],
): string[] {
  if (responseFormat?.type === 'json') return [];
  if (toolChoice?.type === 'required') return tools.map(({ name }) => name);
  return toolChoice?.type === 'tool' ? [toolChoice.toolName] : [];
}

/** What the call says wins over what the preset says. */
function samplingOf(options: LanguageModelV4CallOptions, preset: Sampling): Sampling {
  const { temperature, topP, topK, frequencyPenalty, presencePenalty } = options;
  return { ...preset, ...withoutUndefined({ temperature, topP, topK, frequencyPenalty, presencePenalty }) };
}

function withoutUndefined(record: object): Sampling {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
