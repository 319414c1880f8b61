import { z } from 'zod';
import { parseJson } from '../../../../client/api-error.ts';
import type { PlaygroundSettings, Turn } from './playground-types.ts';

const functionSchema = z.looseObject({ name: z.string().min(1) });
const toolSchema = z.union([
  z.looseObject({ type: z.literal('function'), function: functionSchema }),
  functionSchema.transform((one) => ({ type: 'function' as const, function: one })),
]);
const toolsSchema = z.union([z.array(toolSchema), toolSchema.transform((one) => [one])]);
const jsonSchemaSchema = z.looseObject({ type: z.string() });

/** What of the settings is no JSON of the kind it has to be. */
export type SettingsProblem = 'tools' | 'schema';

export function findProblem({ tools, schema }: PlaygroundSettings): SettingsProblem | null {
  if (tools.trim() !== '' && !toolsSchema.safeParse(parseJson(tools)).success) return 'tools';
  if (schema.trim() !== '' && !jsonSchemaSchema.safeParse(parseJson(schema)).success) return 'schema';
  return null;
}

/** The body of a request for the next answer. Settings that `findProblem` names are left out. */
export function buildRequest(
  { system, temperature, topP, maxTokens, seed, stop, tools, schema }: PlaygroundSettings,
  turns: readonly Turn[],
  model: string,
): Record<string, unknown> {
  const stops = stop.split('\n').filter((line) => line !== '');
  const given = toolsSchema.safeParse(parseJson(tools)).data;
  const format = jsonSchemaSchema.safeParse(parseJson(schema)).data;
  return {
    model,
    messages: [...(system.trim() === '' ? [] : [{ role: 'system', content: system }]), ...turns.map(toMessage)],
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(maxTokens === null ? {} : { max_completion_tokens: maxTokens }),
    ...(seed === null ? {} : { seed }),
    ...(stops.length === 0 ? {} : { stop: stops }),
    ...(given === undefined ? {} : { tools: given }),
    ...(format === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: format } } }),
  };
}

function toMessage(turn: Turn): Record<string, unknown> {
  switch (turn.role) {
    case 'user': {
      if (turn.pictures.length === 0) return { role: 'user', content: turn.text };
      const pictures = turn.pictures.map((url) => ({ type: 'image_url', image_url: { url } }));
      return { role: 'user', content: [{ type: 'text', text: turn.text }, ...pictures] };
    }
    case 'assistant': {
      const calls = turn.toolCalls.map(({ id, name, input }) => ({
        id,
        type: 'function',
        function: { name, arguments: input },
      }));
      return {
        role: 'assistant',
        content: turn.text === '' && calls.length > 0 ? null : turn.text,
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      };
    }
    default:
      return { role: 'tool', tool_call_id: turn.callId, content: turn.text };
  }
}
