import type { LanguageModelV4FilePart, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { InvalidInputError } from '../../../base/errors.ts';
import type { SentFile } from './character-house.ts';

/** What one of the two said, with what came along. */
export interface SaidWords {
  by: 'human' | 'character';
  text: string;
  files: SentFile[];
}

/** A prompt as a talk with a character: what was said, what the caller adds, and calls of tools that are under way. */
export interface TalkOfPrompt {
  said: SaidWords[];
  note: string;
  /** Messages after the last words of a person that a talk has no words for: calls and their results. */
  tail: LanguageModelV4Message[];
}

/** Throws `InvalidInputError` for what a character cannot be told. */
export function talkOfPrompt(prompt: LanguageModelV4Prompt): TalkOfPrompt {
  const notes: string[] = [];
  const messages: Exclude<LanguageModelV4Message, { role: 'system' }>[] = [];
  for (const message of prompt) {
    if (message.role === 'system') notes.push(message.content);
    else messages.push(message);
  }
  const lastWords = messages.findLastIndex(({ role }) => role === 'user');
  const calling = messages.findIndex((message, index) => index > lastWords && hasCalls(message));
  const end = calling === -1 ? messages.length : calling;
  const said = messages.slice(0, end).flatMap((message) => {
    const text = wordsOf(message);
    const files = filesOf(message);
    const by = message.role === 'user' ? ('human' as const) : ('character' as const);
    return text === '' && files.length === 0 ? [] : [{ by, text, files }];
  });
  return { said, note: notes.join('\n\n'), tail: messages.slice(end) };
}

type TalkMessage = Exclude<LanguageModelV4Message, { role: 'system' }>;

function hasCalls({ role, content }: TalkMessage): boolean {
  return role === 'assistant' && content.some(({ type }) => type === 'tool-call');
}

/** Calls that were answered long ago are left out: what the character made of them it said. */
function wordsOf({ content }: TalkMessage): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function filesOf({ role, content }: TalkMessage): SentFile[] {
  if (role !== 'user') return [];
  return content.flatMap((part) => (part.type === 'file' ? [sentFile(part)] : []));
}

function sentFile({ data, mediaType, filename }: LanguageModelV4FilePart): SentFile {
  if (data.type !== 'data') {
    throw new InvalidInputError('This house fetches no addresses: send pictures as data: URLs in base64.', {
      code: 'unsupported',
      field: 'messages',
    });
  }
  const { data: content } = data;
  const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : Buffer.from(content);
  return { name: filename ?? (mediaType.split('/')[0] || 'file'), mediaType, bytes };
}
