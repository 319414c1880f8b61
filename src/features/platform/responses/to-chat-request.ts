import {
  chatMessageSchema,
  type ChatCompletionRequest,
  type ChatMessage,
} from '../../../../contract/openai/chat-completions.ts';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { InputTokensRequest, ResponseRequest } from '../../../../contract/openai/responses.ts';
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
  if (request.instructions)
    placed.push({ message: { role: 'system', content: request.instructions }, field: 'instructions' });
  for (const item of before) take(placed, item, null);
  for (const [index, item] of input.entries())
    take(placed, item, typeof request.input === 'string' ? 'input' : `input.${index}`);
  if (!mayBeSilent && placed.every(({ field }) => field === 'instructions')) {
    throw new InvalidInputError('Send what is to be answered, in “input”.', { code: 'missing-input', field: 'input' });
  }
  const { max_output_tokens: limit, temperature, top_p, user }: Partial<ResponseRequest> = request;
  return {
    model: request.model,
    messages: placed.map(({ message, field }) => parseMessage(message, field)),
    ...(limit ? { max_completion_tokens: limit } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(user ? { user } : {}),
    ...(request.reasoning?.effort ? { reasoning_effort: request.reasoning.effort } : {}),
    ...toolsOf(request),
    ...formatOf(request),
  };
}

/** Calls that follow one another belong to one message, and to the words before them. */
function take(placed: PlacedMessage[], item: StoredItem, field: string | null): void {
  switch (item.type) {
    case 'message':
      placed.push({ message: { role: item['role'], content: contentOf(item['content']) }, field });
      return;
    case 'function_call': {
      const call = {
        id: item['call_id'],
        type: 'function',
        function: { name: item['name'], arguments: item['arguments'] },
      };
      const last = placed.at(-1)?.message;
      if (last?.['role'] === 'assistant') last['tool_calls'] = [...((last['tool_calls'] as unknown[]) ?? []), call];
      else placed.push({ message: { role: 'assistant', content: null, tool_calls: [call] }, field });
      return;
    }
    case 'function_call_output': {
      const { call_id: id, output } = item;
      placed.push({ message: { role: 'tool', tool_call_id: id, content: contentOf(output) }, field });
      return;
    }
    default:
      // What a model thought in earlier answers is not shown to it again, as models of this kind expect.
      return;
  }
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
    tools: tools.map(({ type, name, description, parameters, strict }, index) => {
      if (type !== 'function') {
        throw new InvalidInputError(
          `Tools of the type “${type.slice(0, 60)}” are not built into this house: offer a function of your own instead.`,
          { code: 'unsupported-tool', field: `tools.${index}.type` },
        );
      }
      if (name === undefined) throw new InvalidInputError('A function has a name.', { field: `tools.${index}.name` });
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
  if (choice.type === 'function' && typeof choice['name'] === 'string') {
    return { tool_choice: { type: 'function', function: { name: choice['name'] } } };
  }
  throw new InvalidInputError(
    `A tool_choice of the type “${choice.type.slice(0, 60)}” is not supported: say “auto”, “none”, “required” or name a function.`,
    { code: 'unsupported', field: 'tool_choice' },
  );
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
