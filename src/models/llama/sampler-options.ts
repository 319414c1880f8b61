import type { SequenceEvaluateOptions } from 'node-llama-cpp';
import type { Sampling } from '../spec/model-handle.ts';

/** llama.cpp's default; used when neither the model's card nor the preset says anything. */
const defaultTemperature = 0.8;
const defaultRepeatLastTokens = 64;
/** Where DRY starts anew: new lines, quotes and emphasis open what may rightly begin alike. */
const dryBreakers = ['\n', ':', '"', '*', '“', '”', '：'];

/** Translates our sampling to the engine's. `recentTokens(n)` gives the last n tokens that may be penalised. */
export function samplerOptions(
  sampling: Sampling,
  seed: number,
  recentTokens: (count: number) => number[],
): SequenceEvaluateOptions {
  const { temperature, topP, topK, minP, repeatPenalty, frequencyPenalty, presencePenalty, dry } = sampling;
  const lastTokens = sampling.repeatLastTokens ?? defaultRepeatLastTokens;
  const penalises = (repeatPenalty ?? 1) !== 1 || (frequencyPenalty ?? 0) !== 0 || (presencePenalty ?? 0) !== 0;
  return {
    temperature: temperature ?? defaultTemperature,
    // 0, 1 and 0 are the engine's words for "off".
    topK: topK ?? 0,
    topP: topP ?? 1,
    minP: minP ?? 0,
    seed,
    ...(penalises && lastTokens > 0
      ? {
          repeatPenalty: {
            punishTokens: () => recentTokens(lastTokens) as ReturnType<() => never[]>,
            maxPunishTokens: lastTokens,
            penalty: repeatPenalty ?? 1,
            frequencyPenalty: frequencyPenalty ?? 0,
            presencePenalty: presencePenalty ?? 0,
          },
        }
      : {}),
    ...(dry && dry.multiplier > 0
      ? {
          dryRepeatPenalty: {
            strength: dry.multiplier,
            base: dry.base,
            allowedLength: dry.allowedLength,
            lastTokens: null,
            sequenceBreakers: dryBreakers,
          },
        }
      : {}),
  };
}
