import type { LanguageModelV4Prompt } from '@ai-sdk/provider';

/**
 * The scripted model's own tokenizer: a word with the white space before it is a token, and so is each Han, kana or
 * hangul letter. Joined again the tokens are the text.
 */
export function scriptedTokens(text: string): string[] {
  return (
    text.match(
      /\s*[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|\s*[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|\s+$/gu,
    ) ?? []
  );
}

/** A prompt as tokens. */
export function promptTokens(prompt: LanguageModelV4Prompt): string[] {
  return prompt.flatMap((message) => messageTokens(message.role, messageText(message)));
}

/** A message as tokens, opened by one that names its role. */
export function messageTokens(role: string, text: string): string[] {
  return [`<${role}>`, ...scriptedTokens(text)];
}

export function messageText(message: LanguageModelV4Prompt[number]): string {
  if (message.role === 'system') return message.content;
  return message.content.map((part) => partText(part)).join('');
}

type Part = Exclude<LanguageModelV4Prompt[number], { role: 'system' }>['content'][number];

function partText(part: Part): string {
  if (part.type === 'text') return part.text;
  if (part.type === 'tool-call') return JSON.stringify(part.input);
  if (part.type === 'tool-result') return outputText(part);
  return '';
}

function outputText({ output }: Extract<Part, { type: 'tool-result' }>): string {
  return 'value' in output && typeof output.value === 'string' ? output.value : JSON.stringify(output);
}

/** What tools answered, where that is the newest thing in the prompt; null otherwise. */
export function lastToolResult(prompt: LanguageModelV4Prompt): string | null {
  const last = prompt.at(-1);
  return last?.role === 'tool' ? messageText(last) : null;
}

export function lastUserText(prompt: LanguageModelV4Prompt): string {
  const message = prompt.findLast((one) => one.role === 'user');
  return message ? messageText(message) : '';
}
