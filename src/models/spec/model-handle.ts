import type { InstructMarks } from '../../../contract/prompts.ts';
import type { Bill } from '../billing/bill.ts';
import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';

/** What the rest of the house knows about a language model that nobody has asked yet. */
export interface ModelFacts {
  /** `local:<catalog id>`, `<provider id>:<model name>` or `scripted:<name>`. */
  ref: string;
  /** Shown to people, for example `Qwen3.5-2B`. */
  label: string;
  place: 'this-computer' | 'provider' | 'scripted';
  /** Tokens the model can see, prompt and answer together. */
  contextLength: number;
  /** True for a starter that only stands in for a better model. */
  fallback: boolean;
  /** True when a prompt that ends in an assistant message is continued rather than answered. */
  continuesAssistant: boolean;
  /** True where it looks at pictures in a prompt (file parts of the specification); absent = it does not. */
  seesPictures?: boolean;
  /** True where it hears recordings in a prompt (file parts of the specification); absent = it does not. */
  hears?: boolean;
  /** Tokens that a picture costs it; absent = unknown, and the most that any model takes is reckoned with. */
  pictureTokens?(size: PictureSize): number;
  /** Present where it can call tools: `tools` in a call, `tool-call` parts in its answer. */
  tools?: { /** It often calls them wrongly or not at all; people are told. */ poorly: boolean };
  /** True where it tells how probable its tokens were, in `providerMetadata.everwith.logprobs` of text deltas. */
  logprobs?: boolean;
  /** Defaults that keep this model from looping; a preset may override each. */
  sampling: Sampling;
  /** Exact for local models, an estimate (marked so) for the others. Order follows the input. */
  countTokens(texts: readonly string[], signal?: AbortSignal): Promise<{ counts: number[]; exact: boolean }>;
  /** Computes and keeps the engine state of a prompt's stable prefix. Absent where there is no such state. */
  warm?(request: WarmRequest): Promise<WarmReport>;
}

/**
 * A language model to be asked: the AI SDK's model specification (`@ai-sdk/provider`), plus the few facts a companion
 * needs and that specification lacks.
 */
export interface ModelHandle extends ModelFacts {
  languageModel: LanguageModelV4;
}

/** A language model as the house offers it: it can be asked once it is said who pays. */
export interface BillableModel extends ModelFacts {
  billed(bill: Bill): ModelHandle;
}

/** Pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

export interface WarmRequest {
  prompt: LanguageModelV4Prompt;
  /** Tools that the calls to come will offer. */
  tools?: readonly LanguageModelV4FunctionTool[];
  options: EngineOptions;
  signal: AbortSignal;
}

/** Tokens, and milliseconds for `durationInMs`. */
export interface WarmReport {
  totalTokens: number;
  evaluatedTokens: number;
  reusedTokens: number;
  source: 'memory' | 'disk' | 'computed';
  durationInMs: number;
}

/**
 * Sampling beyond what the specification carries. Every value is optional: absent means off.
 * DRY: https://github.com/oobabooga/text-generation-webui/pull/5677; min-p: arXiv 2407.01082.
 */
export interface Sampling {
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  /** 1 = off. */
  repeatPenalty?: number;
  repeatLastTokens?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  dry?: { multiplier: number; base: number; allowedLength: number };
}

/** Carried in `providerOptions.everwith` of a call; engines that do not know it ignore it. */
export interface EngineOptions {
  /** Calls with the same affinity share a prefix and should meet the same engine state. */
  affinity?: string;
  /** How many leading prompt messages stay byte-identical between turns. */
  stableMessages?: number;
  sampling?: Sampling;
  /** Keep the state at this prompt's end on disk, so that a restart does not read it again. */
  keepState?: boolean;
  /** What is not a reply: work of memory, whose turn it is in a room, a title. Scripts answer each by its rules. */
  purpose?: 'memory' | 'direction' | 'title';
  /** What the person said last, where memories stand before it in the same message. A script goes by it; engines do not. */
  lastWords?: string;
  /** How probable each token was, and so many others at its place; absent = not wanted. */
  topLogprobs?: number;
  /** How a text-completion model is spoken to; absent = by its own chat template. Its marks are rendered already. */
  template?: InstructMarks;
}

/** Emitted as the `rawValue` of a `raw` stream part while an engine reads the prompt. Tokens. */
export interface PromptProgress {
  type: 'prompt-progress';
  evaluated: number;
  reused: number;
  total: number;
}

/** In `providerMetadata.everwith` of the `finish` part. */
export interface EngineReport {
  evaluatedPromptTokens: number;
  reusedPromptTokens: number;
  /** Where the reused state came from. */
  stateSource: 'none' | 'memory' | 'disk';
  queueInMs: number;
  promptInMs: number;
  firstTokenInMs: number;
  tokensPerSecond: number;
  retried: boolean;
}

/** How probable a token was, natural logarithm, and which others might have come; bytes are UTF-8. */
export interface TokenProbability {
  token: string;
  logprob: number;
  bytes: number[];
  top: { token: string; logprob: number; bytes: number[] }[];
}

export function isPromptProgress(value: unknown): value is PromptProgress {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'prompt-progress';
}
