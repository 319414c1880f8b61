import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { ChatMessage } from '../../../../contract/openai/chat-completions.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { parseJson } from './parse-json.ts';
import { unsupported } from './unsupported.ts';

/** OpenAI's messages as a prompt of the model seam, one for one and part for part. */
export function toPrompt(messages: readonly ChatMessage[]): LanguageModelV4Message[] {
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
    case 'assistant':
      return assistantMessage(message, { names, field });
    case 'tool':
      return toolMessage(message, { names, field });
    case 'function':
      throw unsupported(`${field}.role`, 'Messages of the role “function” are not supported: use “tool”.');
    default:
      return message satisfies never;
  }
}

type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;

function assistantMessage(message: AssistantMessage, { names, field }: Place): LanguageModelV4Message {
  const calls = (message.tool_calls ?? []).map((call, index) => {
    if (call.type === 'custom') {
      const { name, input } = call.custom;
      names.set(call.id, name);
      return { type: 'tool-call' as const, toolCallId: call.id, toolName: name, input: { input } };
    }
    const at = `${field}.tool_calls.${index}`;
    names.set(call.id, call.function.name);
    const input = parseJson(call.function.arguments || '{}', `${at}.function.arguments`);
    return { type: 'tool-call' as const, toolCallId: call.id, toolName: call.function.name, input };
  });
  const text = textOf(message.content ?? message.refusal ?? '');
  if (
    calls.length === 0 &&
    (message.content === null || message.content === undefined) &&
    text === '' &&
    !message.reasoning_content
  ) {
    throw new InvalidInputError('The content of an assistant message may only be null where it calls tools.', {
      field: `${field}.content`,
    });
  }
  const thought = message.reasoning_content ?? '';
  return {
    role: 'assistant',
    content: [
      ...(thought === '' ? [] : [{ type: 'reasoning' as const, text: thought }]),
      ...(text === '' ? [] : [{ type: 'text' as const, text }]),
      ...calls,
    ],
  };
}

type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;

function toolMessage({ tool_call_id: toolCallId, content }: ToolMessage, { names, field }: Place) {
  const toolName = names.get(toolCallId);
  if (toolName === undefined) {
    throw new InvalidInputError(
      `Messages of the role “tool” answer a call of an earlier message; none calls a tool with the id “${toolCallId.slice(0, 100)}”.`,
      { field: `${field}.tool_call_id` },
    );
  }
  const output = { type: 'text' as const, value: textOf(content) };
  return { role: 'tool' as const, content: [{ type: 'tool-result' as const, toolCallId, toolName, output }] };
}

function textOf(content: string | readonly { type: string; text?: string; refusal?: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text, refusal }) => text ?? refusal ?? '').join('');
}

type UserMessage = Extract<ChatMessage, { role: 'user' }>;
type UserPart = Extract<LanguageModelV4Message, { role: 'user' }>['content'][number];

function userParts({ content }: UserMessage, field: string): UserPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index): UserPart => {
    const at = `${field}.content.${index}`;
    switch (part.type) {
      case 'text':
        return { type: 'text', text: part.text };
      case 'image_url':
        return pictureOf(part.image_url.url, `${at}.image_url.url`);
      case 'input_audio': {
        const { data, format } = part.input_audio;
        return { type: 'file', mediaType: `audio/${format === 'mp3' ? 'mpeg' : 'wav'}`, data: { type: 'data', data } };
      }
      case 'file':
        return fileOf(part.file, `${at}.file`);
      default:
        return part satisfies never;
    }
  });
}

const INLINE = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,(.+)$/s;

function pictureOf(url: string, field: string): UserPart {
  const [, mediaType, data] = INLINE.exec(url) ?? [];
  if (mediaType?.startsWith('image/') && data !== undefined) {
    return { type: 'file', mediaType, data: { type: 'data', data } };
  }
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) {
    return { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(url) } };
  }
  throw new InvalidInputError('A picture is a data: URL in base64 or an https address.', { field });
}

type SentFile = Extract<Exclude<UserMessage['content'], string>[number], { type: 'file' }>['file'];

function fileOf({ file_data: content, file_id: id, filename }: SentFile, field: string): UserPart {
  if (id !== undefined) {
    throw unsupported(`${field}.file_id`, 'Send the file itself in “file_data”, as a data: URL in base64.');
  }
  const [, mediaType, data] = INLINE.exec(content ?? '') ?? [];
  if (mediaType === undefined || data === undefined) {
    throw new InvalidInputError('A file is a data: URL in base64.', { field: `${field}.file_data` });
  }
  return { type: 'file', mediaType, data: { type: 'data', data }, ...(filename === undefined ? {} : { filename }) };
}
