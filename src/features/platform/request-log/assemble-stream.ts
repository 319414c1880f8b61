import { z } from 'zod';
import { readJson } from './read-json.ts';

const chatSchema = z.object({
  choices: z.array(
    z.object({
      index: z.int().catch(0),
      delta: z
        .object({
          content: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                index: z.int(),
                id: z.string().optional(),
                function: z.object({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
              }),
            )
            .optional(),
        })
        .optional(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.unknown().optional(),
});
const endSchema = z.object({
  type: z.enum(['response.completed', 'response.failed', 'response.incomplete']),
  response: z.unknown(),
});
/** Of responses and of Anthropic's messages. */
const deltaSchema = z.object({
  delta: z.union([
    z.string(),
    z.object({ text: z.string() }).transform(({ text }) => text),
    z.object({ partial_json: z.string() }).transform(({ partial_json: text }) => text),
  ]),
});
const faultSchema = z.object({ error: z.unknown() }).refine(({ error }) => error !== undefined && error !== null);

interface Choice {
  content: string;
  tool_calls: { id?: string; name?: string; arguments: string }[];
  finish_reason: string | null;
}

/** What a stream of events said in all, so that what goes over several of its frames can be read, and redacted. */
export function assembleStream(text: string): unknown {
  const choices: Choice[] = [];
  const whole: { streamed: true; frames: number; text: string; response?: unknown; usage?: unknown; error?: unknown } =
    {
      streamed: true,
      frames: 0,
      text: '',
    };
  for (const line of text.split('\n')) {
    if (!line.startsWith('data:')) continue;
    const frame = readJson(line.slice('data:'.length).trim());
    if (frame === undefined) continue;
    whole.frames += 1;
    const chat = chatSchema.safeParse(frame).data;
    if (chat) {
      for (const choice of chat.choices) addToChoice((choices[choice.index] ??= emptyChoice()), choice);
      whole.usage = chat.usage ?? whole.usage;
      continue;
    }
    whole.text += deltaSchema.safeParse(frame).data?.delta ?? '';
    whole.response = endSchema.safeParse(frame).data?.response ?? whole.response;
    whole.error = faultSchema.safeParse(frame).data?.error ?? whole.error;
  }
  // The end of a response repeats all that was said.
  const { text: said, ...rest } = whole;
  return {
    ...rest,
    ...(choices.length > 0 ? { choices } : {}),
    ...(said === '' || whole.response ? {} : { text: said }),
  };
}

function emptyChoice(): Choice {
  return { content: '', tool_calls: [], finish_reason: null };
}

function addToChoice(
  choice: Choice,
  { delta, finish_reason: reason }: z.infer<typeof chatSchema>['choices'][number],
): void {
  choice.content += delta?.content ?? '';
  choice.finish_reason = reason ?? choice.finish_reason;
  for (const { index, id, function: part } of delta?.tool_calls ?? []) {
    const call = (choice.tool_calls[index] ??= { arguments: '' });
    if (id !== undefined) call.id = id;
    if (part?.name !== undefined) call.name = part.name;
    call.arguments += part?.arguments ?? '';
  }
}
