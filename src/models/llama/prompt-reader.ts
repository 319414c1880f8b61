import type { EvaluationPriority, LlamaContextSequence } from 'node-llama-cpp';
import { AbortedError } from '../../base/errors.ts';
import type { Slot } from './sequence-slots.ts';
import { asTokens, checkpoint } from './sequence-state.ts';

export interface ReadMark {
  /** Tokens after which the action runs. */
  at: number;
  action?: () => Promise<unknown>;
}

export interface ReadOptions {
  slot: Slot<LlamaContextSequence>;
  tokens: readonly number[];
  /** Where to stop: the tokens after it are left for the caller. */
  end: number;
  /** Positions at which a slice ends and a checkpoint is taken; ascending. */
  marks: readonly ReadMark[];
  checkpoints: number;
  /** Tokens of the next slice. */
  sliceSize: () => number;
  onSlice: (tokens: number, durationInMs: number) => void;
  priority: EvaluationPriority;
  signal: AbortSignal;
  /** Read before each slice: true ends the reading early. */
  shouldYield?: () => boolean;
  onProgress: (evaluated: number) => void;
  now: () => number;
}

/**
 * Evaluates a prompt slice by slice, so that Stop and other conversations never wait long.
 * Returns false when it yielded. Throws `AbortedError`; what was evaluated stays in the sequence.
 */
export async function readPrompt(options: ReadOptions): Promise<boolean> {
  const { slot, tokens, end, signal } = options;
  const { sequence } = slot;
  const started = sequence.nextTokenIndex;
  const marks = options.marks.filter((mark) => mark.at >= started && mark.at <= end);
  for (;;) {
    const position = sequence.nextTokenIndex;
    while (marks[0] && marks[0].at <= position) {
      await checkpoint(slot, options.checkpoints);
      await marks.shift()?.action?.();
    }
    if (position >= end) return true;
    if (signal.aborted) throw new AbortedError();
    if (options.shouldYield?.()) return false;
    const sliceEnd = Math.min(position + options.sliceSize(), marks[0]?.at ?? end, end);
    const before = options.now();
    await sequence.evaluateWithoutGeneratingNewTokens(asTokens(tokens.slice(position, sliceEnd)), {
      evaluationPriority: options.priority,
    });
    options.onSlice(sliceEnd - position, options.now() - before);
    options.onProgress(sequence.nextTokenIndex - started);
  }
}
