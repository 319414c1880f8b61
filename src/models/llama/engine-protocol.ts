import type { InstructMarks } from '../../../contract/prompts.ts';
import type { EngineReport, PromptProgress, Sampling, TokenProbability, WarmReport } from '../spec/model-handle.ts';
import type { ContextPlan } from './context-plan.ts';

/** One message as the engine sees it: text only, order kept. */
export interface ChatTurn {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

/** What the child is started with. Paths are absolute; bytes for the budget. */
export interface EngineStart {
  modelPath: string;
  modelSha256: string;
  plan: ContextPlan;
  statesDir: string;
  statesBudgetBytes: number;
}

export interface EngineInfo {
  contextLength: number;
  sequences: number;
  threads: number;
  /** Generated tokens per second in the start-up measurement. */
  measuredTokensPerSecond: number;
  /** True when earlier states can be reused only at checkpoints (hybrid and recurrent models). */
  needsCheckpoints: boolean;
  gpu: string | null;
  engineVersion: string;
  chatTemplate: string;
}

export interface PromptRequest {
  turns: ChatTurn[];
  /** Leading turns that stay byte-identical between calls; 0 when unknown. */
  stableTurns: number;
  /** Instead of the model's own chat template; null = that. */
  template: InstructMarks | null;
  affinity: string | null;
}

export interface GenerateRequest extends PromptRequest {
  sampling: Sampling;
  seed: number;
  maxOutputTokens: number | null;
  stopSequences: string[];
  keepState: boolean;
  /** JSON text of a JSON schema, or `{}` for any JSON; null for free text. */
  jsonSchema: string | null;
  /** Tools whose calls are held to their schema (JSON text of a JSON schema). */
  tools: { name: string; schema: string }[];
  /** Names of the tools of which one has to be called; empty = the model says what it likes. */
  mustCall: string[];
  /** How probable each token was, with so many others at its place; null = not wanted. */
  topLogprobs: number | null;
}

export type GenerateEvent =
  | PromptProgress
  | { type: 'text'; text: string; logprobs?: TokenProbability[] }
  | { type: 'reasoning'; text: string };

export interface GenerateResult {
  finish: 'stop' | 'stop-sequence' | 'length' | 'context-full';
  promptTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  report: Omit<EngineReport, 'retried'>;
}

/** Methods of the engine child. A type, not an interface: it must satisfy an index signature. */
export type EngineMethods = {
  generate: { params: GenerateRequest; event: GenerateEvent; result: GenerateResult };
  warm: { params: PromptRequest; event: never; result: WarmReport };
  count: { params: { texts: string[] }; event: never; result: { counts: number[] } };
  forget: { params: { conversationId: string }; event: never; result: null };
};
