import type {
  LanguageModelV4CallOptions,
  LanguageModelV4ReasoningPart,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
} from '@ai-sdk/provider';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { isPromptProgress } from '../models/spec/model-handle.ts';
import type { OwnNameFilter } from './own-name-filter.ts';
import type { TurnPart } from './run-turn.ts';
import type { OpenStream } from './turn-bill.ts';
import type { TurnProgress } from './turn-receipt.ts';

const reportSchema = z.object({
  evaluatedPromptTokens: z.number(),
  reusedPromptTokens: z.number(),
  stateSource: z.enum(['none', 'memory', 'disk']),
  queueInMs: z.number(),
  promptInMs: z.number(),
  firstTokenInMs: z.number(),
  tokensPerSecond: z.number(),
  retried: z.boolean(),
});

/** Lets through what belongs to the reply; `isOver` once nothing more does. */
export type ReplyFilter = Pick<OwnNameFilter, 'push' | 'end'> & { isOver?: boolean };

/** What one answer of a model held besides the words that were shown. */
export interface Answer {
  text: string;
  /** Thoughts in blocks, with what some providers want to see again beside a call. */
  thoughts: LanguageModelV4ReasoningPart[];
  calls: LanguageModelV4ToolCall[];
}

export function emptyAnswer(): Answer {
  return { text: '', thoughts: [], calls: [] };
}

interface Reading {
  open: OpenStream;
  call: LanguageModelV4CallOptions;
  progress: TurnProgress;
  clock: Clock;
  filter: ReplyFilter;
  /** Filled while the answer is read. */
  answer: Answer;
}

/** One answer of the model, part by part. */
export async function* generate(reading: Reading): AsyncGenerator<TurnPart> {
  const { open, call, progress, clock, filter, answer } = reading;
  const stream = await open(call);
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = toTurnPart(value, reading);
      if (filter.isOver) progress.finishReason = 'stop';
      if (part?.type === 'text-delta') progress.firstTokenAt ??= clock.monotonic();
      if (part) yield part;
      if (filter.isOver) break;
    }
    finished = filter.isOver !== true;
    const held = filter.end();
    answer.text += held;
    if (held) yield { type: 'text-delta', text: held };
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
  }
}

function toTurnPart(part: LanguageModelV4StreamPart, { progress, filter, answer }: Reading): TurnPart | undefined {
  switch (part.type) {
    case 'text-delta': {
      progress.cutTokens += 1;
      const text = filter.push(part.delta);
      answer.text += text;
      return text === '' ? undefined : { type: 'text-delta', text };
    }
    case 'reasoning-delta':
      progress.cutTokens += 1;
      return think(part, answer);
    case 'reasoning-start':
    case 'reasoning-end':
      return think(part, answer);
    case 'tool-input-delta':
      progress.cutTokens += 1;
      return undefined;
    case 'tool-call':
      if (!part.providerExecuted) answer.calls.push(part);
      return undefined;
    case 'raw':
      return isPromptProgress(part.rawValue) ? { ...part.rawValue } : undefined;
    case 'finish': {
      progress.finishReason = part.finishReason.unified;
      progress.outputTokens += part.usage.outputTokens.total ?? progress.cutTokens;
      progress.cutTokens = 0;
      progress.promptTokens = part.usage.inputTokens.total ?? null;
      const report = reportSchema.safeParse(part.providerMetadata?.['everwith']);
      if (report.success) progress.report = report.data;
      return undefined;
    }
    case 'error':
      throw part.error;
    default:
      return undefined;
  }
}

function think(
  part: Extract<LanguageModelV4StreamPart, { type: `reasoning-${'start' | 'delta' | 'end'}` }>,
  { thoughts }: Answer,
): TurnPart | undefined {
  if (part.type === 'reasoning-start') thoughts.push({ type: 'reasoning', text: '' });
  const last = thoughts.at(-1);
  if (last && part.providerMetadata) last.providerOptions = { ...last.providerOptions, ...part.providerMetadata };
  if (part.type !== 'reasoning-delta' || part.delta === '') return undefined;
  if (last) last.text += part.delta;
  return { type: 'reasoning-delta', text: part.delta };
}
