import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import type { ChatCompletionRequest, ChatMessage } from '../../../../contract/openai/chat-completions.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { parseJson } from './parse-json.ts';

/** OpenAI's request as a call of the model seam. Throws `InvalidInputError` naming the field. */
export function toCall(request: ChatCompletionRequest): Omit<LanguageModelV4CallOptions, 'abortSignal'> {
  const { temperature, top_p: topP, frequency_penalty: frequencyPenalty, presence_penalty: presencePenalty } = request;
  const maxOutputTokens = request.max_completion_tokens ?? request.max_tokens;
  const stop = typeof request.stop === 'string' ? [request.stop] : request.stop;
  return {
    prompt: toPrompt(request.messages),
    ...given({ temperature, topP, frequencyPenalty, presencePenalty, maxOutputTokens, seed: request.seed }),
    ...(stop ? { stopSequences: stop } : {}),
    ...toolsOf(request),
    ...formatOf(request),
  };
}

function toPrompt(messages: readonly ChatMessage[]): LanguageModelV4Message[] {
  const names = new Map<string, string>();
  return messages.map((message, index) => toMessage(message, { names, field: `messages.${index}` }));
}

interface Place {
  /** Names of tools by the ids of their calls. */
  names: Map<string, string>;
  field: string;
}

function toMessage(message: ChatMessage, { names, field }: Place): LanguageModelV4Message {
  switch (message.role) {
    case 'developer':
    case 'system':
      return { role: 'system', content: textOf(message.content) };
    case 'user':
      return { role: 'user', content: userParts(message, field) };
    case 'assistant': {
      const calls = (message.tool_calls ?? []).map((call) => {
        if (call.type !== 'function') throw unsupported(`${field}.tool_calls`, 'Custom tools are not supported.');
        names.set(call.id, call.function.name);
        const input = parseJson(call.function.arguments || '{}', `${field}.tool_calls`);
        return { type: 'tool-call' as const, toolCallId: call.id, toolName: call.function.name, input };
      });
      const text = textOf(message.content ?? message.refusal ?? '');
      return { role: 'assistant', content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls] };
    }
    case 'tool': {
      const { tool_call_id: toolCallId } = message;
      const toolName = names.get(toolCallId);
      if (toolName === undefined) {
        throw new InvalidInputError(`No earlier message calls a tool with the id “${toolCallId.slice(0, 100)}”.`, {
          field: `${field}.tool_call_id`,
        });
      }
      const output = { type: 'text' as const, value: textOf(message.content) };
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
    }
    case 'function':
      throw unsupported(field, 'Messages of the role “function” are not supported: use “tool”.');
  }
}

function textOf(content: string | readonly { type: string; text?: string; refusal?: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text, refusal }) => text ?? refusal ?? '').join('');
}

type UserMessage = Extract<ChatMessage, { role: 'user' }>;
type UserPart = Extract<LanguageModelV4Message, { role: 'user' }>['content'][number];

function userParts({ content }: UserMessage, field: string): UserPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index): UserPart => {
    switch (part.type) {
      case 'text':
        return { type: 'text', text: part.text };
      case 'image_url':
        return pictureOf(part.image_url.url, `${field}.content.${index}.image_url.url`);
      case 'input_audio':
      case 'file':
        throw unsupported(`${field}.content.${index}`, `Parts of the type “${part.type}” are not supported yet.`);
    }
  });
}

function pictureOf(url: string, field: string): UserPart {
  const inline = /^data:(image\/[\w.+-]+);base64,(.+)$/s.exec(url);
  if (inline?.[1] !== undefined && inline[2] !== undefined) {
    return { type: 'file', mediaType: inline[1], data: { type: 'data', data: inline[2] } };
  }
  throw unsupported(field, 'Send the picture itself, as a data: URL in base64. This house fetches no addresses.');
}

function toolsOf({ tools, tool_choice: choice }: ChatCompletionRequest): {
  tools?: LanguageModelV4FunctionTool[];
  toolChoice?: LanguageModelV4ToolChoice;
} {
  if (!tools || tools.length === 0) return {};
  const toolChoice: LanguageModelV4ToolChoice =
    typeof choice === 'object' ? { type: 'tool', toolName: choice.function.name } : { type: choice ?? 'auto' };
  return {
    tools: tools.map(({ function: { name, description, parameters, strict } }) => ({
      type: 'function',
      name,
      inputSchema: (parameters ?? { type: 'object', properties: {} }) as LanguageModelV4FunctionTool['inputSchema'],
      ...given({ description, strict }),
    })),
    toolChoice,
  };
}

function formatOf({
  response_format: format,
}: ChatCompletionRequest): Pick<LanguageModelV4CallOptions, 'responseFormat'> {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { type: 'json' } };
  const { name, description, schema } = format.json_schema;
  return {
    responseFormat: {
      type: 'json',
      name,
      ...given({ description, schema: schema as LanguageModelV4FunctionTool['inputSchema'] | undefined }),
    },
  };
}

function unsupported(field: string, message: string): InvalidInputError {
  return new InvalidInputError(message, { code: 'unsupported', field });
}

function given<T extends object>(record: T): { [Key in keyof T]?: Exclude<T[Key], undefined | null> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined | null>;
  };
}
