import { mkdir } from 'node:fs/promises';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { SupervisedProcess, type ProcessState } from '../host/supervised-process.ts';
import type { WarmReport, WarmRequest } from '../spec/model-handle.ts';
import { parseEngineOptions } from './call-options.ts';
import { toChatTurns } from './chat-turns.ts';
import { planContext } from './context-plan.ts';
import type { EngineInfo, EngineMethods, EngineStart, GenerateRequest, GenerateResult } from './engine-protocol.ts';
import { readGgufHeader } from './gguf-header.ts';
import { createLlamaLanguageModel, type RunOptions } from './llama-language-model.ts';
import { forgetStates } from './state-store.ts';
import { TokenCounts } from './token-counts.ts';

export interface LlamaHostOptions {
  /** Shown in parts and logs, for example the catalog id. */
  modelId: string;
  /** Absolute path of a GGUF file whose sha256 was verified. */
  modelPath: string;
  modelSha256: string;
  /** Tokens at most; less when the model or the memory says so. */
  contextLength?: number;
  /** Folder for engine states, private to the user. */
  statesDir: string;
  statesBudgetBytes?: number;
  /** Conversations whose state stays in memory at most. */
  maxSequences?: number;
  /** 0 keeps the engine loaded. */
  idleUnloadInMs?: number;
  logger: Logger;
  clock: Clock;
  random?: () => number;
  /** Bytes of memory that may be used; measured when absent. */
  availableBytes?: () => number;
}

export interface LlamaHostInfo {
  state: 'unloaded' | 'loading' | 'ready' | 'failed';
  /** Of the running engine, else what is planned; null when nothing is known yet. */
  contextLength: number | null;
  threads: number | null;
  sequences: number | null;
  /** Generated tokens per second: of the latest replies, else of the start-up measurement. */
  tokensPerSecond: number | null;
  engine: EngineInfo | null;
  pid: number | null;
  error: Error | null;
}

/** Long enough for any chat here, short enough for the memory of an ordinary machine. */
const defaultContextLength = 8192;
const defaultMaxSequences = 3;
const defaultStatesBudgetBytes = 2 * 2 ** 30;
const defaultIdleUnloadInMs = 30 * 60_000;
/** Weight of the newest reply in the shown speed. */
const speedSmoothing = 0.3;
/** Shorter replies say more about the first token than about speed. */
const fewestTokensForSpeed = 8;

/**
 * A local GGUF model behind one supervised engine process. Nothing is loaded before the first call; `plan` reads the
 * file's header only.
 */
export class LlamaHost implements AsyncDisposable {
  readonly languageModel: LanguageModelV4;
  readonly #options: LlamaHostOptions;
  readonly #process: SupervisedProcess<EngineMethods, EngineInfo>;
  readonly #counts = new TokenCounts();
  #plannedContextLength: number | null = null;
  #tokensPerSecond: number | null = null;

  constructor(options: LlamaHostOptions) {
    this.#options = options;
    this.#process = new SupervisedProcess({
      program: new URL('./engine-program.ts', import.meta.url),
      name: 'The text engine',
      startOptions: () => this.#startOptions(),
      idleUnloadInMs: options.idleUnloadInMs ?? defaultIdleUnloadInMs,
      logger: options.logger,
      clock: options.clock,
    });
    this.languageModel = createLlamaLanguageModel({
      modelId: options.modelId,
      run: (request, run) => this.#run(request, run),
      random: options.random ?? Math.random,
    });
  }

  /**
   * Checks the file and decides how it would be run on this machine now. Throws `ResourceError` when it is missing,
   * damaged or too large.
   */
  async plan(): Promise<EngineStart['plan']> {
    const { modelPath, contextLength, maxSequences, availableBytes } = this.#options;
    const plan = planContext({
      header: await readGgufHeader(modelPath),
      availableBytes: (availableBytes ?? (() => process.availableMemory()))(),
      contextLength: contextLength ?? defaultContextLength,
      maxSequences: maxSequences ?? defaultMaxSequences,
    });
    this.#plannedContextLength = plan.contextLength;
    return plan;
  }

  info(): LlamaHostInfo {
    const engine = this.#process.info ?? null;
    return {
      state: shownState(this.#process.state),
      contextLength: engine?.contextLength ?? this.#plannedContextLength,
      threads: engine?.threads ?? null,
      sequences: engine?.sequences ?? null,
      tokensPerSecond: this.#tokensPerSecond ?? engine?.measuredTokensPerSecond ?? null,
      engine,
      pid: this.#process.pid ?? null,
      error: this.#process.lastError ?? null,
    };
  }

  /** Starts the engine before somebody waits for it. */
  async load(signal?: AbortSignal): Promise<EngineInfo> {
    return this.#process.load(signal);
  }

  /** Counts without template marks. Texts counted before are not sent again. */
  async countTokens(texts: readonly string[], signal?: AbortSignal): Promise<{ counts: number[]; exact: boolean }> {
    const counts = await this.#counts.count(texts, async (missing) => {
      const result = await this.#process.request('count', { texts: missing }, { signal });
      return result.counts;
    });
    return { counts, exact: true };
  }

  async warm(request: WarmRequest): Promise<WarmReport> {
    const engine = parseEngineOptions(request.options);
    const { turns, stableTurns } = toChatTurns(request.prompt, engine.stableMessages ?? 0, request.tools);
    return this.#process.request(
      'warm',
      { turns, stableTurns, affinity: engine.affinity ?? null, template: engine.template ?? null },
      { signal: request.signal },
    );
  }

  /** Drops what memory and disk hold of a conversation. For purging: the states contain its words as tokens. */
  async forget(conversationId: string): Promise<void> {
    if (this.#process.info) await this.#process.request('forget', { conversationId });
    await forgetStates(this.#options.statesDir, conversationId);
  }

  /** Frees the memory now; the next call loads again. */
  async unload(): Promise<void> {
    await this.#process.unload();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  async #run(request: GenerateRequest, { signal, onEvent, onRetry }: RunOptions): Promise<GenerateResult> {
    const result = await this.#process.request('generate', request, {
      signal,
      onEvent,
      onRetry,
      isShown: (event) => event.type !== 'prompt-progress',
    });
    const { tokensPerSecond } = result.report;
    if (result.outputTokens >= fewestTokensForSpeed) {
      const before = this.#tokensPerSecond ?? tokensPerSecond;
      this.#tokensPerSecond = before + (tokensPerSecond - before) * speedSmoothing;
    }
    return result;
  }

  async #startOptions(): Promise<EngineStart> {
    const { modelPath, modelSha256, statesDir, statesBudgetBytes } = this.#options;
    await mkdir(statesDir, { recursive: true, mode: 0o700 });
    return {
      modelPath,
      modelSha256,
      plan: await this.plan(),
      statesDir,
      statesBudgetBytes: statesBudgetBytes ?? defaultStatesBudgetBytes,
    };
  }
}

export function createLlamaHost(options: LlamaHostOptions): LlamaHost {
  return new LlamaHost(options);
}

function shownState(state: ProcessState): LlamaHostInfo['state'] {
  switch (state) {
    case 'loading':
    case 'ready':
    case 'failed':
      return state;
    case 'unloaded':
    case 'stopping':
    case 'closed':
      return 'unloaded';
    default:
      return state satisfies never;
  }
}
