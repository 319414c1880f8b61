import type { Clock } from '../../base/clock.ts';
import { errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { embeddingFacts, isEmbeddingModel } from '../remote/embedding-models.ts';
import { listModels } from '../remote/list-models.ts';
import { createRemoteEmbedding, probeEmbedding, remoteEmbeddingRef } from '../remote/remote-embedding.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import {
  NOTHING_TO_FETCH,
  type ChosenEmbedding,
  type EmbeddingSource,
  type UnchosenOffer,
} from './embedding-source.ts';
import { toRemoteProvider, type ProviderRecord } from './provider-store.ts';

export interface RemoteEmbeddingsOptions {
  providers: { list(): Promise<ProviderRecord[]> };
  clock: Clock;
  logger: Logger;
  fetch?: typeof fetch;
}

/** Lists of models hardly change; a fault is asked about again sooner. Milliseconds. */
const LIST_AGE_IN_MS = 600_000;
const FAULT_AGE_IN_MS = 60_000;
/** A server that does not answer must not hold up the page. */
const LIST_WAIT_IN_MS = 3000;

interface Listed {
  models: string[];
  until: number;
}

/** Embedding models of the owner's providers: those the owner named, those a server lists, else the kind's usual ones. */
export class RemoteEmbeddings implements EmbeddingSource {
  readonly #options: RemoteEmbeddingsOptions;
  readonly #lists = new Map<string, Listed>();

  constructor(options: RemoteEmbeddingsOptions) {
    this.#options = options;
  }

  async list(): Promise<UnchosenOffer[]> {
    const records = await this.#options.providers.list();
    const offers = await Promise.all(
      records.map(async (record) => (await this.#modelsOf(record)).map((model) => presentOffer(record, model))),
    );
    return offers.flat();
  }

  async resolve({ ref, dimensions }: ChosenEmbedding, signal: AbortSignal): Promise<EmbeddingHandle | null> {
    signal.throwIfAborted();
    const found = await this.#find(ref);
    if (!found || dimensions === null) return null;
    return createRemoteEmbedding({ ...this.#callOptions(found), dimensions });
  }

  async probe(ref: string, signal: AbortSignal): Promise<{ dimensions: number } | null> {
    const found = await this.#find(ref);
    return found && probeEmbedding(this.#callOptions(found), signal);
  }

  async #find(ref: string): Promise<{ record: ProviderRecord; model: string } | null> {
    for (const record of await this.#options.providers.list()) {
      const start = remoteEmbeddingRef(record.id, '');
      if (ref.startsWith(start) && embeddingFacts(record.kind)) return { record, model: ref.slice(start.length) };
    }
    return null;
  }

  #callOptions({ record, model }: { record: ProviderRecord; model: string }) {
    const { fetch } = this.#options;
    return { provider: toRemoteProvider(record), model, ...(fetch ? { fetch } : {}) };
  }

  async #modelsOf(record: ProviderRecord): Promise<string[]> {
    const facts = embeddingFacts(record.kind);
    if (!facts) return [];
    const named = record.models.filter(isEmbeddingModel);
    const listed = facts.lists ? await this.#listed(record) : [];
    const all = [...new Set([...named, ...listed])];
    return all.length > 0 ? all : [...facts.usual];
  }

  async #listed(record: ProviderRecord): Promise<string[]> {
    const { clock, logger, fetch } = this.#options;
    const key = JSON.stringify([record.id, record.baseUrl, record.apiKey]);
    const known = this.#lists.get(key) ?? { models: [], until: 0 };
    if (clock.now() < known.until) return known.models;
    this.#lists.set(key, known);
    try {
      const models = await listModels(toRemoteProvider(record), AbortSignal.timeout(LIST_WAIT_IN_MS), {
        use: 'embedding',
        ...(fetch ? { fetch } : {}),
      });
      known.models = models.map(({ id }) => id);
      known.until = clock.now() + LIST_AGE_IN_MS;
    } catch (error) {
      logger.warn({ providerId: record.id, reason: errorMessage(error) }, 'embedding models not listed');
      known.until = clock.now() + FAULT_AGE_IN_MS;
    }
    return known.models;
  }
}

function presentOffer(record: ProviderRecord, model: string): UnchosenOffer {
  return {
    ...NOTHING_TO_FETCH,
    ref: remoteEmbeddingRef(record.id, model),
    label: model,
    place: 'provider',
    providerName: record.name,
    languages: [],
    licence: null,
  };
}
