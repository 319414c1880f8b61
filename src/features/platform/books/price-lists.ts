import { pricesSchema } from '../../../../contract/metering.ts';
import type { PriceList, PriceVersion, SetPrices } from '../../../../contract/platform-books.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import { listPriceVersions } from '../../../metering/price-store.ts';
import type { BooksContext } from './books-context.ts';

/** What models cost. Everybody may know; the owner says it. */
export class PriceLists {
  readonly #context: Pick<BooksContext, 'storage' | 'ledger'>;

  constructor(context: Pick<BooksContext, 'storage' | 'ledger'>) {
    this.#context = context;
  }

  async list(): Promise<PriceList> {
    const { db } = this.#context.storage;
    const { currency } = await readBooksSettings(db);
    const newest = new Map<string, PriceVersion>();
    for (const row of await listPriceVersions(db)) if (!newest.has(row.ref)) newest.set(row.ref, present(row));
    const prices = [...newest.values()].toSorted((left, right) => left.ref.localeCompare(right.ref));
    return { currency, prices };
  }

  async history(ref: string): Promise<PriceVersion[]> {
    return (await listPriceVersions(this.#context.storage.db, ref)).map(present);
  }

  /** From now on; calls under way keep what they began with. */
  async set(actor: Actor, { ref, prices }: SetPrices): Promise<PriceList> {
    requireOwner(actor);
    await this.#context.ledger.setPrices({ ref, prices, actorId: actor.userId });
    return this.list();
  }
}

function present({ prices, ...row }: Awaited<ReturnType<typeof listPriceVersions>>[number]): PriceVersion {
  return { ...row, prices: pricesSchema.parse(JSON.parse(prices)) };
}
