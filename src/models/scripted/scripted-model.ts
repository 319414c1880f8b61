import { appendFile } from 'node:fs/promises';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { UnavailableError } from '../../base/errors.ts';
import type {
  EngineOptions,
  EngineReport,
  ModelHandle,
  PromptProgress,
  WarmReport,
  WarmRequest,
} from '../spec/model-handle.ts';
import { PromptMemory, type PromptCount } from './prompt-memory.ts';
import { parseScript, type Script, type ScriptInput, type ScriptRule, type ScriptStep } from './script.ts';
import { lastToolResult, lastUserText, scriptedTokens } from './scripted-tokens.ts';
import { realWait, untilAborted, untilThere, type Wait } from './scripted-wait.ts';

/** Calls that a test may look back on. */
const KEPT_CALLS = 100;

/** A model handle with what a test may ask of it afterwards. */
export interface ScriptedModel extends ModelHandle {
  warm(request: WarmRequest): Promise<WarmReport>;
  /** The latest calls, oldest first. */
  readonly calls: readonly LanguageModelV4CallOptions[];
  /** The latest ones of background work, oldest first. */
  readonly memoryCalls: readonly LanguageModelV4CallOptions[];
  /** The latest questions of whose turn it is, oldest first. */
  readonly directionCalls: readonly LanguageModelV4CallOptions[];
  /** The latest questions of what a conversation is called, oldest first. */
  readonly titleCalls: readonly LanguageModelV4CallOptions[];
  readonly warmed: readonly WarmRequest[];
}

/**
 * A real provider that says exactly what a script says, when it says it: the double behind integration and browser
 * tests. It counts tokens exactly, remembers prompts by affinity as an engine does, honours `maxOutputTokens` and the
 * abort signal, and throws on a call no rule covers (unless the script echoes).
 */
export function createScriptedModel(input: ScriptInput, options: { wait?: Wait } = {}): ScriptedModel {
  const script = parseScript(input);
  const engine = new ScriptedEngine(script, options.wait ?? realWait);
  return {
    ref: `scripted:${script.name}`,
    label: script.label,
    place: 'scripted',
    contextLength: script.contextLength,
    fallback: script.fallback,
    continuesAssistant: script.continuesAssistant,
    seesPictures: script.seesPictures,
    logprobs: script.logprobs,
    pictureTokens: ({ width, height }) => Math.ceil(width / 28) * Math.ceil(height / 28),
    ...(script.tools ? { tools: { poorly: false } } : {}),
    sampling: {},
    languageModel: engine,
    countTokens: async (texts) => ({ counts: texts.map((text) => scriptedTokens(text).length), exact: true }),
    warm: (request) => engine.warm(request),
    calls: engine.calls,
    memoryCalls: engine.memoryCalls,
    directionCalls: engine.directionCalls,
    titleCalls: engine.titleCalls,
    warmed: engine.warmed,
  };
}

class ScriptedEngine implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = 'scripted';
  readonly modelId: string;
  readonly supportedUrls = {};
  readonly calls: LanguageModelV4CallOptions[] = [];
  readonly memoryCalls: LanguageModelV4CallOptions[] = [];
  readonly directionCalls: LanguageModelV4CallOptions[] = [];
  readonly titleCalls: LanguageModelV4CallOptions[] = [];
  readonly warmed: WarmRequest[] = [];
  readonly #script: Script;
  readonly #wait: Wait;
  readonly #used = new Map<ScriptRule, number>();
  readonly #memory = new PromptMemory();
  #toolCalls = 0;

  constructor(script: Script, wait: Wait) {
    this.modelId = script.name;
    this.#script = script;
    this.#wait = wait;
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const rule = await this.#choose(options);
    const [first] = rule.steps;
    if (first?.type === 'error') throw toError(first);
    const cancelling = new AbortController();
    const { abortSignal } = options;
    // Not `AbortSignal.any`: waiting on a combined signal before every token would be most of what a token costs.
    const stop = () => cancelling.abort(abortSignal?.reason);
    if (abortSignal?.aborted) stop();
    abortSignal?.addEventListener('abort', stop, { once: true });
    const parts = this.#play({ rule, options, signal: cancelling.signal });
    const stream = new ReadableStream<LanguageModelV4StreamPart>(
      {
        pull: async (controller) => {
          const next = await parts.next();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        },
        cancel: () => cancelling.abort(),
      },
      { highWaterMark: 0 },
    );
    return { stream };
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { stream } = await this.doStream(options);
    let text = '';
    for await (const part of stream) {
      if (part.type === 'text-delta') text += part.delta;
      if (part.type === 'error') throw part.error;
      if (part.type === 'finish') {
        const { finishReason, usage, providerMetadata } = part;
        const content = [{ type: 'text' as const, text }];
        return { content, finishReason, usage, warnings: [], ...(providerMetadata ? { providerMetadata } : {}) };
      }
    }
    throw new UnavailableError('The scripted model ended without finishing.', { code: 'model-cut-off' });
  }

  async warm(request: WarmRequest): Promise<WarmReport> {
    request.signal.throwIfAborted();
    keep(this.warmed, request);
    const { total, reused } = this.#memory.remember(request.options.affinity, request.prompt);
    return {
      totalTokens: total,
      evaluatedTokens: total - reused,
      reusedTokens: reused,
      source: reused === total ? 'memory' : 'computed',
      durationInMs: 0,
    };
  }

  /** The first rule that matches and is not spent. */
  #find(rules: readonly ScriptRule[], text: string, isResult = false): ScriptRule | undefined {
    for (const rule of rules) {
      const used = this.#used.get(rule) ?? 0;
      if ((rule.times !== undefined && used >= rule.times) || !isMatch(rule, text, isResult)) continue;
      this.#used.set(rule, used + 1);
      return rule;
    }
    return undefined;
  }

  /** What is no reply must not use up the rules of the talk that a test is about, nor stand in its record. */
  async #choose(options: LanguageModelV4CallOptions): Promise<ScriptRule> {
    const purpose = purposeOf(options);
    if (purpose === undefined) return this.#chooseForTalk(options);
    const { memoryRules, directionRules, titleRules } = this.#script;
    const rules = { memory: memoryRules, direction: directionRules, title: titleRules }[purpose];
    const rule = this.#find(rules, lastUserText(options.prompt));
    if (!rule) throw new UnavailableError(`The scripted model does no work for ${purpose}.`, { code: 'no-model' });
    keep({ memory: this.memoryCalls, direction: this.directionCalls, title: this.titleCalls }[purpose], options);
    if (purpose !== 'memory') await this.#record(options);
    return rule;
  }

  async #chooseForTalk(options: LanguageModelV4CallOptions): Promise<ScriptRule> {
    keep(this.calls, options);
    await this.#record(options);
    const { lastWords } = (options.providerOptions?.['everwith'] ?? {}) as EngineOptions;
    const result = lastToolResult(options.prompt);
    const text = result ?? lastWords ?? lastUserText(options.prompt);
    const rule = this.#find(this.#script.rules, text, result !== null);
    if (rule) return rule;
    if (this.#script.otherwise === 'echo') {
      const tokens = scriptedTokens(text);
      return { steps: [{ type: 'tokens', tokens, delayInMs: this.#script.echoDelayInMs }], finishReason: 'stop' };
    }
    throw new Error(`The scripted model has no rule for: ${text.slice(0, 200)}`);
  }

  async #record(options: LanguageModelV4CallOptions): Promise<void> {
    if (this.#script.recordTo !== undefined) await record(this.#script.recordTo, options);
  }

  async *#play({
    rule,
    options,
    signal,
  }: {
    rule: ScriptRule;
    options: LanguageModelV4CallOptions;
    signal: AbortSignal;
  }): AsyncGenerator<LanguageModelV4StreamPart> {
    const engineOptions = options.providerOptions?.['everwith'] as EngineOptions | undefined;
    const prompt = this.#memory.remember(engineOptions?.affinity, options.prompt);
    const most = options.maxOutputTokens ?? Number.POSITIVE_INFINITY;
    const said = { text: 0, reasoning: 0 };
    let open: 'text' | 'reasoning' | null = null;
    let hasCalled = false;
    yield { type: 'stream-start', warnings: [] };
    for (const step of rule.steps) {
      if (step.type === 'cut') return;
      if (step.type === 'error') {
        yield { type: 'error', error: toError(step) };
        return;
      }
      if (step.type === 'hang') await untilAborted(signal);
      if (step.type === 'gate') await untilThere(step.file, { wait: this.#wait, signal });
      if (step.type === 'wait') await this.#wait(step.delayInMs, signal);
      if (step.type === 'progress') yield* this.#readPrompt({ step, prompt, signal });
      if (step.type === 'tool-call') {
        if (open) yield { type: `${open}-end`, id: open };
        open = null;
        hasCalled = true;
        yield this.#callTool(step);
      }
      if (step.type !== 'tokens' && step.type !== 'reasoning') continue;
      const kind = step.type === 'tokens' ? 'text' : 'reasoning';
      if (open !== kind) {
        if (open) yield { type: `${open}-end`, id: open };
        yield { type: `${kind}-start`, id: kind };
        open = kind;
      }
      for (const delta of step.tokens) {
        if (said.text + said.reasoning >= most) break;
        await this.#wait(step.delayInMs, signal);
        signal.throwIfAborted();
        said[kind] += 1;
        const told = kind === 'text' && engineOptions?.topLogprobs !== undefined;
        yield { type: `${kind}-delta`, id: kind, delta, ...(told ? { providerMetadata: certain(delta) } : {}) };
      }
    }
    if (open) yield { type: `${open}-end`, id: open };
    const unified = said.text + said.reasoning >= most ? 'length' : hasCalled ? 'tool-calls' : rule.finishReason;
    yield {
      type: 'finish',
      usage: usageOf(prompt, said),
      finishReason: { unified, raw: unified },
      providerMetadata: { everwith: { ...reportOf(prompt) } },
    };
  }

  #callTool({ tool, input, callId }: Extract<ScriptStep, { type: 'tool-call' }>): LanguageModelV4StreamPart {
    this.#toolCalls += 1;
    return {
      type: 'tool-call',
      toolCallId: callId ?? `${tool}-${this.#toolCalls}`,
      toolName: tool,
      input: typeof input === 'string' ? input : JSON.stringify(input),
    };
  }

  async *#readPrompt({
    step,
    prompt,
    signal,
  }: {
    step: Extract<ScriptStep, { type: 'progress' }>;
    prompt: PromptCount;
    signal: AbortSignal;
  }): AsyncGenerator<LanguageModelV4StreamPart> {
    const toRead = prompt.total - prompt.reused;
    for (let evaluated = 0; evaluated < toRead;) {
      await this.#wait(step.delayInMs, signal);
      evaluated = Math.min(evaluated + step.slice, toRead);
      const rawValue: PromptProgress = { type: 'prompt-progress', evaluated, ...prompt };
      yield { type: 'raw', rawValue };
    }
  }
}

/** Prompts are long, and a server under test may run for hours. */
function keep<T>(list: T[], one: T): void {
  list.push(one);
  if (list.length > KEPT_CALLS) list.shift();
}

function purposeOf({ providerOptions }: LanguageModelV4CallOptions): EngineOptions['purpose'] {
  return (providerOptions?.['everwith'] as EngineOptions | undefined)?.purpose;
}

function isMatch(rule: ScriptRule, text: string, isResult: boolean): boolean {
  if (!rule.when) return !isResult;
  if ('toolResult' in rule.when) return isResult && text.includes(rule.when.toolResult);
  if (isResult) return false;
  if ('contains' in rule.when) return text.includes(rule.when.contains);
  if ('equals' in rule.when) return text === rule.when.equals;
  return new RegExp(rule.when.matches, 'u').test(text);
}

function toError({ code, message, retryable }: Extract<ScriptStep, { type: 'error' }>): UnavailableError {
  return new UnavailableError(message, { code, retryable });
}

async function record(
  path: string,
  { prompt, tools, maxOutputTokens, providerOptions }: LanguageModelV4CallOptions,
): Promise<void> {
  await appendFile(
    path,
    `${JSON.stringify({ prompt, ...(tools ? { tools } : {}), maxOutputTokens, providerOptions })}\n`,
  );
}

function usageOf(prompt: PromptCount, said: { text: number; reasoning: number }): LanguageModelV4Usage {
  return {
    inputTokens: {
      total: prompt.total,
      noCache: prompt.total - prompt.reused,
      cacheRead: prompt.reused,
      cacheWrite: undefined,
    },
    outputTokens: { total: said.text + said.reasoning, text: said.text, reasoning: said.reasoning },
  };
}

function reportOf(prompt: PromptCount): EngineReport {
  return {
    evaluatedPromptTokens: prompt.total - prompt.reused,
    reusedPromptTokens: prompt.reused,
    stateSource: prompt.reused > 0 ? 'memory' : 'none',
    queueInMs: 0,
    promptInMs: 0,
    firstTokenInMs: 0,
    tokensPerSecond: 0,
    retried: false,
  };
}

function certain(token: string) {
  return { everwith: { logprobs: [{ token, logprob: 0, bytes: [...Buffer.from(token)], top: [] }] } };
}
