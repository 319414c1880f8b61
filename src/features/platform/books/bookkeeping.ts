import type { BooksSettings } from '../../../../contract/platform-books.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import type { BooksContext } from './books-context.ts';

/** How the house keeps its books. */
export class Bookkeeping {
  readonly #context: Pick<BooksContext, 'storage' | 'ledger'>;

  constructor(context: Pick<BooksContext, 'storage' | 'ledger'>) {
    this.#context = context;
  }

  read(): Promise<BooksSettings> {
    return readBooksSettings(this.#context.storage.db);
  }

  async change(actor: Actor, settings: BooksSettings): Promise<BooksSettings> {
    requireOwner(actor);
    await this.#context.ledger.setSettings(settings);
    return this.read();
  }
}
