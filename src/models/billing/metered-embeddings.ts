import type { EmbeddingOffer } from '../../../contract/embeddings.ts';
import { estimateTokens } from '../remote/estimate-tokens.ts';
import type { EmbeddingDirectory } from '../routing/embedding-directory.ts';
import type { EmbeddingHandle, BillableEmbedding } from '../spec/embedding-handle.ts';
import type { Bill } from './bill.ts';
import type { Cashier } from './cashier.ts';

type Charged = Extract<Bill, { account: unknown }>;

/** The house's models of vectors, which work for nobody before it is said who pays. */
export class MeteredEmbeddings implements EmbeddingDirectory {
  readonly #engines: EmbeddingDirectory<EmbeddingHandle>;
  readonly #cashier: Cashier;

  constructor(engines: EmbeddingDirectory<EmbeddingHandle>, cashier: Cashier) {
    this.#engines = engines;
    this.#cashier = cashier;
  }

  async current(signal: AbortSignal): Promise<BillableEmbedding | null> {
    return this.#offer(await this.#engines.current(signal));
  }

  async resolve(ref: string, signal: AbortSignal): Promise<BillableEmbedding | null> {
    return this.#offer(await this.#engines.resolve(ref, signal));
  }

  onChange(listener: () => void): Disposable {
    return this.#engines.onChange(listener);
  }

  list(): Promise<EmbeddingOffer[]> {
    return this.#engines.list();
  }

  choose(ref: string | null): Promise<void> {
    return this.#engines.choose(ref);
  }

  #offer(engine: EmbeddingHandle | null): BillableEmbedding | null {
    if (!engine) return null;
    const { ref, label, place, dimensions, maxTokens, languages } = engine;
    const facts = { ref, label, place, dimensions, maxTokens, languages };
    const billed = (bill: Bill): EmbeddingHandle => {
      if (!('account' in bill)) return engine;
      return { ...facts, embed: (texts, options) => this.#embed(engine, bill, { texts, ...options }) };
    };
    return { ...facts, billed };
  }

  async #embed(
    engine: EmbeddingHandle,
    charged: Charged,
    { texts, kind, signal }: { texts: readonly string[]; kind: 'query' | 'passage'; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    const inputTokens = texts.reduce((sum, text) => sum + Math.min(estimateTokens(text), engine.maxTokens), 0);
    const work = { ref: engine.ref, kind: 'embedding', estimate: { inputTokens }, source: 'estimate' } as const;
    const refused = new AbortController();
    const embed = () => engine.embed(texts, { kind, signal: AbortSignal.any([signal, refused.signal]) });
    // A reply waits for it, and what this computer does itself costs nobody anything where it is refused.
    const begun = engine.place === 'provider' ? null : embed();
    begun?.catch(() => undefined);
    const { bill, done } = await this.#cashier.open(work, charged).catch((error: unknown) => {
      refused.abort(error);
      throw error;
    });
    try {
      const vectors = await (begun ?? embed());
      void bill.add({ inputTokens });
      return vectors;
    } catch (error) {
      throw bill.fail(error);
    } finally {
      await done();
    }
  }
}
