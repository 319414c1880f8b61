import type { Reconciliation } from '../../../../contract/platform-books.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { countBooks, findDifferences, listLines } from '../../../metering/reconcile-store.ts';
import type { BooksContext } from './books-context.ts';
import { csvLine, decimalMoney } from './csv-line.ts';

const LINES_AT_ONCE = 1000;
const COLUMNS = ['entry', 'time', 'kind', 'account', 'amount', 'call', 'actor', 'note'];

/** The books compared with themselves, and as a table to take along. */
export class Reconciliations {
  readonly #context: Pick<BooksContext, 'storage'>;

  constructor(context: Pick<BooksContext, 'storage'>) {
    this.#context = context;
  }

  async compare(actor: Actor): Promise<Reconciliation> {
    requireOwner(actor);
    const { db } = this.#context.storage;
    return { ...(await countBooks(db)), differences: await findDifferences(db) };
  }

  /** Every line of every entry, oldest first, as CSV. */
  async *export(actor: Actor): AsyncGenerator<string> {
    requireOwner(actor);
    yield csvLine(COLUMNS);
    let after = '';
    for (;;) {
      const lines = await listLines(this.#context.storage.db, { after, limit: LINES_AT_ONCE });
      const last = lines.at(-1);
      if (!last) return;
      after = last.id;
      yield lines
        .map(({ entryId, createdAt, kind, accountId, amount, callId, actorId, note }) =>
          csvLine([
            entryId,
            new Date(createdAt).toISOString(),
            kind,
            accountId,
            decimalMoney(amount),
            callId ?? '',
            actorId ?? '',
            note,
          ]),
        )
        .join('');
    }
  }
}
