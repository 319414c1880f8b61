import { setTimeout as delay } from 'node:timers/promises';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { AppError, RateLimitedError } from '../../base/errors.ts';
import type { ModelHandle } from '../spec/model-handle.ts';
import { adaptCall } from './adapt-prompt.ts';
import { createLanguageModel } from './create-language-model.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { guardedStream } from './guarded-stream.ts';
import { pictureTokens } from './picture-tokens.ts';
import { hearsSound } from './hears-sound.ts';
import { seesPictures } from './sees-pictures.ts';
import { createProviderFetch } from './provider-fetch.ts';
import { providerFacts, SILENCE_IN_MS, type RemoteProvider } from './provider-kinds.ts';
import { createRefusalMarker } from './mark-refusals.ts';
import { createThinkingSplitter } from './split-thinking.ts';

/** The first try and two more. */
const MOST_ATTEMPTS = 3;
/** Before the second try, doubled before the third, milliseconds. */
const FIRST_PAUSE_IN_MS = 500;
/** A provider that asks for a longer wait than this is not waited for: the person is told instead, seconds. */
const LONGEST_WAIT_IN_SECONDS = 10;

export interface RemoteModelOptions {
  provider: RemoteProvider;
  /** The provider's own name of the model. */
  model: string;
  /** Tokens; by default a cautious value of the provider's kind. */
  contextLength?: number;
  fetch?: typeof fetch;
  /** Milliseconds without a sign of life; by default 60 s, and longer for a local server's first token. */
  firstTokenInMs?: number;
  silenceInMs?: number;
  /** Waits between two tries, milliseconds. */
  wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A model of a provider or of another server. Its token counts are estimates. */
export function createRemoteModel(options: RemoteModelOptions): ModelHandle {
  const { provider, model } = options;
  return {
    ref: `${provider.id}:${model}`,
    label: model,
    place: 'provider',
    contextLength: options.contextLength ?? providerFacts(provider.kind).contextLength,
    fallback: false,
    continuesAssistant: false,
    tools: { poorly: false },
    seesPictures: seesPictures(provider.kind, model),
    hears: hearsSound(model),
    pictureTokens: (size) => pictureTokens(provider.kind, size),
    sampling: {},
    languageModel: new RemoteLanguageModel(options),
    countTokens: async (texts) => ({ counts: texts.map(estimateTokens), exact: false }),
  };
}

class RemoteLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls = {};
  readonly #options: RemoteModelOptions;

  constructor(options: RemoteModelOptions) {
    this.provider = options.provider.kind;
    this.modelId = options.model;
    this.#options = options;
  }

  /**
   * Resolves once the provider has something to show. Until then a passing fault is tried again, a few times; afterwards
   * a fault is an `error` part, always an `AppError`, and the end of the stream.
   */
  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    for (let attempt = 1; ; attempt += 1) {
      options.abortSignal?.throwIfAborted();
      const parts = this.#begin(options);
      try {
        const first = await parts.next();
        return { stream: toStream({ first, parts, signal: options.abortSignal }) };
      } catch (error) {
        options.abortSignal?.throwIfAborted();
        const pause = pauseBefore(attempt, error);
        if (pause === null) throw error;
        await (this.#options.wait ?? realWait)(pause, options.abortSignal);
      }
    }
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { stream } = await this.doStream(options);
    const content: LanguageModelV4Content[] = [];
    for await (const part of stream) {
      if (part.type === 'text-delta') append(content, 'text', part.delta);
      else if (part.type === 'reasoning-delta') append(content, 'reasoning', part.delta);
      else if (part.type === 'tool-call') content.push(part);
      else if (part.type === 'error') throw part.error;
      else if (part.type === 'finish') {
        return { content, finishReason: part.finishReason, usage: part.usage, warnings: [] };
      }
    }
    throw new Error('A guarded stream ends with a finish or an error part.');
  }

  async *#begin(options: LanguageModelV4CallOptions): AsyncGenerator<LanguageModelV4StreamPart> {
    const { provider, model } = this.#options;
    const split = createThinkingSplitter();
    const parts = guardedStream({
      options: {
        provider,
        firstTokenInMs: this.#options.firstTokenInMs ?? providerFacts(provider.kind).firstTokenInMs,
        silenceInMs: this.#options.silenceInMs ?? SILENCE_IN_MS,
      },
      begin: async (ending) => {
        const inner = await createLanguageModel({
          provider,
          model,
          fetch: createProviderFetch(provider, this.#options.fetch),
        });
        const abortSignal = options.abortSignal ? AbortSignal.any([options.abortSignal, ending]) : ending;
        const { stream } = await inner.doStream({ ...adaptCall(provider.kind, options), abortSignal });
        return stream;
      },
    });
    const mark = createRefusalMarker();
    for await (const part of parts) {
      const marked = mark(part);
      if (marked) yield* split(marked);
    }
  }
}

/** Milliseconds, or null when another try is pointless or too far away. */
function pauseBefore(attempt: number, error: unknown): number | null {
  if (!(error instanceof AppError) || !error.retryable || attempt >= MOST_ATTEMPTS) return null;
  // Whoever waited a minute for nothing is told so, rather than made to wait another.
  if (error.code === 'provider-timeout') return null;
  const asked = error instanceof RateLimitedError ? error.retryAfterInSeconds : undefined;
  if (asked === undefined) return FIRST_PAUSE_IN_MS * 2 ** (attempt - 1);
  return asked > LONGEST_WAIT_IN_SECONDS ? null : asked * 1000;
}

function toStream({
  first,
  parts,
  signal,
}: {
  first: IteratorResult<LanguageModelV4StreamPart>;
  parts: AsyncGenerator<LanguageModelV4StreamPart>;
  signal: AbortSignal | undefined;
}): ReadableStream<LanguageModelV4StreamPart> {
  let next: IteratorResult<LanguageModelV4StreamPart> | null = first;
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      pull: async (controller) => {
        try {
          const current = next ?? (await parts.next());
          next = null;
          if (current.done) controller.close();
          else controller.enqueue(current.value);
        } catch (error) {
          if (signal?.aborted) throw signal.reason;
          controller.enqueue({ type: 'error', error });
          controller.close();
        }
      },
      cancel: async () => {
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function append(content: LanguageModelV4Content[], type: 'text' | 'reasoning', delta: string): void {
  const last = content.at(-1);
  if (last?.type === type) last.text += delta;
  else content.push({ type, text: delta });
}

const realWait = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
