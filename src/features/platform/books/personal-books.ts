import type { Actor } from '../../../accounts/actor.ts';
import { listEntries, readAccount } from '../../../metering/account-store.ts';
import { accountOf } from '../../../metering/accounts-of-ledger.ts';
import { cutCallsOf, forgetPayer, listCallsOf } from '../../../metering/personal-store.ts';
import type { BooksContext } from './books-context.ts';

const CALLS_AT_ONCE = 1000;
const MOST_ENTRIES = 1_000_000;

/** What one person used and paid: to take along; and what is left when they go. */
export class PersonalBooks {
  readonly #context: Pick<BooksContext, 'storage' | 'ledger'>;

  constructor(context: Pick<BooksContext, 'storage' | 'ledger'>) {
    this.#context = context;
  }

  /** Null where nothing was ever counted. */
  async belongings({ userId }: Actor): Promise<object | null> {
    const { db } = this.#context.storage;
    const accountId = accountOf({ userId, teamId: null });
    const calls: object[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: Awaited<ReturnType<typeof listCallsOf>> = await listCallsOf(db, {
        userId,
        after,
        limit: CALLS_AT_ONCE,
      });
      calls.push(...page);
      after = page.at(-1)?.id ?? null;
    }
    const entries = await listEntries(db, { accountId, before: null, limit: MOST_ENTRIES });
    if (entries.length + calls.length === 0) return null;
    return { account: (await readAccount(db, accountId)) ?? null, entries, calls };
  }

  /** The books must still agree: what was billed stays, without whom, where and about whom it was. */
  async purgeAllOf(userId: string): Promise<void> {
    const { storage, ledger } = this.#context;
    await storage.transaction(async (trx) => {
      await cutCallsOf(trx, userId);
      await forgetPayer(trx, userId);
    });
    ledger.budgets.forget();
  }
}
