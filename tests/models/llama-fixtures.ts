import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JSONValue, LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider';
import { cacheDirectory } from '../../scripts/test-run/ensure-weights.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { loadCatalog } from '../../src/models/catalog/catalog.ts';
import { createLlamaHost, type LlamaHost, type LlamaHostOptions } from '../../src/models/llama/llama-host.ts';
import {
  isPromptProgress,
  type EngineReport,
  type ModelHandle,
  type PromptProgress,
} from '../../src/models/spec/model-handle.ts';

/** SmolLM2-135M-Instruct Q4_1: 98 MB, attention only. */
export const smallModelSha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

export const FALLBACK_MODEL = 'qwen2.5-coder-0.5b';

/** True where this run of the suites has the weights of the fallback model. */
export const hasFallbackModel = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(FALLBACK_MODEL);

/** In the cache folder that the catalog fills. */
export function weightsPath(sha256: string): string {
  const folder = join(cacheDirectory(), 'weights');
  const path = join(folder, `${sha256}.gguf`);
  if (!existsSync(path))
    throw new Error(`The test weights ${sha256}.gguf are not in ${folder}; pull the test models first.`);
  return path;
}

export function openHost(options: Partial<LlamaHostOptions> & { statesDir: string }): LlamaHost {
  return createLlamaHost({
    modelId: 'test-model',
    modelPath: weightsPath(smallModelSha256),
    modelSha256: smallModelSha256,
    maxSequences: 2,
    contextLength: 4096,
    idleUnloadInMs: 0,
    logger: silentLogger(),
    clock: systemClock,
    ...options,
  });
}

/** The 0.5B model that stands in where nothing better was fetched, as the house hands it out. Throws where it is not there. */
export async function openFallbackModel(statesDir: string): Promise<{ host: LlamaHost; model: ModelHandle }> {
  const entry = (await loadCatalog()).entries.find(({ id }) => id === FALLBACK_MODEL);
  if (!entry) throw new Error(`The catalog has no ${FALLBACK_MODEL}.`);
  const host = openHost({
    statesDir,
    modelId: FALLBACK_MODEL,
    modelPath: weightsPath(entry.sha256),
    modelSha256: entry.sha256,
  });
  const { contextLength } = await host.plan();
  const model: ModelHandle = {
    ref: `local:${FALLBACK_MODEL}`,
    label: entry.label,
    place: 'this-computer',
    contextLength,
    fallback: true,
    continuesAssistant: true,
    sampling: entry.sampling,
    languageModel: host.languageModel,
    countTokens: (texts, signal) => host.countTokens(texts, signal),
  };
  return { host, model };
}

export function say(role: 'user' | 'assistant', text: string): LanguageModelV4Message {
  return { role, content: [{ type: 'text', text }] };
}

export function system(text: string): LanguageModelV4Message {
  return { role: 'system', content: text };
}

/** About `sentences` x 20 tokens. */
export function persona(name: string, sentences: number): string {
  const line = (index: number): string =>
    `Fact ${index}: ${name} keeps the lighthouse on the northern rocks and remembers storm number ${index * 7} well.`;
  return Array.from({ length: sentences }, (_, index) => line(index)).join(' ');
}

export interface Heard {
  text: string;
  deltas: string[];
  progress: PromptProgress[];
  report: EngineReport;
  finish: string | undefined;
}

/** Greedy and short unless told; collects a whole reply. Throws what the stream reports as an error. */
export async function converse(
  host: LlamaHost,
  prompt: LanguageModelV4Message[],
  options: Partial<LanguageModelV4CallOptions> & {
    engine?: Record<string, JSONValue>;
    onDelta?: (text: string) => void;
  } = {},
): Promise<Heard> {
  const { engine, onDelta, ...call } = options;
  const { stream } = await host.languageModel.doStream({
    prompt,
    temperature: 0,
    maxOutputTokens: 16,
    providerOptions: { everwith: { affinity: 'one', stableMessages: 1, keepState: true, ...engine } },
    ...call,
  });
  const heard: Heard = { text: '', deltas: [], progress: [], report: {} as EngineReport, finish: undefined };
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      heard.text += part.delta;
      heard.deltas.push(part.delta);
      onDelta?.(part.delta);
    } else if (part.type === 'raw' && isPromptProgress(part.rawValue)) heard.progress.push(part.rawValue);
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'finish') {
      heard.finish = part.finishReason.raw;
      heard.report = part.providerMetadata?.['everwith'] as unknown as EngineReport;
    }
  }
  return heard;
}
