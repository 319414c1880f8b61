import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt, SharedV4Warning } from '@ai-sdk/provider';
import type { ChatTurn } from './engine-protocol.ts';
import { callText, responseText, toolInstructions } from './tool-protocol.ts';

export interface ConvertedPrompt {
  turns: ChatTurn[];
  /** How many leading turns come from the first `stableMessages` messages. */
  stableTurns: number;
  warnings: SharedV4Warning[];
}

/**
 * Reduces a prompt to what a text engine reads: words, in order. Pictures are left out with a warning; thoughts are
 * left out silently, as their models expect. Tools are told at the beginning, calls and results where they stand.
 */
export function toChatTurns(
  prompt: LanguageModelV4Prompt,
  stableMessages: number,
  tools: readonly LanguageModelV4FunctionTool[] = [],
): ConvertedPrompt {
  const turns: ChatTurn[] = [];
  const missing = new Set<string>();
  let stableTurns = 0;
  for (const [index, message] of prompt.entries()) {
    if (message.role === 'system') turns.push({ role: 'system', text: message.content });
    else if (message.role === 'tool') turns.push({ role: 'user', text: responseText(message).toWellFormed() });
    // What a person says after a result joins it: no template takes two turns of one side.
    else if (message.role === 'user' && prompt[index - 1]?.role === 'tool')
      joinLast(turns, textOf(message.content, missing));
    else turns.push({ role: message.role, text: textOf(message.content, missing) });
    if (index < stableMessages) stableTurns = turns.length;
  }
  if (tools.length > 0) stableTurns += tellTools(turns, toolInstructions(tools));
  return { turns, stableTurns, warnings: [...missing].map((feature) => ({ type: 'unsupported', feature })) };
}

/** At the end of the first system turn; a turn of its own where there is none. Returns the turns added. */
function tellTools(turns: ChatTurn[], text: string): number {
  const [first] = turns;
  if (first?.role === 'system') {
    first.text += `\n\n${text}`;
    return 0;
  }
  turns.unshift({ role: 'system', text });
  return 1;
}

function joinLast(turns: ChatTurn[], text: string): void {
  const last = turns.at(-1);
  if (last) last.text += `\n\n${text}`;
}

type Content = Extract<LanguageModelV4Prompt[number], { role: 'user' | 'assistant' }>['content'];

function textOf(content: Content, missing: Set<string>): string {
  let text = '';
  for (const part of content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'tool-call') text += `${text === '' ? '' : '\n'}${callText(part)}`;
    else if (part.type !== 'reasoning') missing.add(part.type === 'file' ? `files (${part.mediaType})` : part.type);
  }
  // Half a surrogate pair cannot be tokenized; it becomes the replacement character, as everywhere in Unicode.
  return text.toWellFormed();
}
