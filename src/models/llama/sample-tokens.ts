import type { LlamaContextSequence, LlamaModel, SequenceEvaluateOptions } from 'node-llama-cpp';
import type { TokenProbability } from '../spec/model-handle.ts';
import type { GenerateRequest } from './engine-protocol.ts';
import { asTokens } from './sequence-state.ts';

/** A token that was chosen; how probable each one was is only looked up where somebody wants to know. */
export interface SampledToken {
  token: number;
  probabilities: ReadonlyMap<number, number> | null;
}

/** What is less probable than this is told as this, as logarithms of nothing are endless. */
const LEAST = 1e-30;

/** The tokens of a reply, one after the other. */
export async function* sampleTokens(
  sequence: LlamaContextSequence,
  { tail, topLogprobs, options }: { tail: number[]; topLogprobs: number | null; options: SequenceEvaluateOptions },
): AsyncGenerator<SampledToken> {
  if (topLogprobs === null) {
    for await (const token of sequence.evaluate(asTokens(tail), options)) yield { token, probabilities: null };
    return;
  }
  for await (const { token, probabilities } of sequence.evaluateWithMetadata(
    asTokens(tail),
    { probabilities: true },
    options,
  )) {
    yield { token, probabilities };
  }
}

/** How probable a token was, and the likeliest at its place. */
export function tellProbability(
  model: LlamaModel,
  {
    token,
    probabilities,
    request,
  }: { token: number; probabilities: ReadonlyMap<number, number>; request: GenerateRequest },
): TokenProbability {
  const tell = (one: number) => {
    const text = model.detokenize(asTokens([one]), true);
    const logprob = Math.log(Math.max(probabilities.get(one) ?? 0, LEAST));
    return { token: text, logprob, bytes: [...Buffer.from(text)] };
  };
  const top = Array.from(probabilities)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, request.topLogprobs ?? 0);
  return { ...tell(token), top: top.map(([one]) => tell(one)) };
}
