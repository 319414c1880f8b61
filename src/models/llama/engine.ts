import type { LlamaContextSequence } from 'node-llama-cpp';
import { InvalidInputError, isAbort } from '../../base/errors.ts';
import type { CallContext, ChildLog } from '../host/child-server.ts';
import type { WarmReport } from '../spec/model-handle.ts';
import { ChatRenderer, type RenderedPrompt } from './chat-renderer.ts';
import type { EngineInfo, EngineStart, GenerateEvent, GenerateRequest, GenerateResult, PromptRequest } from './engine-protocol.ts';
import { loadModel, type LoadedModel } from './load-model.ts';
import { readPrompt, type ReadMark } from './prompt-reader.ts';
import { generateReply } from './reply-generator.ts';
import { SequenceSlots, type Slot } from './sequence-slots.ts';
import { alignSlot, checkpoint, heldTokens, type Aligned } from './sequence-state.ts';
import { SliceSizer } from './slice-sizer.ts';
import { StateStore, type StateRole } from './state-store.ts';

type SequenceSlot = Slot<LlamaContextSequence>;

/** A shorter shared prefix is read faster than its state is loaded. */
const shortestStableState = 64;
/** Newly read tokens that make saving before the reply worth its few milliseconds. */
const tokensWorthSaving = 256;
/** Left free behind a prompt, so that at least a sentence fits. */
const reservedForReply = 32;
const foregroundPriority = 5;
const backgroundPriority = 1;

/**
 * The text engine inside its child process: one model, one context with several sequences (continuous batching), each
 * holding one conversation's state.
 */
export class Engine {
  readonly #loaded: LoadedModel;
  readonly #start: EngineStart;
  readonly #slots: SequenceSlots<LlamaContextSequence>;
  readonly #store: StateStore;
  readonly #renderer: ChatRenderer;
  readonly #sizer: SliceSizer;
  /** Savings that still run after their reply ended. */
  readonly #saving = new Set<Promise<unknown>>();
  readonly info: EngineInfo;

  private constructor(start: EngineStart, loaded: LoadedModel, store: StateStore) {
    this.#start = start;
    this.#loaded = loaded;
    this.#store = store;
    const { context, model, measurement } = loaded;
    const sequences = Array.from({ length: context.totalSequences }, () =>
      context.getSequence({ checkpoints: { max: start.plan.checkpoints, interval: false } }),
    );
    this.#slots = new SequenceSlots(sequences);
    this.#renderer = new ChatRenderer(model, loaded.wrapper);
    this.#sizer = new SliceSizer(start.plan.batchSize);
    this.info = {
      contextLength: context.contextSize,
      sequences: context.totalSequences,
      threads: measurement.threads,
      measuredTokensPerSecond: measurement.tokensPerSecond,
      needsCheckpoints: sequences[0]?.needsCheckpoints ?? false,
      gpu: loaded.llama.gpu === false ? null : loaded.llama.gpu,
      engineVersion: loaded.engineVersion,
      chatTemplate: loaded.wrapper.wrapperName,
    };
  }

  static async load(start: EngineStart, log: ChildLog): Promise<Engine> {
    const loaded = await loadModel(start, log);
    const { context, engineVersion, llama } = loaded;
    const fingerprint = JSON.stringify({
      model: start.modelSha256,
      engineVersion,
      gpu: llama.gpu,
      flashAttention: context.flashAttention,
      cache: [context.kvCacheKeyType, context.kvCacheValueType],
    });
    const store = await StateStore.open({
      folder: start.statesDir,
      budgetBytes: start.statesBudgetBytes,
      fingerprint,
      log,
    });
    return new Engine(start, loaded, store);
  }

  count(texts: readonly string[]): number[] {
    return texts.map((text) => this.#loaded.model.tokenize(text).length);
  }

  async generate(request: GenerateRequest, call: CallContext<GenerateEvent>): Promise<GenerateResult> {
    const requestedAt = performance.now();
    const prompt = this.#render(request);
    const total = prompt.tokens.length;
    const slot = await this.#slots.acquire({ affinity: request.affinity, background: false, signal: call.signal });
    const queueInMs = performance.now() - requestedAt;
    try {
      slot.affinity = request.affinity;
      const aligned = await alignSlot({ slot, wanted: prompt.tokens, store: this.#store });
      const progress = (evaluated: number): void =>
        call.emit({ type: 'prompt-progress', evaluated, reused: aligned.reused, total });
      progress(0);
      const promptStart = performance.now();
      await readPrompt({
        ...this.#reading(slot, prompt, { signal: call.signal, priority: foregroundPriority }),
        end: this.#readingEnd(slot, prompt),
        marks: this.#marks(slot, prompt, aligned, request.keepState ? request.affinity : null),
        onProgress: progress,
      });
      const reply = await generateReply({
        model: this.#loaded.model,
        llama: this.#loaded.llama,
        sequence: slot.sequence,
        prompt,
        request,
        thoughtMarks: this.#renderer.thoughtMarks,
        signal: call.signal,
        onPromptRead: () => progress(total - aligned.reused),
        emit: (event) => call.emit(event),
      });
      if (reply.wholeText !== '') this.#renderer.rememberReply(reply.wholeText, reply.tokens);
      const { firstTokenAt, endedAt } = reply;
      return {
        finish: reply.finish,
        promptTokens: total,
        outputTokens: reply.tokens.length,
        reasoningTokens: reply.reasoningTokens,
        report: {
          evaluatedPromptTokens: total - aligned.reused,
          reusedPromptTokens: aligned.reused,
          stateSource: aligned.source,
          queueInMs,
          promptInMs: firstTokenAt - promptStart,
          firstTokenInMs: firstTokenAt - requestedAt,
          tokensPerSecond: reply.tokens.length > 1 ? ((reply.tokens.length - 1) * 1000) / Math.max(1, endedAt - firstTokenAt) : 0,
        },
      };
    } finally {
      this.#track(this.#endTurn(slot, request));
    }
  }

  /**
   * Computes the state of everything the prompt already knows, and keeps the stable prefix on disk. Steps aside for
   * replies between slices, and goes on when they are done.
   */
  async warm(request: PromptRequest, call: CallContext<never>): Promise<WarmReport> {
    const startedAt = performance.now();
    const prompt = this.#render(request);
    const end = prompt.turnEnds.at(-1) ?? 0;
    let evaluated = 0;
    let first: Aligned | undefined;
    if (end === 0) return { totalTokens: 0, evaluatedTokens: 0, reusedTokens: 0, source: 'memory', durationInMs: 0 };
    for (let done = false; !done; ) {
      const slot = await this.#slots.acquire({ affinity: request.affinity, background: true, signal: call.signal });
      try {
        slot.affinity = request.affinity;
        const aligned = await alignSlot({ slot, wanted: prompt.tokens, store: this.#store });
        first ??= aligned;
        const before = slot.sequence.nextTokenIndex;
        done = await readPrompt({
          ...this.#reading(slot, prompt, { signal: call.signal, priority: backgroundPriority }),
          end: Math.min(end, prompt.tokens.length - 1),
          marks: this.#marks(slot, prompt, aligned, null),
          shouldYield: () => this.#slots.foregroundWaits,
          onProgress: () => undefined,
        });
        evaluated += Math.max(0, slot.sequence.nextTokenIndex - before);
      } finally {
        this.#slots.release(slot);
      }
    }
    const source = evaluated > 0 ? 'computed' : first?.source === 'disk' ? 'disk' : 'memory';
    const reusedTokens = Math.min(first?.reused ?? 0, end);
    return { totalTokens: end, evaluatedTokens: evaluated, reusedTokens, source, durationInMs: performance.now() - startedAt };
  }

  async forget(affinity: string): Promise<number> {
    for (const slot of this.#slots.idleSlotsOf(affinity)) {
      slot.affinity = null;
      slot.checkpoints = [];
      await slot.sequence.clearHistory();
    }
    return this.#store.forget(affinity);
  }

  /** Waits for states being saved, then frees the native memory in order. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#saving);
    await this.#loaded.context.dispose();
    await this.#loaded.model.dispose();
    await this.#loaded.llama.dispose();
  }

  #render(request: PromptRequest): RenderedPrompt {
    const prompt = this.#renderer.render(request.turns, { stableTurns: request.stableTurns });
    const most = this.info.contextLength - reservedForReply;
    if (prompt.tokens.length > most) {
      throw new InvalidInputError(
        `The prompt has ${prompt.tokens.length} tokens, and this model can read ${most} here. ` +
          'Shorten the conversation or the character, or choose a model with a longer context.',
        { code: 'prompt-too-long', details: { promptTokens: prompt.tokens.length, contextLength: this.info.contextLength } },
      );
    }
    return prompt;
  }

  #reading(slot: SequenceSlot, prompt: RenderedPrompt, how: { signal: AbortSignal; priority: 1 | 5 }) {
    return {
      slot,
      tokens: prompt.tokens,
      checkpoints: this.#start.plan.checkpoints,
      sizer: this.#sizer,
      isShared: () => this.#slots.foregroundRunning > 1,
      now: () => performance.now(),
      ...how,
    };
  }

  /** The last few tokens are evaluated together with the first sampling: each pass reads all weights once. */
  #readingEnd(slot: SequenceSlot, prompt: RenderedPrompt): number {
    const position = slot.sequence.nextTokenIndex;
    const tail = Math.min(this.#sizer.next(false), prompt.tokens.length - position);
    const sliced = Math.max(position, prompt.tokens.length - tail);
    const lastTurnEnd = prompt.turnEnds.at(-1) ?? 0;
    return Math.min(prompt.tokens.length - 1, slot.sequence.needsCheckpoints ? Math.max(sliced, lastTurnEnd) : sliced);
  }

  #marks(slot: SequenceSlot, prompt: RenderedPrompt, aligned: Aligned, keepFor: string | null): ReadMark[] {
    const { stableEnd, turnEnds } = prompt;
    const marks: ReadMark[] = [];
    if (stableEnd >= shortestStableState) {
      marks.push({ at: stableEnd, action: () => this.#save(slot, 'stable', null) });
    }
    const end = turnEnds.at(-1) ?? 0;
    const { needsCheckpoints } = slot.sequence;
    if (needsCheckpoints) for (const at of turnEnds.slice(0, -1)) marks.push({ at });
    const worthSaving = keepFor !== null && (needsCheckpoints || end - aligned.reused >= tokensWorthSaving);
    if (worthSaving) marks.push({ at: end, action: () => this.#save(slot, 'prompt', keepFor) });
    else if (needsCheckpoints) marks.push({ at: end });
    return marks.filter((mark) => mark.at > 0).sort((left, right) => left.at - right.at);
  }

  async #save(slot: SequenceSlot, role: StateRole, affinity: string | null): Promise<void> {
    await this.#store.save({
      tokens: heldTokens(slot.sequence),
      role,
      affinity,
      write: (path) => slot.sequence.saveStateToFile(path),
    });
  }

  /** After a reply: a checkpoint for the next turn, the state on disk, then the slot is free again. */
  async #endTurn(slot: SequenceSlot, request: GenerateRequest): Promise<void> {
    try {
      await checkpoint(slot, this.#start.plan.checkpoints);
      if (request.keepState && request.affinity !== null) await this.#save(slot, 'turn', request.affinity);
    } catch (error) {
      if (!isAbort(error)) slot.affinity = null;
    } finally {
      this.#slots.release(slot);
    }
  }

  #track(work: Promise<unknown>): void {
    this.#saving.add(work);
    void work.finally(() => this.#saving.delete(work));
  }
}
