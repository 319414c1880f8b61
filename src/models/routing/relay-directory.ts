import { embeddingPrefixes } from '../remote/embedding-models.ts';
import { splitEmbeddingRef } from '../remote/remote-embedding.ts';
import { AppError } from '../../base/errors.ts';
import { relayTargetOf, type RelayTarget } from '../relay/relay-target.ts';
import { splitRef } from './house-model-directory.ts';
import { toRemoteProvider, type ProviderRecord, type ProviderStore } from './provider-store.ts';

/** Models of the house that take OpenAI's requests as they are. */
export class RelayDirectory {
  readonly #providers: ProviderStore;
  /** By ref; null = not reached so. Emptied when a provider changes. */
  #known = new Map<string, RelayTarget | null>();

  constructor(providers: ProviderStore) {
    this.#providers = providers;
    providers.onChange(() => {
      this.#known = new Map();
    });
  }

  /** As `find`, for the ref of a model that makes vectors; null too where the house puts words before its texts. */
  async findEmbedding(ref: string): Promise<RelayTarget | null> {
    const named = splitEmbeddingRef(ref);
    if (!named || Object.values(embeddingPrefixes(named.model)).some((prefix) => prefix !== '')) return null;
    return this.find(`${named.providerId}:${named.model}`);
  }

  /** Null where the model runs here or its provider is spoken to in other words. */
  async find(ref: string): Promise<RelayTarget | null> {
    const known = this.#known.get(ref);
    if (known !== undefined) return known;
    const memory = this.#known;
    const { place, name } = splitRef(ref);
    const record = (await this.#providers.list()).find(({ id }) => id === place);
    const target = record ? targetOf(record, name) : null;
    memory.set(ref, target);
    return target;
  }
}

/** Where its address or key is missing, the way that says so is taken. */
function targetOf(record: ProviderRecord, name: string): RelayTarget | null {
  try {
    return relayTargetOf(toRemoteProvider(record), name);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
