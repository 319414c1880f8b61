import type { LanguageModelV4Prompt, SharedV4Warning } from '@ai-sdk/provider';
import type { ChatTurn } from './engine-protocol.ts';

export interface ConvertedPrompt {
  turns: ChatTurn[];
  /** How many leading turns come from the first `stableMessages` messages. */
  stableTurns: number;
  warnings: SharedV4Warning[];
}

/**
 * Reduces a prompt to what a text engine reads: words, in order. Pictures and tool traffic are left out with a
 * warning; thoughts are left out silently, as their models expect.
 */
export function toChatTurns(prompt: LanguageModelV4Prompt, stableMessages: number): ConvertedPrompt {
  const turns: ChatTurn[] = [];
  const missing = new Set<string>();
  let stableTurns = 0;
  for (const [index, message] of prompt.entries()) {
    if (message.role === 'system') turns.push({ role: 'system', text: message.content });
    else if (message.role === 'tool') missing.add('tool results');
    else turns.push({ role: message.role, text: textOf(message.content, missing) });
    if (index < stableMessages) stableTurns = turns.length;
  }
  return { turns, stableTurns, warnings: [...missing].map((feature) => ({ type: 'unsupported', feature })) };
}

type Content = Extract<LanguageModelV4Prompt[number], { role: 'user' | 'assistant' }>['content'];

function textOf(content: Content, missing: Set<string>): string {
  let text = '';
  for (const part of content) {
    if (part.type === 'text') text += part.text;
    else if (part.type !== 'reasoning') missing.add(part.type === 'file' ? `files (${part.mediaType})` : part.type);
  }
  // Half a surrogate pair cannot be tokenized; it becomes the replacement character, as everywhere in Unicode.
  return text.toWellFormed();
}
