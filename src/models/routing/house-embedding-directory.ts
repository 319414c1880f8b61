import type { EmbeddingOffer } from '../../../contract/embeddings.ts';
import { NotFoundError } from '../../base/errors.ts';
import { Listeners } from '../../base/listeners.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import type { EmbeddingChoice, EmbeddingChoiceValue } from './embedding-choice.ts';
import type { EmbeddingDirectory } from './embedding-directory.ts';
import type { ChosenEmbedding, EmbeddingSource, UnchosenOffer } from './embedding-source.ts';

export interface HouseEmbeddingDirectoryOptions {
  choice: Pick<EmbeddingChoice, 'read' | 'write'>;
  /** Only in tests; used before all others where nobody chose. */
  scripted: EmbeddingSource | null;
  /** Null where this process does not run engines. */
  local: EmbeddingSource | null;
  remote: EmbeddingSource;
}

/** A provider is waited for so long when it is chosen. Milliseconds. */
const PROBE_LIMIT_IN_MS = 60_000;

/**
 * Every embedding model of the house under one name each. Where nobody chose, the first that is installed is used, never
 * one of a provider: texts of conversations leave the house only when its owner says so.
 */
export class HouseEmbeddingDirectory implements EmbeddingDirectory<EmbeddingHandle> {
  readonly #options: HouseEmbeddingDirectoryOptions;
  readonly #listeners = new Listeners();
  /** The ref in use when it was last looked. */
  #known: Promise<string | null> | undefined;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(options: HouseEmbeddingDirectoryOptions) {
    this.#options = options;
  }

  async current(signal: AbortSignal): Promise<EmbeddingHandle | null> {
    const chosen = await this.#chosen();
    return chosen && this.#resolve(chosen, signal);
  }

  async resolve(ref: string, signal: AbortSignal): Promise<EmbeddingHandle | null> {
    const { dimensions } = await this.#options.choice.read();
    return this.#resolve({ ref, dimensions: dimensions[ref] ?? null }, signal);
  }

  onChange(listener: () => void): Disposable {
    // Whoever listens wants to hear of what differs from now.
    this.#known ??= this.#refInUse();
    return this.#listeners.add(listener);
  }

  async list(): Promise<EmbeddingOffer[]> {
    const [offers, chosen] = await Promise.all([this.#offers(), this.#chosen()]);
    return offers.map((offer) => ({ ...offer, chosen: offer.ref === chosen?.ref }));
  }

  async choose(ref: string | null): Promise<void> {
    const { choice } = this.#options;
    const probed = ref === null ? {} : await this.#probe(ref);
    const { dimensions } = await choice.read();
    await this.#write({ model: ref ?? 'none', dimensions: { ...dimensions, ...probed } });
  }

  /** After the files of a model were removed: whoever chose it has no choice any more. */
  async forget(ref: string): Promise<void> {
    const { choice } = this.#options;
    const { model, dimensions } = await choice.read();
    if (model === ref) await this.#write({ model: 'automatic', dimensions });
    else await this.check();
  }

  async #write(value: EmbeddingChoiceValue): Promise<void> {
    // What listeners know is from before the choice.
    await this.#known;
    await this.#options.choice.write(value);
    await this.check();
  }

  /** Tells the listeners when another model is in use than before, or none any more. */
  check(): Promise<void> {
    // One after the other: two at once would tell of one change twice.
    const look = this.#looking.then(() => this.#look());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #look(): Promise<void> {
    const before = await this.#known;
    this.#known = this.#refInUse();
    if ((await this.#known) !== before) this.#listeners.tell();
  }

  async #probe(ref: string): Promise<Record<string, number>> {
    if (!(await this.#offers()).some((offer) => offer.ref === ref)) {
      throw new NotFoundError('There is no such embedding model. Choose one of those listed.', {
        code: 'model-unknown',
        field: 'ref',
      });
    }
    const signal = AbortSignal.timeout(PROBE_LIMIT_IN_MS);
    for (const source of this.#sources()) {
      const found = await source.probe?.(ref, signal);
      if (found) return { [ref]: found.dimensions };
    }
    return {};
  }

  /** Chosen by the owner, whether it is here or not; else the first that is here. */
  async #chosen(): Promise<ChosenEmbedding | null> {
    const { model, dimensions } = await this.#options.choice.read();
    if (model === 'none') return null;
    if (model !== 'automatic') return { ref: model, dimensions: dimensions[model] ?? null };
    const { scripted, local } = this.#options;
    for (const source of [scripted, local]) {
      const found = (await source?.list())?.find(({ state }) => state === 'installed');
      if (found) return { ref: found.ref, dimensions: null };
    }
    return null;
  }

  async #refInUse(): Promise<string | null> {
    const chosen = await this.#chosen();
    if (!chosen) return null;
    const offer = (await this.#offers()).find(({ ref }) => ref === chosen.ref);
    return offer?.state === 'installed' ? chosen.ref : null;
  }

  async #resolve(chosen: ChosenEmbedding, signal: AbortSignal): Promise<EmbeddingHandle | null> {
    for (const source of this.#sources()) {
      const found = await source.resolve(chosen, signal);
      if (found) return found;
    }
    return null;
  }

  async #offers(): Promise<UnchosenOffer[]> {
    return (await Promise.all(this.#sources().map((source) => source.list()))).flat();
  }

  #sources(): EmbeddingSource[] {
    const { scripted, local, remote } = this.#options;
    return [scripted, local, remote].filter((source) => source !== null);
  }
}
