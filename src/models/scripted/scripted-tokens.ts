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
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export function lastUserText(prompt: LanguageModelV4Prompt): string {
  const message = prompt.findLast((one) => one.role === 'user');
  return message ? messageText(message) : '';
}
