import {
  bookEntrySchema,
  type BookAccount,
  type BookAccountList,
  type ChangeBookAccount,
  type Credit,
  type EntryPage,
  type EntryQuery,
} from '../../../../contract/platform-books.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { NotFoundError } from '../../../base/errors.ts';
import { listAccounts, listEntries, readAccount } from '../../../metering/account-store.ts';
import { accountOf } from '../../../metering/accounts-of-ledger.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import { listPlanMembers } from '../../../metering/plan-store.ts';
import { namesOf } from '../../../metering/usage-store.ts';
import type { BooksContext } from './books-context.ts';

const PAGE = 50;

/** Accounts, what is on them and what happened to them. */
export class Credits {
  readonly #context: BooksContext;

  constructor(context: BooksContext) {
    this.#context = context;
  }

  /** The owner sees all accounts; others their own, which is opened where it was not yet. */
  async list(actor: Actor): Promise<BookAccountList> {
    const { storage, ledger } = this.#context;
    const own = accountOf({ userId: actor.userId, teamId: null });
    await ledger.openAccount(own);
    const { currency } = await readBooksSettings(storage.db);
    const rows = await listAccounts(storage.db);
    const seen = rows.filter(({ id }) => !id.startsWith('house:') && (actor.role === 'owner' || id === own));
    return { currency, accounts: await this.#present(seen) };
  }

  async entries(actor: Actor, accountId: string, { cursor, limit = PAGE }: EntryQuery): Promise<EntryPage> {
    this.#requireOwn(actor, accountId);
    const { db } = this.#context.storage;
    const rows = await listEntries(db, { accountId, before: cursor ?? null, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const entries = page.map((row) => bookEntrySchema.parse(row));
    return { entries, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  /** Gives credit, or takes back what was not spent. */
  async credit(actor: Actor, accountId: string, { amount, note }: Credit): Promise<BookAccount> {
    requireOwner(actor);
    await this.#requireKnown(accountId);
    await this.#context.ledger.credit({
      accountId,
      amount,
      kind: amount > 0 ? 'credit' : 'correction',
      actorId: actor.userId,
      note,
    });
    return this.#read(accountId);
  }

  async change(actor: Actor, accountId: string, { creditLimit }: ChangeBookAccount): Promise<BookAccount> {
    requireOwner(actor);
    await this.#requireKnown(accountId);
    await this.#context.ledger.setCreditLimit(accountId, creditLimit);
    return this.#read(accountId);
  }

  /** Accounts of people and teams that are there are opened on the way. */
  async #requireKnown(accountId: string): Promise<void> {
    const { storage, ledger } = this.#context;
    const [, kind, id = ''] = /^(user|team):(.+)$/.exec(accountId) ?? [];
    const isKnown = (kind === 'user' || kind === 'team') && (await namesOf(storage.db, kind, [id])).size > 0;
    if (isKnown) await ledger.openAccount(accountId);
    if (accountId.startsWith('house:') || !(await readAccount(storage.db, accountId))) {
      throw new NotFoundError('There is no such account.');
    }
  }

  #requireOwn(actor: Actor, accountId: string): void {
    if (actor.role === 'owner' || accountId === accountOf({ userId: actor.userId, teamId: null })) return;
    throw new NotFoundError('There is no such account.');
  }

  async #read(accountId: string): Promise<BookAccount> {
    const row = await readAccount(this.#context.storage.db, accountId);
    const [account] = row ? await this.#present([row]) : [];
    if (!account) throw new NotFoundError('There is no such account.');
    return account;
  }

  async #present(rows: Awaited<ReturnType<typeof listAccounts>>): Promise<BookAccount[]> {
    const { db } = this.#context.storage;
    const idsOf = (kind: string) => rows.flatMap(({ id }) => (id.startsWith(kind) ? [id.slice(kind.length)] : []));
    const names = new Map([
      ...(await namesOf(db, 'user', idsOf('user:'))),
      ...(await namesOf(db, 'team', idsOf('team:'))),
    ]);
    const plans = new Map((await listPlanMembers(db)).map(({ userId, planId }) => [`user:${userId}`, planId]));
    return rows.map(({ id, balance, held, creditLimit, ownLimit }) => ({
      id,
      label: names.get(id.slice(id.indexOf(':') + 1)) ?? null,
      balance,
      held,
      creditLimit,
      ownLimit: ownLimit === 1,
      available: creditLimit === null ? null : balance + creditLimit - held,
      planId: plans.get(id) ?? null,
    }));
  }
}
