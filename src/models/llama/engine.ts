import type { LlamaContextSequence } from 'node-llama-cpp';
import { InvalidInputError, errorMessage, isAbort } from '../../base/errors.ts';
import type { CallContext, ChildLog } from '../host/child-server.ts';
import type { WarmReport } from '../spec/model-handle.ts';
import type { RenderedPrompt } from './chat-renderer.ts';
import { ChatRenderers } from './chat-renderers.ts';
import type {
  ChatTurn,
  EngineInfo,
  EngineStart,
  GenerateEvent,
  GenerateRequest,
  GenerateResult,
  PromptRequest,
} from './engine-protocol.ts';
import { loadModel, type LoadedModel } from './load-model.ts';
import { commonPrefixLength } from './prefix-reuse.ts';
import { readPrompt, type ReadMark } from './prompt-reader.ts';
import { generateReply } from './reply-generator.ts';
import { SequenceSlots, type Slot } from './sequence-slots.ts';
import { alignSlot, checkpoint, clearSlot, heldTokens, type Aligned } from './sequence-state.ts';
import { SliceSizer } from './slice-sizer.ts';
import { StateStore, type StateRole } from './state-store.ts';
import { ThreadGovernor } from './thread-governor.ts';

type SequenceSlot = Slot<LlamaContextSequence>;

/** As what, and for whom, a state is kept on disk. */
interface Keeping {
  role: StateRole;
  affinity: string | null;
}

/** A shorter shared prefix is read faster than its state is loaded. */
const shortestStableState = 64;
/** Newly read tokens that make saving before the reply worth its few milliseconds. */
const tokensWorthSaving = 256;
/** Reading a few tokens again is cheaper than deciding about them. */
const toleratedDifference = 8;
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
  readonly #renderers: ChatRenderers;
  readonly #sizer: SliceSizer;
  readonly #governor: ThreadGovernor;
  /** Savings that still run after their reply ended. */
  readonly #saving = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  readonly #log: ChildLog;
  readonly info: EngineInfo;

  private constructor(start: EngineStart, loaded: LoadedModel, store: StateStore, log: ChildLog) {
    this.#log = log;
    this.#start = start;
    this.#loaded = loaded;
    this.#store = store;
    const { context, model, measurement } = loaded;
    const sequences = Array.from({ length: context.totalSequences }, () =>
      context.getSequence({ checkpoints: { max: start.plan.checkpoints, interval: false } }),
    );
    this.#slots = new SequenceSlots(sequences);
    this.#renderers = new ChatRenderers(model, loaded.wrapper);
    this.#sizer = new SliceSizer(start.plan.batchSize);
    this.#governor = new ThreadGovernor({
      measurement,
      apply: (threads) => {
        loaded.llama.maxThreads = threads;
        log('info', 'engine threads changed', { threads });
      },
      now: () => performance.now(),
    });
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
    return new Engine(start, loaded, store, log);
  }

  count(texts: readonly string[]): number[] {
    return texts.map((text) => this.#loaded.model.tokenize(text).length);
  }

  async generate(request: GenerateRequest, call: CallContext<GenerateEvent>): Promise<GenerateResult> {
    const requestedAt = performance.now();
    const renderer = this.#renderers.for(request.template);
    const prompt = this.#render(request);
    const total = prompt.tokens.length;
    const { affinity } = request;
    const slot = await this.#slots.acquire({ affinity, background: false, signal: call.signal });
    const queueInMs = performance.now() - requestedAt;
    let spoken: string | null = null;
    try {
      const aligned = await alignSlot({ slot, wanted: prompt.tokens, store: this.#store });
      const progress = (evaluated: number): void =>
        call.emit({ type: 'prompt-progress', evaluated, reused: aligned.reused, total });
      progress(0);
      const promptStart = performance.now();
      const marks = this.#marks(slot, prompt, this.#promptKeeping(slot, prompt, aligned, request));
      await readPrompt({
        ...this.#reading(slot, prompt, { signal: call.signal, priority: foregroundPriority }),
        end: this.#readingEnd(slot, prompt, marks),
        marks,
        onProgress: progress,
      });
      const reply = await generateReply({
        model: this.#loaded.model,
        llama: this.#loaded.llama,
        sequence: slot.sequence,
        prompt,
        request,
        thoughtMarks: renderer.thoughtMarks,
        signal: call.signal,
        onPromptRead: () => progress(total - aligned.reused),
        onToken: (durationInMs) => this.#recordPass(1, durationInMs),
        emit: (event) => call.emit(event),
      });
      if (reply.wholeText !== '') renderer.rememberReply(reply.wholeText, reply.tokens);
      spoken = reply.spoken;
      const { tokens, finish, reasoningTokens, firstTokenAt, endedAt } = reply;
      return {
        finish,
        promptTokens: total,
        outputTokens: tokens.length,
        reasoningTokens,
        report: {
          evaluatedPromptTokens: total - aligned.reused,
          reusedPromptTokens: aligned.reused,
          stateSource: aligned.source,
          queueInMs,
          promptInMs: firstTokenAt - promptStart,
          firstTokenInMs: firstTokenAt - requestedAt,
          tokensPerSecond: tokens.length > 1 ? ((tokens.length - 1) * 1000) / Math.max(1, endedAt - firstTokenAt) : 0,
        },
      };
    } finally {
      this.#track(this.#endTurn(slot, request, spoken));
    }
  }

  /**
   * Computes the state of everything the prompt already knows, and keeps the stable prefix on disk. Without an affinity
   * only the disk matters: what is there already takes no conversation's place in memory.
   */
  async warm(request: PromptRequest, call: { signal: AbortSignal }): Promise<WarmReport> {
    const startedAt = performance.now();
    const prompt = this.#render(request);
    const kept = request.affinity === null ? await this.#keptStable(prompt) : 0;
    if (kept > 0) {
      const durationInMs = performance.now() - startedAt;
      return { totalTokens: kept, evaluatedTokens: 0, reusedTokens: kept, source: 'disk', durationInMs };
    }
    const { first, evaluated, end } = await this.#readAhead(prompt, {
      affinity: request.affinity,
      signal: call.signal,
    });
    return {
      totalTokens: end,
      evaluatedTokens: evaluated,
      reusedTokens: Math.min(first.reused, end),
      source: evaluated > 0 ? 'computed' : first.source === 'disk' ? 'disk' : 'memory',
      durationInMs: performance.now() - startedAt,
    };
  }

  /** Tokens of the stable prefix when its state is on disk, else 0. */
  async #keptStable({ tokens, stableEnd }: RenderedPrompt): Promise<number> {
    if (stableEnd < shortestStableState) return 0;
    const found = await this.#store.find(tokens, { cuttable: !this.info.needsCheckpoints });
    return found && found.usable >= stableEnd ? stableEnd : 0;
  }

  /** Reads a prompt in the background: steps aside for replies between slices, and goes on when they are done. */
  async #readAhead(
    prompt: RenderedPrompt,
    options: { affinity: string | null; signal: AbortSignal; keep?: Keeping },
  ): Promise<{ first: Aligned; evaluated: number; end: number }> {
    const { affinity, signal } = options;
    const end = Math.min(prompt.turnEnds.at(-1) ?? 0, prompt.tokens.length - 1);
    let first: Aligned | undefined;
    let evaluated = 0;
    for (;;) {
      const slot = await this.#slots.acquire({ affinity, background: true, signal });
      try {
        const aligned = await alignSlot({ slot, wanted: prompt.tokens, store: this.#store });
        first ??= aligned;
        const before = slot.sequence.nextTokenIndex;
        const done = await readPrompt({
          ...this.#reading(slot, prompt, { signal, priority: backgroundPriority }),
          end,
          marks: this.#marks(slot, prompt, options.keep ?? null),
          shouldYield: () => this.#slots.foregroundWaits,
          onProgress: () => undefined,
        });
        evaluated += Math.max(0, slot.sequence.nextTokenIndex - before);
        if (done) return { first, evaluated, end };
      } finally {
        this.#slots.release(slot);
      }
    }
  }

  /** Waits for what the conversation is doing now, then clears its state from memory. Disk is the parent's part. */
  async forget(conversationId: string): Promise<void> {
    for (;;) {
      const [affinity] = this.#slots.affinitiesOf(conversationId);
      if (affinity === undefined) return;
      const slot = await this.#slots.acquire({ affinity, background: false, signal: this.#stopping.signal });
      try {
        await clearSlot(slot);
      } finally {
        slot.affinity = null;
        this.#slots.release(slot);
      }
    }
  }

  /** Waits for states being saved, then frees the native memory in order. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#saving);
    await this.#loaded.context.dispose();
    await this.#loaded.model.dispose();
    await this.#loaded.llama.dispose();
  }

  #render(request: PromptRequest): RenderedPrompt {
    const renderer = this.#renderers.for(request.template);
    const prompt = renderer.render(request.turns, { stableTurns: request.stableTurns });
    const most = this.info.contextLength - reservedForReply;
    if (prompt.tokens.length > most) {
      throw new InvalidInputError(
        `The prompt has ${prompt.tokens.length} tokens, and this model can read ${most} here. ` +
          'Shorten the conversation or the character, or choose a model with a longer context.',
        {
          code: 'prompt-too-long',
          details: { promptTokens: prompt.tokens.length, contextLength: this.info.contextLength },
        },
      );
    }
    return prompt;
  }

  #reading(slot: SequenceSlot, prompt: RenderedPrompt, how: { signal: AbortSignal; priority: 1 | 5 }) {
    return {
      slot,
      tokens: prompt.tokens,
      checkpoints: this.#start.plan.checkpoints,
      onSlice: (tokens: number, durationInMs: number) => this.#recordSlice(tokens, durationInMs),
      sliceSize: () => this.#sizer.next(this.#slots.foregroundRunning > 1),
      now: () => performance.now(),
      ...how,
    };
  }

  #recordSlice(tokens: number, durationInMs: number): void {
    this.#sizer.record(tokens, durationInMs);
    this.#recordPass(tokens, durationInMs);
  }

  #recordPass(tokens: number, durationInMs: number): void {
    if (this.#slots.running === 1) this.#governor.record(tokens, durationInMs);
  }

  /**
   * The last few tokens are evaluated together with the first sampling, because each pass reads all weights once; but
   * nothing is left unread before a mark.
   */
  #readingEnd(slot: SequenceSlot, prompt: RenderedPrompt, marks: readonly ReadMark[]): number {
    const last = prompt.tokens.length - 1;
    const sliced = prompt.tokens.length - this.#sizer.next(false);
    const marked = marks.findLast((mark) => mark.at <= last)?.at ?? 0;
    return Math.min(last, Math.max(sliced, marked, slot.sequence.nextTokenIndex));
  }

  /**
   * Whether to save the state before the reply: hybrid states cannot be cut back to here later, and a long prompt
   * should survive a crash during its reply. Otherwise the state after the reply serves as well.
   */
  #promptKeeping(
    slot: SequenceSlot,
    prompt: RenderedPrompt,
    aligned: Aligned,
    request: GenerateRequest,
  ): Keeping | null {
    if (!request.keepState || request.affinity === null) return null;
    const unread = (prompt.turnEnds.at(-1) ?? 0) - aligned.reused;
    const worthIt = slot.sequence.needsCheckpoints || unread >= tokensWorthSaving;
    return worthIt ? { role: 'prompt', affinity: request.affinity } : null;
  }

  #marks(slot: SequenceSlot, prompt: RenderedPrompt, keep: Keeping | null): ReadMark[] {
    const { stableEnd, turnEnds } = prompt;
    const marks: ReadMark[] = [];
    if (stableEnd >= shortestStableState) {
      marks.push({ at: stableEnd, action: () => this.#save(slot, { role: 'stable', affinity: null }) });
    }
    if (slot.sequence.needsCheckpoints) for (const at of turnEnds) marks.push({ at });
    if (keep) marks.push({ at: turnEnds.at(-1) ?? 0, action: () => this.#save(slot, keep) });
    return marks.filter((mark) => mark.at > 0).sort((left, right) => left.at - right.at);
  }

  async #save(slot: SequenceSlot, keep: Keeping): Promise<void> {
    await this.#store.save({
      tokens: heldTokens(slot.sequence),
      role: keep.role,
      affinity: keep.affinity,
      write: (path) => slot.sequence.saveStateToFile(path),
    });
  }

  /** After a reply: the state is kept for the next turn, then the slot is free. */
  async #endTurn(slot: SequenceSlot, request: GenerateRequest, spoken: string | null): Promise<void> {
    this.#slots.settle(slot);
    let next: RenderedPrompt | null = null;
    try {
      await checkpoint(slot, this.#start.plan.checkpoints);
      next = this.#differingHistory(slot, request, spoken);
      if (!next && request.keepState && request.affinity !== null) {
        await this.#save(slot, { role: 'turn', affinity: request.affinity });
      }
    } finally {
      this.#slots.release(slot);
    }
    if (!next) return;
    const keep: Keeping | undefined = request.keepState ? { role: 'turn', affinity: request.affinity } : undefined;
    await this.#readAhead(next, {
      affinity: request.affinity,
      signal: this.#stopping.signal,
      ...(keep ? { keep } : {}),
    });
  }

  /**
   * Some templates show a past reply otherwise than it was made (thinking models drop their empty thought). Then the
   * history is read again while nobody waits, instead of before the next reply. Null when the state fits already.
   */
  #differingHistory(slot: SequenceSlot, request: GenerateRequest, spoken: string | null): RenderedPrompt | null {
    if (spoken === null || spoken === '' || request.affinity === null) return null;
    const before = request.turns.at(-1);
    const turns: ChatTurn[] =
      before?.role === 'assistant'
        ? [...request.turns.slice(0, -1), { role: 'assistant', text: before.text + spoken }]
        : [...request.turns, { role: 'assistant', text: spoken }];
    const next = this.#renderers.for(request.template).render(turns, { stableTurns: request.stableTurns });
    const end = next.turnEnds.at(-1) ?? 0;
    const fits = commonPrefixLength(heldTokens(slot.sequence), next.tokens.slice(0, end)) >= end - toleratedDifference;
    return fits || next.tokens.length > this.info.contextLength - reservedForReply ? null : next;
  }

  #track(work: Promise<unknown>): void {
    this.#saving.add(work);
    work
      .catch((error: unknown) => {
        if (!isAbort(error)) this.#log('warn', 'state after a reply was lost', { error: errorMessage(error) });
      })
      .finally(() => this.#saving.delete(work));
  }
}
