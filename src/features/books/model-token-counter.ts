import { createHash } from 'node:crypto';
import { AppError, isAbort } from '../../base/errors.ts';
import { estimateTokens } from '../../models/remote/estimate-tokens.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelFacts } from '../../models/spec/model-handle.ts';
import { TokenCounts } from '../../turn/token-counts.ts';
import type { OpenTokenCounter, TokenCounter } from './token-counter.ts';

/** Ms to wait for a model that is still being fetched or loaded; then counts are estimated. */
const PATIENCE = 1500;
/** Tokens a model without a known context is taken to see. */
const USUAL_CONTEXT = 8192;

/** Counts with the house's default model, and by letters where there is none yet. */
export function createModelTokenCounter(directory: ModelDirectory): TokenCounter {
  const counts = new TokenCounts();
  return {
    open: async (signal) => {
      const model = await findModel(directory, signal);
      if (!model) return estimating();
      const counter: OpenTokenCounter = {
        contextLength: model.contextLength,
        exact: model.place !== 'provider',
        count: async (texts) => {
          const keyed = texts.map((text) => ({ key: createHash('sha1').update(text).digest('base64'), text }));
          const counted = await counts.count(model, keyed, signal);
          counter.exact = counted.exact;
          return counted.counts;
        },
      };
      return counter;
    },
  };
}

function estimating(): OpenTokenCounter {
  return {
    contextLength: USUAL_CONTEXT,
    exact: false,
    count: (texts) => Promise.resolve(texts.map(estimateTokens)),
  };
}

async function findModel(directory: ModelDirectory, signal: AbortSignal): Promise<ModelFacts | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  try {
    return await directory.resolve(null, patience);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError || isAbort(error) || patience.aborted) return undefined;
    throw error;
  }
}
