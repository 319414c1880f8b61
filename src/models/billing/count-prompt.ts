import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ModelFacts } from '../spec/model-handle.ts';

/** Tokens of a picture or another file whose size nobody looked at. */
const FILE_TOKENS = 1500;

/** What a prompt takes, about: a provider says later what it was exactly. */
export async function countPrompt(
  model: ModelFacts,
  { prompt, tools }: Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'>,
  signal: AbortSignal,
): Promise<number> {
  const offered = tools?.length ? JSON.stringify(tools) : '';
  const { counts } = await model.countTokens([textOfPrompt(prompt), offered], signal);
  const files = prompt.flatMap(partsOf).filter(isFile).length;
  return (counts[0] ?? 0) + (counts[1] ?? 0) + files * FILE_TOKENS;
}

/** What is read of a prompt; files are not. */
export function textOfPrompt(prompt: LanguageModelV4Prompt): string {
  return prompt
    .flatMap((message) => partsOf(message).flatMap((part) => (isFile(part) ? [] : [wordsOf(part)])))
    .join('\n');
}

interface Part {
  type: string;
  text?: string;
}

function partsOf({ content }: LanguageModelV4Prompt[number]): readonly Part[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function isFile({ type }: Part): boolean {
  return type === 'file' || type === 'reasoning-file';
}

function wordsOf(part: Part): string {
  return part.text ?? JSON.stringify(part);
}
