import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { InvalidInputError } from '../../../base/errors.ts';
import type { PassingTalk } from './character-house.ts';

/** A prompt as a talk with a character: what was said, what the caller adds, and calls of tools that are under way. */
export interface TalkOfPrompt extends Pick<PassingTalk, 'said' | 'note'> {
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
    return text === '' ? [] : [{ by: message.role === 'user' ? ('human' as const) : ('character' as const), text }];
  });
  return { said, note: notes.join('\n\n'), tail: messages.slice(end) };
}

function hasCalls({ role, content }: Exclude<LanguageModelV4Message, { role: 'system' }>): boolean {
  return role === 'assistant' && content.some(({ type }) => type === 'tool-call');
}

/** Calls that were answered long ago are left out: what the character made of them it said. */
function wordsOf({ content }: Exclude<LanguageModelV4Message, { role: 'system' }>): string {
  return content
    .flatMap((part) => {
      if (part.type === 'file') {
        throw new InvalidInputError('Characters are told words only here: leave out pictures, sounds and files.', {
          code: 'unsupported',
          field: 'messages',
        });
      }
      return part.type === 'text' ? [part.text] : [];
    })
    .join('\n');
}
