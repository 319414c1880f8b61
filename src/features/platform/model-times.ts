import type { ProviderRecord } from '../../models/routing/provider-store.ts';
import { readHouseSince } from '../../storage/house-age-store.ts';
import type { Storage } from '../../storage/storage.ts';

const LOCAL = 'local:';

interface ModelTimesOptions {
  providers: { list(): Promise<Pick<ProviderRecord, 'id' | 'createdAt'>[]> };
  /** When the files of a model of this computer came, milliseconds; null where it has none. */
  arrivedAt: (id: string) => Promise<number | null>;
  storage: Pick<Storage, 'db'>;
}

/**
 * Since when models are here: those of this computer since their files came, a provider's since it was set up, whatever
 * else answers since the house is.
 */
export class ModelTimes {
  readonly #options: ModelTimesOptions;

  constructor(options: ModelTimesOptions) {
    this.#options = options;
  }

  /** Milliseconds, by what the models are called in the house. */
  async of(refs: readonly string[]): Promise<Map<string, number>> {
    const { providers, arrivedAt, storage } = this.#options;
    const [known, since] = await Promise.all([providers.list(), readHouseSince(storage.db)]);
    const timeOf = async (ref: string): Promise<number> => {
      if (ref.startsWith(LOCAL)) return (await arrivedAt(ref.slice(LOCAL.length))) ?? since;
      // `<provider>:<model>`, or `provider:<provider>/<model>` of what makes vectors.
      const parts = ref.split(/[:/]/u);
      return known.find(({ id }) => parts.includes(id))?.createdAt ?? since;
    };
    return new Map(await Promise.all(refs.map(async (ref) => [ref, await timeOf(ref)] as const)));
  }
}
