import { personally } from '../../models/billing/payers.ts';
import { errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { VectorRecall } from '../recall-service.ts';
import { canRead } from '../recall/readable-text.ts';
import { unlessAborted, type QueryVectors } from './query-vectors.ts';
import type { ServingModel } from './serving-model.ts';
import type { VectorMatches, VectorSearch } from './vector-search.ts';

export interface MeaningRecallOptions {
  serving: ServingModel;
  search: VectorSearch;
  queries: QueryVectors;
  logger: Logger;
}

/** Finds what was said by what it means, where a model is here that says so; never fails, and never waits long. */
export class MeaningRecall implements VectorRecall {
  readonly #options: MeaningRecallOptions;

  constructor(options: MeaningRecallOptions) {
    this.#options = options;
  }

  async similar(request: Parameters<VectorRecall['similar']>[0]): Promise<VectorMatches | null> {
    const { signal, conversationIds, spoken } = request;
    if (conversationIds.length === 0) return null;
    const limit = this.#options.queries.patience({ spoken, signal });
    try {
      return await unlessAborted(this.#find(request, limit), limit);
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted) this.#options.logger.warn({ reason: errorMessage(error) }, 'a reply goes on with words only');
      return null;
    }
  }

  async #find(
    { pair, conversationIds, allowed, text, limit }: Parameters<VectorRecall['similar']>[0],
    signal: AbortSignal,
  ): Promise<VectorMatches | null> {
    const { serving, search, queries } = this.#options;
    const handle = await serving.of(pair, { conversationIds, signal });
    if (!handle || !canRead(handle.languages, text)) return null;
    const account = { payer: personally(pair.ownerId), purpose: 'recall', characterId: pair.characterId } as const;
    const query = await queries.of(handle.billed({ account }), { text, signal });
    if (query.length === 0) return null;
    const found = await search.search({ conversationIds, model: handle.ref, query, limit, allowed });
    return found.cosines.size === 0 ? null : found;
  }
}
