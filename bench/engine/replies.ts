import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { LlamaHost } from '../../src/models/llama/llama-host.ts';
import { isPromptProgress, type EngineReport, type PromptProgress } from '../../src/models/spec/model-handle.ts';

export interface Reply {
  text: string;
  report: EngineReport;
}

export interface ReplyOptions {
  affinity: string;
  maxOutputTokens?: number;
  signal?: AbortSignal;
  onProgress?: (progress: PromptProgress) => void;
}

/** A sentence below has about this many tokens in the tokenizers used here. */
const tokensPerSentence = 23;

export function characterPrompt(name: string, tokens: number): LanguageModelV4Message {
  const sentence = (index: number): string =>
    `${name} remembers night ${index}: the wind turned north, the lamp held, and boat number ${index * 3} came home.`;
  const count = Math.round(tokens / tokensPerSentence);
  return { role: 'system', content: Array.from({ length: count }, (_, index) => sentence(index)).join(' ') };
}

export function user(text: string): LanguageModelV4Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

export function assistant(text: string): LanguageModelV4Message {
  return { role: 'assistant', content: [{ type: 'text', text }] };
}

/** One greedy reply through the whole host. */
export async function reply(host: LlamaHost, prompt: LanguageModelV4Message[], options: ReplyOptions): Promise<Reply> {
  const { stream } = await host.languageModel.doStream({
    prompt,
    temperature: 0,
    maxOutputTokens: options.maxOutputTokens ?? 32,
    ...(options.signal ? { abortSignal: options.signal } : {}),
    providerOptions: { everwith: { affinity: options.affinity, stableMessages: 1, keepState: true } },
  });
  let text = '';
  for await (const part of stream) {
    if (part.type === 'text-delta') text += part.delta;
    if (part.type === 'error') throw part.error;
    if (part.type === 'raw' && isPromptProgress(part.rawValue)) options.onProgress?.(part.rawValue);
    if (part.type === 'finish') {
      return { text, report: part.providerMetadata?.['everwith'] as unknown as EngineReport };
    }
  }
  throw new Error('The stream ended without a finish part.');
}
