import { z } from 'zod';
import { EMPTY_SETTINGS } from './playground-types.ts';
import type { PlaygroundSettings, Turn } from './playground-types.ts';

const partSchema = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
  z.looseObject({ type: z.string() }).transform(() => ({ type: 'other' as const })),
]);
const contentSchema = z.union([z.string(), z.array(partSchema), z.null()]).optional();
const callSchema = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
const numberSchema = z.number().nullish().catch(null);

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: contentSchema,
      tool_calls: z.array(callSchema).optional(),
      tool_call_id: z.string().optional(),
    }),
  ),
  temperature: numberSchema,
  top_p: numberSchema,
  max_tokens: numberSchema,
  max_completion_tokens: numberSchema,
  seed: numberSchema,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z.array(z.unknown()).optional(),
  response_format: z
    .object({ json_schema: z.object({ schema: z.unknown() }) })
    .optional()
    .catch(undefined),
});

export interface PlaygroundStart {
  model: string;
  settings: PlaygroundSettings;
  turns: Turn[];
  /** What was asked last, to be asked again. */
  draft: string;
}

/** A request as it stands in the log, taken into the playground; null where it is no chat. */
export function readRequest(body: unknown): PlaygroundStart | null {
  const { data } = requestSchema.safeParse(body);
  if (!data) return null;
  const system = data.messages.filter(({ role }) => role === 'system' || role === 'developer');
  const turns = data.messages.flatMap(toTurn);
  const last = turns.at(-1);
  const asks = last?.role === 'user' && last.pictures.length === 0;
  const stop = typeof data.stop === 'string' ? [data.stop] : (data.stop ?? []);
  return {
    model: data.model,
    settings: {
      ...EMPTY_SETTINGS,
      system: system.map(({ content }) => textOf(content)).join('\n\n'),
      temperature: data.temperature ?? null,
      topP: data.top_p ?? null,
      maxTokens: data.max_completion_tokens ?? data.max_tokens ?? null,
      seed: data.seed ?? null,
      stop: stop.join('\n'),
      tools: data.tools === undefined ? '' : JSON.stringify(data.tools, null, 2),
      schema:
        data.response_format === undefined ? '' : JSON.stringify(data.response_format.json_schema.schema, null, 2),
    },
    turns: asks ? turns.slice(0, -1) : turns,
    draft: asks ? last.text : '',
  };
}

function toTurn(message: z.infer<typeof requestSchema>['messages'][number]): Turn[] {
  const text = textOf(message.content);
  switch (message.role) {
    case 'user': {
      const parts = Array.isArray(message.content) ? message.content : [];
      const pictures = parts.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
      return [{ role: 'user', text, pictures }];
    }
    case 'assistant': {
      const toolCalls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: input } }) => ({
        id,
        name,
        input,
      }));
      return [{ role: 'assistant', text, toolCalls, measures: null, stopped: false }];
    }
    case 'tool':
      return [{ role: 'tool', callId: message.tool_call_id ?? '', text }];
    default:
      return [];
  }
}

function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
