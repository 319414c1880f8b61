import type { EmbeddingList } from '../../../contract/embeddings.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { EmbeddingDownloads } from '../../models/catalog/embedding-catalog.ts';
import type { HouseEmbeddingDirectory } from '../../models/routing/house-embedding-directory.ts';
import type { LocalEmbeddings } from '../../models/routing/local-embeddings.ts';

export interface EmbeddingsContext {
  directory: HouseEmbeddingDirectory;
  downloads: EmbeddingDownloads;
  /** Null where this process does not run engines. */
  local: LocalEmbeddings | null;
}

/** The embedding models of the house, for its owner: which there are, fetching, choosing, removing. */
export class Embeddings {
  readonly #context: EmbeddingsContext;

  constructor(context: EmbeddingsContext) {
    this.#context = context;
  }

  async list(actor: Actor): Promise<EmbeddingList> {
    requireOwner(actor);
    const models = await this.#context.directory.list();
    return { models, inUse: models.find(({ chosen, state }) => chosen && state === 'installed')?.ref ?? null };
  }

  async choose(actor: Actor, ref: string | null): Promise<EmbeddingList> {
    requireOwner(actor);
    await this.#context.directory.choose(ref);
    return this.list(actor);
  }

  async fetch(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    if (this.#context.local === null) {
      throw new UnavailableError('This server does not run models itself: choose an embedding model of a provider.', {
        code: 'no-engine-here',
        retryable: false,
      });
    }
    await this.#context.downloads.start(id);
  }

  async cancel(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    await this.#context.downloads.cancel(id);
  }

  async remove(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    const { directory, downloads, local } = this.#context;
    downloads.entry(id);
    await local?.release(id);
    await downloads.remove(id);
    // Somebody may have asked for it between the two.
    await local?.release(id);
    await directory.forget(`local:${id}`);
  }

  async verify(actor: Actor, id: string, signal: AbortSignal): Promise<{ ok: boolean }> {
    requireOwner(actor);
    return this.#context.downloads.verify(id, signal);
  }
}
