import {
  chatMessageSchema,
  type ChatCompletionRequest,
  type ChatMessage,
} from '../../../../contract/openai/chat-completions.ts';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import {
  allowedToolsSchema,
  type InputTokensRequest,
  type ResponseRequest,
} from '../../../../contract/openai/responses.ts';
import { InvalidInputError } from '../../../base/errors.ts';

/** A message of the chat, and which item of the request it came from; null for what was said before. */
interface PlacedMessage {
  message: Record<string, unknown>;
  field: string | null;
}

/** What a request for a response asks, as a request for a chat completion. `before`: what was said earlier. */
export function toChatRequest(
  request: ResponseRequest | InputTokensRequest,
  {
    before,
    input,
    mayBeSilent = false,
  }: {
    before: readonly StoredItem[];
    input: readonly StoredItem[];
    /** Something is answered that does not stand here. */
    mayBeSilent?: boolean;
  },
): ChatCompletionRequest {
  const placed: PlacedMessage[] = [];
  const thoughts = thoughtsSeen(request.reasoning?.context, [...before, ...input]);
  if (request.instructions)
    placed.push({ message: { role: 'system', content: request.instructions }, field: 'instructions' });
  for (const item of before) take(placed, item, { field: null, thoughts });
  for (const [index, item] of input.entries())
    take(placed, item, { field: typeof request.input === 'string' ? 'input' : `input.${index}`, thoughts });
  if (!mayBeSilent && placed.every(({ field }) => field === 'instructions')) {
    throw new InvalidInputError('Send what is to be answered, in “input”.', { code: 'missing-input', field: 'input' });
  }
  const { max_output_tokens: limit, temperature, top_p, user }: Partial<ResponseRequest> = request;
  const { prompt_cache_key, prompt_cache_retention, safety_identifier }: Partial<ResponseRequest> = request;
  return {
    model: request.model,
    messages: placed.map(({ message, field }) => parseMessage(message, field)),
    ...(limit ? { max_completion_tokens: limit } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(user ? { user } : {}),
    ...(prompt_cache_key ? { prompt_cache_key } : {}),
    ...(prompt_cache_retention ? { prompt_cache_retention } : {}),
    ...(safety_identifier ? { safety_identifier } : {}),
    ...(request.text?.verbosity ? { verbosity: request.text.verbosity } : {}),
    ...logprobsOf(request),
    ...(request.reasoning?.effort ? { reasoning_effort: request.reasoning.effort } : {}),
    ...toolsOf(request),
    ...formatOf(request),
  };
}

function logprobsOf({ top_logprobs: top, include }: Partial<ResponseRequest>) {
  if ((top ?? 0) === 0 && !include?.includes('message.output_text.logprobs')) return {};
  return { logprobs: true, ...(top ? { top_logprobs: top } : {}) };
}

/** Thoughts that the model sees again; where nobody says so none, as models of this kind expect. */
function thoughtsSeen(
  context: 'auto' | 'current_turn' | 'all_turns' | null | undefined,
  items: readonly StoredItem[],
): ReadonlySet<StoredItem> {
  if (context !== 'current_turn' && context !== 'all_turns') return new Set();
  const turn = items.findLastIndex(({ type, role }) => type === 'message' && role === 'user');
  return new Set(context === 'all_turns' ? items : items.slice(turn + 1));
}

interface Placing {
  field: string | null;
  thoughts: ReadonlySet<StoredItem>;
}

/** Calls that follow one another belong to one message, and to the words before them. */
function take(placed: PlacedMessage[], item: StoredItem, { field, thoughts }: Placing): void {
  switch (item.type) {
    case 'message': {
      const message = { role: item['role'], content: contentOf(item['content']) };
      const thought = message.role === 'assistant' ? openThought(placed) : null;
      if (thought) Object.assign(thought, message);
      else placed.push({ message, field });
      return;
    }
    case 'function_call':
      takeCall(placed, {
        field,
        call: { id: item['call_id'], type: 'function', function: { name: item['name'], arguments: item['arguments'] } },
      });
      return;
    case 'custom_tool_call':
      takeCall(placed, {
        field,
        call: { id: item['call_id'], type: 'custom', custom: { name: item['name'], input: item['input'] } },
      });
      return;
    case 'compaction':
      placed.push({
        message: { role: 'system', content: `What was said before this, in short:\n${String(item['summary'])}` },
        field,
      });
      return;
    case 'reasoning': {
      const text = thoughts.has(item) ? thoughtOf(item) : '';
      if (text !== '') placed.push({ message: { role: 'assistant', content: '', reasoning_content: text }, field });
      return;
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const { call_id: id, output } = item;
      placed.push({ message: { role: 'tool', tool_call_id: id, content: contentOf(output) }, field });
      return;
    }
    default:
      return;
  }
}

function takeCall(placed: PlacedMessage[], { call, field }: { call: object; field: string | null }): void {
  const last = placed.at(-1)?.message;
  if (last?.['role'] !== 'assistant') {
    placed.push({ message: { role: 'assistant', content: null, tool_calls: [call] }, field });
    return;
  }
  last['tool_calls'] = [...((last['tool_calls'] as unknown[]) ?? []), call];
}

/** The message of a thought that nothing was said after yet. */
function openThought(placed: readonly PlacedMessage[]): Record<string, unknown> | null {
  const last = placed.at(-1)?.message;
  return last?.['reasoning_content'] && last['content'] === '' && !last['tool_calls'] ? last : null;
}

function thoughtOf({ content }: StoredItem): string {
  return Array.isArray(content) ? content.map(({ text }: { text?: string }) => text ?? '').join('\n') : '';
}

function contentOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: Record<string, unknown>) => {
    switch (part['type']) {
      case 'input_text':
      case 'output_text':
        return { type: 'text', text: part['text'] };
      case 'input_image':
        if (!part['image_url']) return { type: 'file', file: { file_id: part['file_id'] } };
        return { type: 'image_url', image_url: { url: part['image_url'] } };
      case 'input_file': {
        const { file_data, file_id, filename, file_url } = part;
        if (file_url) {
          throw new InvalidInputError('This house fetches no addresses: send the file itself in “file_data”.', {
            code: 'unsupported',
            field: 'input',
          });
        }
        return {
          type: 'file',
          file: {
            ...(file_data ? { file_data } : {}),
            ...(file_id ? { file_id } : {}),
            ...(filename ? { filename } : {}),
          },
        };
      }
      default:
        return part;
    }
  });
}

function parseMessage(message: Record<string, unknown>, field: string | null): ChatMessage {
  const parsed = chatMessageSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? 'it does not fit';
  throw new InvalidInputError(`${field ?? 'An earlier message'} cannot be said to a model: ${reason}`, {
    field: field ?? 'input',
  });
}

function toolsOf({ tools, tool_choice: choice, parallel_tool_calls: parallel }: InputTokensRequest | ResponseRequest) {
  if (!tools || tools.length === 0) return {};
  return {
    tools: tools.map(({ type, name, description, parameters, strict, format }, index) => {
      if (type !== 'function' && type !== 'custom') {
        throw new InvalidInputError(
          `Tools of the type “${type.slice(0, 60)}” are not built into this house: offer a function of your own instead.`,
          { code: 'unsupported-tool', field: `tools.${index}.type` },
        );
      }
      if (name === undefined) throw new InvalidInputError('A tool has a name.', { field: `tools.${index}.name` });
      if (type === 'custom') return customTool({ name, description, format });
      return {
        type: 'function' as const,
        function: {
          name,
          ...(description ? { description } : {}),
          ...(parameters ? { parameters } : {}),
          ...(strict === undefined ? {} : { strict }),
        },
      };
    }),
    ...(parallel === undefined || parallel === null ? {} : { parallel_tool_calls: parallel }),
    ...choiceOf(choice),
  };
}

function choiceOf(choice: ResponseRequest['tool_choice']): Pick<ChatCompletionRequest, 'tool_choice'> {
  if (choice === undefined || choice === null) return {};
  if (typeof choice === 'string') return { tool_choice: choice };
  if (choice.type === 'allowed_tools') return allowedOf(choice);
  if (choice.type === 'function' || choice.type === 'custom') {
    const { type, name } = choice as { type: 'function' | 'custom'; name?: string };
    if (name === undefined) throw new InvalidInputError('A chosen tool has a name.', { field: 'tool_choice.name' });
    return { tool_choice: type === 'custom' ? { type, custom: { name } } : { type, function: { name } } };
  }
  throw new InvalidInputError(
    `A tool_choice of the type “${choice.type.slice(0, 60)}” is not supported: say “auto”, “none”, “required” or name a function.`,
    { code: 'unsupported', field: 'tool_choice' },
  );
}

/** Tools are named flat here, and inside of what they are in chat completions. */
function allowedOf(choice: object): Pick<ChatCompletionRequest, 'tool_choice'> {
  const parsed = allowedToolsSchema.safeParse(choice);
  if (!parsed.success) {
    throw new InvalidInputError('Allowed tools are a “mode” and a list of functions and custom tools by their names.', {
      field: 'tool_choice',
    });
  }
  const { mode, tools } = parsed.data;
  return {
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode, tools: tools.map(({ type, name }) => ({ type, [type]: { name } })) },
    },
  };
}

function customTool({
  name,
  description,
  format,
}: Pick<NonNullable<ResponseRequest['tools']>[number], 'description' | 'format'> & { name: string }) {
  const { type, definition = '', syntax } = format ?? { type: 'text' };
  const grammar = { definition, syntax: syntax === 'regex' ? ('regex' as const) : ('lark' as const) };
  return {
    type: 'custom' as const,
    custom: {
      name,
      ...(description ? { description } : {}),
      ...(type === 'text' ? {} : { format: { type: 'grammar' as const, grammar } }),
    },
  };
}

function formatOf({ text }: InputTokensRequest | ResponseRequest): Pick<ChatCompletionRequest, 'response_format'> {
  const format = text?.format;
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { response_format: { type: 'json_object' } };
  const { name, description, schema, strict } = format;
  return {
    response_format: {
      type: 'json_schema',
      json_schema: {
        name,
        schema,
        ...(description ? { description } : {}),
        ...(strict === undefined ? {} : { strict }),
      },
    },
  };
}
