import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4FunctionTool,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { AbortedError } from '../../base/errors.ts';
import type { EngineReport, TokenProbability } from '../spec/model-handle.ts';
import { functionTools, toGenerateRequest } from './call-options.ts';
import type { GenerateEvent, GenerateRequest, GenerateResult } from './engine-protocol.ts';
import { ToolCallSplitter, type SplitPiece } from './tool-protocol.ts';

export interface RunOptions {
  signal: AbortSignal | undefined;
  onEvent: (event: GenerateEvent) => void;
  onRetry: () => void;
}

export interface LlamaLanguageModelOptions {
  modelId: string;
  /** Runs a request in the engine; rejects with one of our error classes. */
  run: (request: GenerateRequest, options: RunOptions) => Promise<GenerateResult>;
  /** 0 ≤ x < 1, for the seed of calls that bring none. */
  random: () => number;
}

type Controller = ReadableStreamDefaultController<LanguageModelV4StreamPart>;

/**
 * The engine as a `LanguageModelV4`. Every failure after the call arrives as an `error` part, then the stream closes;
 * a stopped call ends the stream with `AbortedError`. While the prompt is read, `raw` parts carry `PromptProgress`.
 * The stream is not bounded by its reader: a reply is at most one context long, a few hundred kilobytes.
 */
export function createLlamaLanguageModel(options: LlamaLanguageModelOptions): LanguageModelV4 {
  const { modelId } = options;
  return {
    specificationVersion: 'v4',
    provider: 'everwith.local',
    modelId,
    supportedUrls: {},
    async doStream(call) {
      const { request, warnings } = toGenerateRequest(call, options.random);
      const left = new AbortController();
      const signal = call.abortSignal ? AbortSignal.any([call.abortSignal, left.signal]) : left.signal;
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        start(controller) {
          controller.enqueue({ type: 'stream-start', warnings });
          controller.enqueue({ type: 'response-metadata', modelId });
          void pump({ controller, request, signal, tools: functionTools(call), ...options });
        },
        cancel() {
          left.abort();
        },
      });
      return { stream };
    },
    doGenerate: (call) => generate(call, options),
  };
}

async function pump(options: {
  controller: Controller;
  request: GenerateRequest;
  signal: AbortSignal;
  run: LlamaLanguageModelOptions['run'];
  random: LlamaLanguageModelOptions['random'];
  tools: readonly LanguageModelV4FunctionTool[];
}): Promise<void> {
  const { controller, request, signal, run, random, tools } = options;
  const parts = new PartWriter(
    (part) => {
      // A reader that left took the queue with it.
      if (!signal.aborted) controller.enqueue(part);
    },
    { tools, newCallId: () => newCallId(random) },
  );
  let retried = false;
  try {
    const result = await run(request, {
      signal,
      onEvent: (event) => parts.write(event),
      onRetry: () => {
        retried = true;
      },
    });
    if (signal.aborted) throw new AbortedError();
    parts.end();
    const finish = finishOf(result, retried);
    if (parts.calls > 0) finish.finishReason = { unified: 'tool-calls', raw: result.finish };
    controller.enqueue({ type: 'finish', ...finish });
    controller.close();
  } catch (error) {
    if (signal.aborted) {
      controller.error(new AbortedError());
      return;
    }
    parts.close();
    controller.enqueue({ type: 'error', error });
    controller.close();
  }
}

/** Turns events into parts, opening and closing one block at a time. */
class PartWriter {
  readonly #write: (part: LanguageModelV4StreamPart) => void;
  #open: { kind: 'text' | 'reasoning'; id: string } | null = null;
  readonly #newCallId: () => string;
  readonly #splitter: ToolCallSplitter | null;
  /** Of text that waits to be written. */
  readonly #logprobs: TokenProbability[] = [];
  #blocks = 0;
  /** Calls written so far. */
  calls = 0;

  constructor(
    write: (part: LanguageModelV4StreamPart) => void,
    { tools, newCallId }: { tools: readonly LanguageModelV4FunctionTool[]; newCallId: () => string },
  ) {
    this.#write = write;
    this.#newCallId = newCallId;
    this.#splitter = tools.length > 0 ? new ToolCallSplitter(tools.map(({ name }) => name)) : null;
  }

  write(event: GenerateEvent): void {
    if (event.type === 'prompt-progress') {
      this.#write({ type: 'raw', rawValue: event });
      return;
    }
    if (event.type === 'text' && event.logprobs) this.#logprobs.push(...event.logprobs);
    if (event.type === 'text' && this.#splitter) return this.#writePieces(this.#splitter.push(event.text));
    this.#writeDelta(event);
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#splitter) this.#writePieces(this.#splitter.flush());
    this.close();
  }

  #writePieces(pieces: readonly SplitPiece[]): void {
    for (const piece of pieces) {
      if (piece.type === 'text') {
        this.#writeDelta(piece);
        continue;
      }
      this.close();
      this.calls += 1;
      const { name: toolName, input } = piece;
      this.#write({ type: 'tool-call', toolCallId: this.#newCallId(), toolName, input });
    }
  }

  #writeDelta(event: { type: 'text' | 'reasoning'; text: string }): void {
    if (this.#open?.kind !== event.type) {
      this.close();
      this.#open = { kind: event.type, id: String(this.#blocks++) };
      this.#write({ type: `${event.type}-start`, id: this.#open.id });
    }
    const told = event.type === 'text' ? this.#logprobs.splice(0) : [];
    this.#write({
      type: `${event.type}-delta`,
      id: this.#open.id,
      delta: event.text,
      ...(told.length > 0 ? { providerMetadata: { everwith: { logprobs: told.map((one) => ({ ...one })) } } } : {}),
    });
  }

  close(): void {
    if (this.#open) this.#write({ type: `${this.#open.kind}-end`, id: this.#open.id });
    this.#open = null;
  }
}

/** Clients tell calls of a whole conversation apart by their ids. */
function newCallId(random: () => number): string {
  const digits = Array.from({ length: 20 }, () => Math.floor(random() * 36).toString(36));
  return `call_${digits.join('')}`;
}

async function generate(
  call: LanguageModelV4CallOptions,
  options: LlamaLanguageModelOptions,
): Promise<LanguageModelV4GenerateResult> {
  const { request, warnings } = toGenerateRequest(call, options.random);
  let content: LanguageModelV4Content[] = [];
  let retried = false;
  const result = await options.run(request, {
    signal: call.abortSignal,
    onEvent: (event) => {
      if (event.type === 'prompt-progress') return;
      const last = content.at(-1);
      if (last?.type === event.type) last.text += event.text;
      else content.push({ type: event.type, text: event.text });
    },
    onRetry: () => {
      retried = true;
      content = [];
    },
  });
  return { content, warnings, ...finishOf(result, retried), response: { modelId: options.modelId } };
}

function finishOf(
  result: GenerateResult,
  retried: boolean,
): {
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
  providerMetadata: { everwith: EngineReport & Record<string, number | string | boolean> };
} {
  const { finish, promptTokens, outputTokens, reasoningTokens, report } = result;
  const unified = finish === 'length' || finish === 'context-full' ? 'length' : 'stop';
  return {
    finishReason: { unified, raw: finish },
    usage: {
      inputTokens: {
        total: promptTokens,
        noCache: report.evaluatedPromptTokens,
        cacheRead: report.reusedPromptTokens,
        cacheWrite: undefined,
      },
      outputTokens: { total: outputTokens, text: outputTokens - reasoningTokens, reasoning: reasoningTokens },
    },
    providerMetadata: { everwith: { ...report, retried } },
  };
}
