import type { AnthropicMessage, CountTokensRequest, MessagesRequest } from '../../../../contract/anthropic/messages.ts';
import type { ChatCompletionRequest, ChatMessage } from '../../../../contract/openai/chat-completions.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { unsupported } from '../chat/unsupported.ts';

/** Tokens of thought by which Anthropic's budgets become an effort. */
const LOW_BUDGET = 4096;
const HIGH_BUDGET = 16_384;

type Request = MessagesRequest | CountTokensRequest;

/** Anthropic's request as one for a chat completion. Throws `InvalidInputError` naming the field. */
export function toChatRequest(request: Request): ChatCompletionRequest {
  const { max_tokens, temperature, top_p, stop_sequences: stop, metadata }: Partial<MessagesRequest> = request;
  const system =
    typeof request.system === 'string' ? request.system : request.system?.map(({ text }) => text).join('\n');
  return {
    model: request.model,
    messages: [
      ...(system ? [{ role: 'system' as const, content: system }] : []),
      ...request.messages.flatMap((message, index) => toMessages(message, `messages.${index}`)),
    ],
    ...(max_tokens === undefined ? {} : { max_completion_tokens: max_tokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(stop && stop.length > 0 ? { stop } : {}),
    ...(metadata?.user_id ? { user: metadata.user_id } : {}),
    ...effortOf(request),
    ...toolsOf(request),
    ...formatOf(request),
  };
}

type UserPart = Exclude<Extract<ChatMessage, { role: 'user' }>['content'], string>[number];

function toMessages(message: AnthropicMessage, field: string): ChatMessage[] {
  const { role, content } = message;
  if (typeof content === 'string') return [{ role, content }];
  if (role === 'assistant') return [assistantMessage(content)];
  const results = content.flatMap((block, index): ChatMessage[] => {
    if (block.type !== 'tool_result') return [];
    return [{ role: 'tool', tool_call_id: block.tool_use_id, content: resultText(block, `${field}.content.${index}`) }];
  });
  const parts = content.flatMap((block, index): UserPart[] => {
    const at = `${field}.content.${index}`;
    switch (block.type) {
      case 'text':
        return [{ type: 'text' as const, text: block.text }];
      case 'image':
        return [{ type: 'image_url' as const, image_url: { url: pictureUrl(block.source, `${at}.source`) } }];
      case 'document':
        return [documentPart(block, `${at}.source`)];
      default:
        return [];
    }
  });
  return parts.length === 0 ? results : [...results, { role: 'user', content: parts }];
}

type Blocks<Role> = Exclude<Extract<AnthropicMessage, { role: Role }>['content'], string>;

/** What was thought is not shown again, as models of this kind expect. */
function assistantMessage(blocks: Blocks<'assistant'>): ChatMessage {
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  const calls = blocks.flatMap((block) => {
    if (block.type !== 'tool_use') return [];
    const { id, name, input } = block;
    return [{ id, type: 'function' as const, function: { name, arguments: JSON.stringify(input) } }];
  });
  return { role: 'assistant', content: text, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}

type ToolResult = Extract<Blocks<'user'>[number], { type: 'tool_result' }>;

function resultText({ content = '', is_error: isError }: ToolResult, field: string): string {
  const text =
    typeof content === 'string'
      ? content
      : content
          .map((block) => {
            if (block.type === 'text') return block.text;
            throw unsupported(field, 'Results of tools are texts here: send a picture in a message of its own.');
          })
          .join('\n');
  return isError === true ? `Error: ${text}` : text;
}

type Source = Extract<Blocks<'user'>[number], { type: 'document' }>['source'];

function pictureUrl(source: Source, field: string): string {
  if (source.type === 'base64') return `data:${source.media_type};base64,${source.data}`;
  if (source.type === 'url') return source.url;
  throw unsupported(field, 'Send the picture itself, in base64.');
}

function documentPart(
  { source, title }: { source: Source; title?: string | null | undefined },
  field: string,
): UserPart {
  if (source.type === 'text')
    return { type: 'text' as const, text: title ? `${title}\n\n${source.data}` : source.data };
  if (source.type !== 'base64') throw unsupported(field, 'Send the document itself, in base64 or as text.');
  const data = `data:${source.media_type};base64,${source.data}`;
  return { type: 'file' as const, file: { file_data: data, ...(title ? { filename: title } : {}) } };
}

function effortOf({ thinking, output_config: config }: Request): Pick<ChatCompletionRequest, 'reasoning_effort'> {
  if (config?.effort) return { reasoning_effort: config.effort };
  if (thinking?.type === 'disabled') return { reasoning_effort: 'none' };
  if (thinking?.type !== 'enabled') return {};
  const budget = thinking.budget_tokens ?? LOW_BUDGET;
  return { reasoning_effort: budget <= LOW_BUDGET ? 'low' : budget < HIGH_BUDGET ? 'medium' : 'high' };
}

function toolsOf({ tools, tool_choice: choice }: Request): Partial<ChatCompletionRequest> {
  if (!tools || tools.length === 0) return {};
  return {
    tools: tools.map(({ type, name, description, input_schema: parameters, strict }, index) => {
      if (type && type !== 'custom') {
        throw unsupported(
          `tools.${index}.type`,
          `The tool “${type.slice(0, 60)}” is not built into this house: offer one of your own with an input_schema.`,
        );
      }
      if (!parameters)
        throw new InvalidInputError('A tool has an input_schema.', { field: `tools.${index}.input_schema` });
      return {
        type: 'function' as const,
        function: {
          name,
          parameters,
          ...(description === undefined ? {} : { description }),
          ...(strict === undefined ? {} : { strict }),
        },
      };
    }),
    ...choiceOf(choice),
  };
}

function choiceOf(choice: Request['tool_choice']): Partial<ChatCompletionRequest> {
  if (!choice) return {};
  if (choice.type === 'none') return { tool_choice: 'none' };
  const parallel = choice.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {};
  if (choice.type === 'auto') return { tool_choice: 'auto', ...parallel };
  if (choice.type === 'any') return { tool_choice: 'required', ...parallel };
  return { tool_choice: { type: 'function', function: { name: choice.name } }, ...parallel };
}

function formatOf({ output_config: config }: Request): Pick<ChatCompletionRequest, 'response_format'> {
  if (!config?.format) return {};
  const { schema } = config.format;
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } };
}
