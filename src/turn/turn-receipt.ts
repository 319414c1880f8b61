import type { SamplingPreset } from '../../contract/conversations.ts';
import type { Receipt } from '../../contract/messages.ts';
import type { EngineReport, ModelFacts } from '../models/spec/model-handle.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';

export type ReceiptBody = Omit<Receipt, 'messageId' | 'createdAt'>;

/** What is known of a turn while it runs. Times are monotonic milliseconds. */
export interface TurnProgress {
  startedAt: number;
  firstTokenAt: number | null;
  finishReason: string;
  outputTokens: number;
  /** Pieces of an answer that was cut off before its model told how many tokens it had. */
  cutTokens: number;
  promptTokens: number | null;
  report: EngineReport | null;
  /** Calls in the order they ended. */
  tools: NonNullable<Receipt['tools']>;
}

export function toReceipt({
  model,
  assembled,
  progress,
  preset,
  now,
}: {
  model: ModelFacts;
  assembled: AssembledPrompt;
  progress: TurnProgress;
  preset: SamplingPreset;
  now: number;
}): ReceiptBody {
  const { report, cutTokens } = progress;
  const outputTokens = progress.outputTokens + cutTokens;
  const estimated = assembled.segments.reduce((sum, segment) => sum + segment.tokens, 0);
  const firstTokenInMs = progress.firstTokenAt === null ? null : progress.firstTokenAt - progress.startedAt;
  const writingInSeconds = progress.firstTokenAt === null ? 0 : (now - progress.firstTokenAt) / 1000;
  return {
    model: { ref: model.ref, label: model.label, place: model.place, fallback: model.fallback },
    preset,
    promptDigest: assembled.digest,
    prompt: { order: assembled.order, presetName: assembled.presetName },
    lore: assembled.lore,
    ...(assembled.memory ? { memory: assembled.memory } : {}),
    ...(assembled.filesReceipt ? { files: assembled.filesReceipt } : {}),
    ...(progress.tools.length > 0 ? { tools: progress.tools } : {}),
    segments: assembled.segments.map(({ owner, ...segment }) => (owner === '' ? segment : { ...segment, owner })),
    dropped: assembled.dropped,
    tokens: {
      prompt: progress.promptTokens ?? estimated,
      evaluated: report?.evaluatedPromptTokens ?? null,
      reused: report?.reusedPromptTokens ?? null,
      output: outputTokens,
      exact: model.place !== 'provider' && cutTokens === 0,
      contextLength: assembled.contextLength,
    },
    timings: {
      queueInMs: report?.queueInMs ?? 0,
      promptInMs: report?.promptInMs ?? null,
      firstTokenInMs,
      totalInMs: now - progress.startedAt,
      tokensPerSecond:
        report?.tokensPerSecond ??
        (writingInSeconds > 0 && outputTokens > 1 ? (outputTokens - 1) / writingInSeconds : null),
    },
    stateSource: report?.stateSource ?? null,
    retried: report?.retried ?? false,
    finishReason: progress.finishReason,
  };
}
