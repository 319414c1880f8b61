import {
  budgetPeriodSchema,
  budgetScopeSchema,
  type BudgetList,
  type SaveBudget,
} from '../../../../contract/platform-books.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import type { BudgetNow } from '../../../metering/budgets.ts';
import { keyIdsOf, namesOf } from '../../../metering/usage-store.ts';
import type { BooksContext } from './books-context.ts';

/** Budgets as people see and set them. */
export class SpendingLimits {
  readonly #context: Pick<BooksContext, 'storage' | 'ledger'>;

  constructor(context: Pick<BooksContext, 'storage' | 'ledger'>) {
    this.#context = context;
  }

  /** The owner sees all, others those that are about themselves or their keys. */
  async list(actor: Actor): Promise<BudgetList> {
    const { storage, ledger } = this.#context;
    const { currency } = await readBooksSettings(storage.db);
    const all = await ledger.budgets.list();
    const isOwn = actor.role === 'owner' ? () => true : await this.#ownFilter(actor.userId);
    return { currency, budgets: await this.#present(all.filter(isOwn)) };
  }

  async create(actor: Actor, budget: SaveBudget): Promise<BudgetList> {
    requireOwner(actor);
    await this.#context.ledger.budgets.create(budget, actor.userId);
    return this.list(actor);
  }

  async change(actor: Actor, id: string, limits: Pick<SaveBudget, 'softLimit' | 'hardLimit'>): Promise<BudgetList> {
    requireOwner(actor);
    await this.#context.ledger.budgets.change(id, limits);
    return this.list(actor);
  }

  async remove(actor: Actor, id: string): Promise<BudgetList> {
    requireOwner(actor);
    await this.#context.ledger.budgets.remove(id);
    return this.list(actor);
  }

  async #ownFilter(userId: string): Promise<(one: BudgetNow) => boolean> {
    const keys = new Set(await keyIdsOf(this.#context.storage.db, userId));
    return ({ budget: { scope, subject } }) =>
      (scope === 'user' && subject === userId) || (scope === 'key' && subject !== null && keys.has(subject));
  }

  async #present(all: readonly BudgetNow[]): Promise<BudgetList['budgets']> {
    const { db } = this.#context.storage;
    const idsOf = (scope: string) =>
      all.flatMap(({ budget }) => (budget.scope === scope && budget.subject !== null ? [budget.subject] : []));
    const names = new Map([
      ...(await namesOf(db, 'user', idsOf('user'))),
      ...(await namesOf(db, 'team', idsOf('team'))),
      ...(await namesOf(db, 'key', idsOf('key'))),
    ]);
    return all.map(({ budget, span, used, endsAt }) => {
      const { id, subject, softLimit, hardLimit, createdAt } = budget;
      return {
        id,
        scope: budgetScopeSchema.parse(budget.scope),
        period: budgetPeriodSchema.parse(budget.period),
        subject,
        label: subject === null ? null : (names.get(subject) ?? subject),
        softLimit,
        hardLimit,
        span,
        spent: used?.spent ?? 0,
        held: used?.held ?? 0,
        softAt: used?.softAt ?? null,
        hardAt: used?.hardAt ?? null,
        endsAt,
        createdAt,
      };
    });
  }
}
